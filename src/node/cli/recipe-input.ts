import { existsSync } from 'node:fs';
import { ColorshineError, makeRecipe, type Plan, parseColor, quote, type Recipe } from '../../core/index.js';
import { isPlan } from '../../core/recipe.js';
import { readRecipeFile } from '../recipe-file.js';
import type { ParsedFlags } from './parse-flags.js';

/** `blue,50,70`, and with other signs in the place of semicolons. */
const OTHER_SIGNS = /^(.+?)\s*[,:|\s]\s*[\d.]+%?\s*[,:|\s]\s*[\d.]+%?$/;

/** What begins as a path does, or has signs that only patterns of files have. */
const PATH_SIGNS = /^(\.{0,2}|~)[/\\]|[*?[](?![^(]*\))/;

/**
 * What exists is a file. Else an attractor has semicolons, and so is meant what looks like one in part: a bare color, a color
 * with two numbers, a last word without an extension where no attractor stands. It is then refused in the words of attractors.
 */
export function splitPositionals(positionals: readonly string[]): { inputs: string[]; attractors: string[] } {
  const inputs: string[] = [];
  const attractors: string[] = [];
  for (const text of positionals) {
    const isPath = existsSync(text) || PATH_SIGNS.test(text);
    const isSlip = (): boolean => isColor(text) || isColor(OTHER_SIGNS.exec(text)?.[1] ?? '');
    (!isPath && (text.includes(';') || isSlip()) ? attractors : inputs).push(text);
  }
  const last = inputs.at(-1);
  if (attractors.length === 0 && inputs.length > 1 && last && /^\w+$/.test(last) && !existsSync(last)) {
    attractors.push(inputs.pop() as string);
  }
  return { inputs, attractors };
}

function isColor(text: string): boolean {
  try {
    parseColor(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * The recipe of a command line: `--recipe FILE`, attractors, or both (attractors are added to the file's), with channel
 * flags on top.
 *
 * @throws NO_ATTRACTORS and the codes of bad parts
 */
export async function readRecipe(attractors: readonly string[], { values }: ParsedFlags): Promise<Recipe | Plan> {
  const file = values.get('recipe') as string | undefined;
  const channels = Object.fromEntries(
    (['luminance', 'saturation', 'hue'] as const).flatMap((name) =>
      values.has(name) ? [[name, values.get(name) as boolean]] : [],
    ),
  );
  if (file === undefined) return makeRecipe({ attractors, channels });
  const base = await readRecipeFile(file, `--recipe: ${file}`);
  if (isPlan(base)) {
    if (attractors.length === 0 && Object.keys(channels).length === 0) return base;
    throw new ColorshineError(
      'INVALID_OPTION',
      `--recipe ${file}: expected no further attractors or channels beside a plan, whose radii are frozen, got ${quote(attractors.join(' ') || Object.keys(channels).join(' '))}`,
    );
  }
  return makeRecipe({
    ...base,
    attractors: [...base.attractors, ...attractors],
    channels: { ...base.channels, ...channels },
  });
}

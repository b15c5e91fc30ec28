import { existsSync } from 'node:fs';
import { ColorshineError, makeRecipe, type Plan, parseColor, quote, type Recipe } from '../../core/index.js';
import { readRecipeFile } from '../recipe-file.js';
import type { ParsedFlags } from './parse-flags.js';

/** An attractor has semicolons; so is meant a bare color that no file is called, which is then refused as incomplete. */
export function splitPositionals(positionals: readonly string[]): { inputs: string[]; attractors: string[] } {
  const inputs: string[] = [];
  const attractors: string[] = [];
  for (const text of positionals) {
    const isAttractor = text.includes(';') || (isColor(text) && !existsSync(text));
    (isAttractor ? attractors : inputs).push(text);
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
  if ('gamut' in base) {
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

import { existsSync } from 'node:fs';
import { noRows } from '../../core/analysis/targets.js';
import { ColorshineError, makeRecipe, type Plan, parseColor, quote, type Recipe } from '../../core/index.js';
import { isPlan } from '../../core/plan-file.js';
import { looksLikeRow } from '../../core/row/parse.js';
import { loadRecipe } from '../recipe-file.js';
import type { RecipeValues } from './flags.js';

/** `blue,50,70`, and with other signs in the place of semicolons. */
const OTHER_SIGNS = /^(.+?)\s*[,:|\s]\s*[\d.]+%?\s*[,:|\s]\s*[\d.]+%?$/;

/** What begins as a path does, or has signs that only patterns of files have. */
const PATH_SIGNS = /^(\.{0,2}|~)[/\\]|[*?[](?![^(]*\))/;

/**
 * What exists is a file. Else a row has semicolons, and so is meant what looks like one in part: an arrow, the word keep, a bare color, a
 * color with two numbers, a last word without an extension where no row stands. It is then refused in the words of rows.
 *
 * @throws INVALID_OPTION for the file of a recipe, which stands behind its flag
 */
export function splitPositionals(positionals: readonly string[]): { inputs: string[]; rows: string[] } {
  const inputs: string[] = [];
  const rows: string[] = [];
  for (const text of positionals) {
    const isPath = existsSync(text) || PATH_SIGNS.test(text);
    const isRow = (): boolean => looksLikeRow(text) || isColor(text) || isColor(OTHER_SIGNS.exec(text)?.[1] ?? '');
    (!isPath && isRow() ? rows : inputs).push(text);
  }
  const last = inputs.at(-1);
  if (rows.length === 0 && inputs.length > 1 && last && /^\w+$/.test(last) && !existsSync(last)) {
    rows.push(inputs.pop() as string);
  }
  const recipe = inputs.find((text) => /\.json$/i.test(text));
  if (recipe !== undefined) {
    throw new ColorshineError(
      'INVALID_OPTION',
      `INPUT: expected an image, got ${quote(recipe)}; a recipe is given by --recipe ${recipe}`,
    );
  }
  return { inputs, rows };
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
 * The recipe of a command line: `--recipe FILE`, rows, or both (rows are added to the file's), with channel flags and `--blend` on
 * top.
 *
 * @throws NO_ROWS and the codes of bad parts
 */
export async function readRecipe(rows: readonly string[], values: RecipeValues): Promise<Recipe | Plan> {
  const { recipe: file, blend } = values;
  const channels = Object.fromEntries(
    (['luminance', 'saturation', 'hue'] as const).flatMap((name) =>
      values[name] === undefined ? [] : [[name, values[name]]],
    ),
  );
  if (file === undefined && rows.length === 0) throw noRows(', or --recipe FILE');
  if (file === undefined) return makeRecipe({ rows, channels, blend });
  const base = await loadRecipe(file, `--recipe: ${file}`);
  if (isPlan(base)) {
    const given = [...rows, ...Object.keys(channels), ...(blend ? [blend] : [])];
    if (given.length === 0) return base;
    throw new ColorshineError(
      'INVALID_OPTION',
      `--recipe ${file}: expected no further rows, channels or blend beside a plan, whose radii are frozen, got ${quote(given.join(' '))}`,
    );
  }
  return makeRecipe({
    ...base,
    rows: [...base.rows, ...rows],
    channels: { ...base.channels, ...channels },
    ...(blend && { blend }),
  });
}

import { noRows } from './analysis/targets.js';
import { ColorshineError, quote } from './errors.js';
import { BLENDS, checkBlend, checkChannels, checkObject } from './options.js';
import { checkRow, checkRowList } from './row/check-row.js';
import { checkedAs } from './row/checked-as.js';
import { kindOf } from './row/kind.js';
import { formatRow } from './row/parse.js';
import type { Blend, Channels, Plan, Recipe, Row } from './types.js';
import { RECIPE_VERSION } from './version.js';

/** Attractors with tolerances alone, under the key `attractors`; read as ever, and written where a recipe has nothing newer. */
const FIRST_VERSION = 1;

const RECIPE_KEYS = ['$schema', 'version', 'name', 'rows', 'attractors', 'channels', 'blend'] as const;

/** What a caller may write: a recipe, or rows as strings or objects with optional channels and blend. */
export interface RecipeInput {
  /** Version of the format: 1 has `attractors`, 2 has `rows`. Default: whichever of the two is there. */
  readonly version?: 1 | 2;
  /** What the recipe is called. Default: none. */
  readonly name?: string;
  /** 1 to 64 rows, as text such as "teal;40;60" or as objects. */
  readonly rows?: readonly (string | Row)[];
  /** What `rows` are called in version 1; either of the two. */
  readonly attractors?: readonly (string | Row)[];
  /** Which of luminance, saturation and hue may move. Default: all. */
  readonly channels?: Partial<Channels>;
  /** How attractors blend. Default `'oklch'`. */
  readonly blend?: Blend;
}

/**
 * Checks a recipe and fills in defaults.
 *
 * @param value a recipe object, or an array of rows ("blue;50;70", "blue -> teal;40;100" or objects)
 * @throws INVALID_RECIPE and the codes of its parts, each naming the place
 */
export function makeRecipe(value: RecipeInput | readonly (string | Row)[]): Recipe {
  return readRecipe(Array.isArray(value) ? { rows: value } : value);
}

/** Reads a recipe from its JSON text, of any version. @throws INVALID_RECIPE */
export function parseRecipe(json: string): Recipe {
  const value = parseJson(json, 'recipe', 'INVALID_RECIPE');
  return readRecipe(value, true);
}

/** JSON text of a recipe, with a trailing newline; of version 1 where that can say it. */
export function formatRecipe(recipe: Recipe): string {
  return `${JSON.stringify(toFileShape(recipe), null, 2)}\n`;
}

/** A recipe or plan as its file has it: in version 1 where that can say it, so that older readers understand it. */
export function toFileShape(value: Recipe | Plan): object {
  if (!isFirstVersion(value)) return value;
  return Object.fromEntries(
    Object.entries({ ...value, version: FIRST_VERSION })
      .filter(([key]) => key !== 'blend')
      .map(([key, part]) => [key === 'rows' ? 'attractors' : key, part]),
  );
}

function readRecipe(value: unknown, versionRequired = false): Recipe {
  const recipe = checkObject(value, 'recipe', RECIPE_KEYS, 'INVALID_RECIPE');
  const key = rowsKey(recipe, 'recipe', 'INVALID_RECIPE', versionRequired);
  const rows = checkRowList(recipe[key], `recipe: ${key}`, 'INVALID_RECIPE').map((item, i) =>
    checkedAs(`row ${i + 1}`, () => checkRow(item)),
  );
  if (rows.length === 0) throw noRows();
  if (recipe.name !== undefined && typeof recipe.name !== 'string') {
    throw new ColorshineError('INVALID_RECIPE', `recipe: name: expected text, got ${quote(recipe.name)}`);
  }
  const made: Recipe = {
    version: RECIPE_VERSION,
    ...(recipe.name !== undefined && { name: recipe.name }),
    rows,
    channels: checkChannels(recipe.channels),
    blend: checkBlend(recipe.blend),
  };
  checkVersion(recipe, made, 'recipe', 'INVALID_RECIPE');
  return made;
}

/**
 * The key that holds the rows: `attractors` in version 1, `rows` in version 2, either where no version is given.
 *
 * @throws `code` for another version, or the key of another one
 */
export function rowsKey(
  value: Readonly<Record<string, unknown>>,
  name: string,
  code: 'INVALID_RECIPE' | 'INVALID_PLAN',
  versionRequired: boolean,
): 'rows' | 'attractors' {
  const { version, rows } = value;
  if (version !== undefined || versionRequired) {
    if (version !== FIRST_VERSION && version !== RECIPE_VERSION) {
      throw new ColorshineError(
        code,
        `${name}: version: expected ${FIRST_VERSION} or ${RECIPE_VERSION}, got ${quote(version)}`,
      );
    }
  }
  const key = version === FIRST_VERSION || (version === undefined && rows === undefined) ? 'attractors' : 'rows';
  const other = key === 'rows' ? 'attractors' : 'rows';
  if (value[other] === undefined) return key;
  const given = version === undefined ? 'both' : other;
  throw new ColorshineError(code, `${name}: ${key}: expected the rows under this key alone, got ${given}`);
}

/** Version 1 holds attractors with tolerances alone. @throws `code` where a file of that version says more */
export function checkVersion(
  { version }: Readonly<Record<string, unknown>>,
  said: Recipe | Plan,
  name: string,
  code: 'INVALID_RECIPE' | 'INVALID_PLAN',
): void {
  if (version !== FIRST_VERSION || isFirstVersion(said)) return;
  const place = said.rows.findIndex(isNew);
  const what =
    place < 0 ? `a blend of ${said.blend}` : `row ${place + 1}, ${quote(formatRow(said.rows[place] as Row))}`;
  throw new ColorshineError(code, `${name}: version: expected ${RECIPE_VERSION} for ${what}, got ${FIRST_VERSION}`);
}

function isFirstVersion({ rows, blend }: Recipe | Plan): boolean {
  return blend === BLENDS[0] && !rows.some(isNew);
}

/** Whether version 1 cannot say this row. */
function isNew(row: Row): boolean {
  return kindOf(row) !== 'attractor' || row.reach !== undefined;
}

export function parseJson(json: string, name: string, code: 'INVALID_RECIPE' | 'INVALID_PLAN'): unknown {
  try {
    return JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new ColorshineError(code, `${name}: expected JSON, got ${quote(json.trim().slice(0, 60))}`, { cause });
  }
}

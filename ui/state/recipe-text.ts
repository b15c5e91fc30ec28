import { ColorshineError } from '../../src/core/errors.js';
import { BLENDS } from '../../src/core/options.js';
import { formatRecipe, makeRecipe, parseRecipe } from '../../src/core/recipe.js';
import { checkedAs } from '../../src/core/row/checked-as.js';
import { formatRow, parseRow } from '../../src/core/row/parse.js';
import type { Blend, Channels, Recipe } from '../../src/core/types.js';

/** One row a line, as the command line takes them. Rows that are off are left out. */
export function textFromRecipe(recipe: Recipe): string {
  return recipe.rows
    .filter(({ enabled }) => enabled !== false)
    .map(formatRow)
    .join('\n');
}

/** The JSON that `colorshine --recipe` reads. */
export function jsonFromRecipe(recipe: Recipe): string {
  return formatRecipe(recipe);
}

/**
 * Reads a pasted recipe: JSON, rows line by line, or a whole command line with quoted rows.
 *
 * @param now channels and blend, kept when the text names none; a command that names no blend has its default
 * @throws ColorshineError that names the line
 */
export function recipeFromText(text: string, { channels, blend }: Pick<Recipe, 'channels' | 'blend'>): Recipe {
  const trimmed = text.trim();
  if (isJson(trimmed)) return parseRecipe(trimmed);
  const isCommand = /^(npx\s+)?(colorshine|imgcolorshine)\s/.test(trimmed);
  const lines = isCommand ? quotedParts(trimmed) : plainLines(trimmed);
  if (lines.length === 0) {
    throw new ColorshineError('NO_ROWS', 'Nothing to read: expected lines such as blue;50;70, or a recipe as JSON');
  }
  const rows = lines.map((line, i) =>
    lines.length === 1 ? parseRow(line) : checkedAs(`line ${i + 1}`, () => parseRow(line)),
  );
  return makeRecipe({
    rows,
    channels: { ...channels, ...switches(trimmed) },
    blend: blendIn(trimmed) ?? (isCommand ? BLENDS[0] : blend),
  });
}

/** `{brand.primary};50;70` begins with a brace as well. */
function isJson(text: string): boolean {
  return text.startsWith('{') && !/^\{[^{}"\n]*\}\s*;/.test(text);
}

/** A recipe file's largest size; anything longer is some other file. Characters. */
const MAX_FILE_LENGTH = 100_000;

/** Reads a recipe file, which says its version. @throws ColorshineError that names what is wrong in it */
export function recipeFromFile(text: string): Recipe {
  if (text.length > MAX_FILE_LENGTH) {
    throw new ColorshineError(
      'INVALID_RECIPE',
      `recipe: expected at most ${MAX_FILE_LENGTH} characters, got ${text.length}`,
    );
  }
  return parseRecipe(text);
}

/** True when pasted text is worth reading as a recipe. */
export function looksLikeRecipe(text: string): boolean {
  const trimmed = text.trim();
  return (trimmed.startsWith('{') && /"(rows|attractors)"/.test(trimmed)) || /^[^;\n]+;[^;\n]+;[^;\n]+/.test(trimmed);
}

/** The command that does the same to a file. */
export function commandFor(recipe: Recipe, fileName: string): string {
  const rows = recipe.rows.filter(({ enabled }) => enabled !== false).map(formatRow);
  const off = (Object.keys(recipe.channels) as (keyof Channels)[]).filter((name) => !recipe.channels[name]);
  return [
    'colorshine shine',
    quote(fileName),
    ...rows.map((text) => `"${text}"`),
    ...off.map((n) => `--no-${n}`),
    ...(recipe.blend === BLENDS[0] ? [] : ['--blend', recipe.blend]),
  ].join(' ');
}

function plainLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim().replace(/^["']|["'],?$/g, ''))
    .filter((line) => line !== '');
}

function quotedParts(text: string): string[] {
  return [...text.matchAll(/"([^"]*;[^"]*)"|'([^']*;[^']*)'/g)].map((match) => match[1] ?? match[2] ?? '');
}

function blendIn(text: string): Blend | undefined {
  return BLENDS.find((blend) => new RegExp(`--blend[= ]${blend}\\b`, 'i').test(text));
}

function switches(text: string): Partial<Channels> {
  const found: Partial<Record<keyof Channels, boolean>> = {};
  for (const name of ['luminance', 'saturation', 'hue'] as const) {
    if (new RegExp(`--no-${name}\\b|--${name}[= ]False\\b`, 'i').test(text)) found[name] = false;
  }
  return found;
}

/** A file name as a shell word, quoted only when it must be; `./` keeps a leading hyphen from being an option. */
function quote(file: string): string {
  const name = file.startsWith('-') ? `./${file}` : file;
  return /^[\w./@%+-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}

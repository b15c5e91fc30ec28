import { ColorshineError, formatRecipe, type Recipe } from '../../core/index.js';
import { toFileShape } from '../../core/recipe.js';
import {
  colorsInGroup,
  colorsOf,
  hexOfPacked,
  type PaletteRecipe,
  type PaletteRow,
  resolveRecipe,
} from '../../tokens/index.js';
import { readInput } from '../files/input.js';
import { writeWhole } from '../files/output.js';
import { formatForOutput } from '../image/format-names.js';
import { suggestPalette } from '../palette.js';
import { recolorBuffer } from '../recolor-buffer.js';
import { recolorFile } from '../recolor-file.js';
import { checkOutputs } from './check-outputs.js';
import { PALETTE_FLAGS } from './flags.js';
import { imageOptions } from './image-options.js';
import { parseFlags } from './parse-flags.js';
import { summaryLine } from './print.js';
import { print, printJson, say } from './say.js';
import { readStdin, writeOutput } from './stdio.js';
import { createSwatch, type Swatch } from './swatch.js';
import { readTokenOptions } from './token-options.js';

/** Swatches of what a row takes: as many as its words name. */
const MAX_SOURCES = 3;

/** `colorshine palette`: the recipe that brings an image onto design colors, explained row by row. */
export async function runPalette(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseFlags(args, PALETTE_FLAGS);
  const { group, outputImage: output, saveRecipe: savePath, howFar, force, json, quiet } = values;
  const [input] = positionals;
  if (input === undefined || positionals.length > 1) {
    throw new ColorshineError('INVALID_OPTION', `INPUT: expected one image file, got ${positionals.length}`);
  }
  const { tokens, theme } = await readTokenOptions(values);
  if (!tokens) throw new ColorshineError('INVALID_OPTION', '--tokens: expected at least one token file, got none');
  const all = colorsOf(tokens, theme);
  const colors = group === undefined ? all : colorsInGroup(all, group);
  await checkOutputs([output, savePath], [input], values);
  const format = output === undefined ? undefined : formatForOutput(output, input);

  const bytes = input === '-' ? await readStdin() : await readInput(input);
  const name = input === '-' ? 'standard input' : input;
  const limits = imageOptions(values);
  const palette = await suggestPalette(bytes, colors, {
    name,
    keepReferences: true,
    howFar,
    ...limits,
  });
  if (savePath !== undefined) await saveRecipe(palette.recipe, savePath);

  const stream = output === '-' ? process.stderr : process.stdout;
  if (json) {
    printJson({ input: name, ...palette, recipe: toFileShape(palette.recipe) }, stream);
  } else if (!quiet) print(formatPalette(name, colors.size, palette), stream);
  const lost = colors.problems?.size ?? 0;
  if (lost > 0 && !quiet) say(`colorshine: ${lostLine(lost)}`);

  if (output === undefined) return 0;
  const recipe = resolveRecipe(palette.recipe, tokens, theme);
  const options = { ...limits, format };
  if (input === '-' || output === '-') {
    await writeOutput(output, async () => (await recolorBuffer(bytes, recipe, { name, ...options })).data);
    return 0;
  }
  const report = await recolorFile(input, output, recipe, { ...options, force });
  if (!quiet) say(summaryLine(report));
  return 0;
}

function lostLine(count: number): string {
  return count === 1
    ? '1 color cannot be read; colorshine tokens lists it'
    : `${count} colors cannot be read; colorshine tokens lists them`;
}

async function saveRecipe(recipe: Recipe, path: string): Promise<void> {
  const { writeFile } = await import('node:fs/promises');
  await writeWhole(path, (temp) => writeFile(temp, formatRecipe(recipe)));
}

function formatPalette(name: string, count: number, { rows, before, after }: PaletteRecipe): string {
  const swatch = createSwatch();
  const nameWidth = Math.max(5, ...rows.map((row) => row.name.length));
  const swatchPad = swatch('#000') === '' ? '' : '   ';
  const head = `${swatchPad}${'color'.padEnd(nameWidth)}  tolerance  strength  share`;
  const lines = rows.map((row) => {
    const numbers = [row.tolerance.toFixed(1).padStart(9), String(row.strength).padStart(8), sharePercent(row.share)];
    const line = `${swatch(row.css)}${row.name.padEnd(nameWidth)}  ${numbers.join('  ')}  `;
    return `${line}${sourceSwatches(row, swatch)}${row.explanation}`;
  });
  const nearer = before === 0 ? 0 : Math.round(100 * (1 - after / before));
  const change = nearer >= 0 ? `${nearer} % nearer` : `${-nearer} % farther`;
  return [
    `${name}: ${rows.length} of ${count} design colors`,
    '',
    head,
    ...lines,
    '',
    `Distance of the pixels to the nearest design color (Oklab, mean): ${before.toFixed(3)}, then ${after.toFixed(3)}: ${change}`,
  ].join('\n');
}

/** The picture's colors that the row takes, as wide in every row so that the words align. */
function sourceSwatches({ takes }: PaletteRow, swatch: Swatch): string {
  if (swatch('#000') === '') return '';
  const shown = takes.slice(0, MAX_SOURCES);
  return `${shown.map(({ color }) => swatch(hexOfPacked(color)).trimEnd()).join('')}${'  '.repeat(MAX_SOURCES - shown.length)} `;
}

function sharePercent(share: number): string {
  return `${Math.round(100 * share)} %`.padStart(5);
}

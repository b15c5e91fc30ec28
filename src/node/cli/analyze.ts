import { type Cancel, ColorshineError, type Plan, quote } from '../../core/index.js';
import { isPlan } from '../../core/plan-file.js';
import { toFileShape } from '../../core/recipe.js';
import { analyze } from '../analyze.js';
import { ANALYZE_FLAGS } from './flags.js';
import { imageOptions } from './image-options.js';
import { parseFlags } from './parse-flags.js';
import { rowLines, seconds } from './print.js';
import { readRecipe, splitPositionals } from './recipe-input.js';
import { say } from './say.js';
import { printWhole, readStdin, STDIN_NAME } from './stdio.js';
import { resolveTokens } from './token-options.js';

/** The row that asks for a reach. @throws INVALID_OPTION */
function surface(color: string, rows: readonly string[]): string {
  if (rows.length === 0) return `keep ${color};auto;100`;
  throw new ColorshineError('INVALID_OPTION', `--suggest: expected no rows beside it, got ${quote(rows.join(' '))}`);
}

function suggestionIn({ rows }: Plan): object {
  const [row] = rows;
  return { color: row?.color, reach: row?.reach, share: row?.share, row: `${row?.color} -> COLOR;~${row?.reach};100` };
}

/** `colorshine analyze`: the plan of one image on standard output. */
export async function runAnalyze(args: readonly string[], signal: Cancel): Promise<number> {
  const { values, positionals } = parseFlags(args, ANALYZE_FLAGS);
  const { suggest, threads, verbose, json } = values;
  const { inputs, rows } = splitPositionals(positionals);
  const [input] = inputs;
  if (input === undefined || inputs.length > 1) {
    throw new ColorshineError('INVALID_OPTION', `INPUT: expected one image file, got ${inputs.length}`);
  }
  const given = suggest === undefined ? rows : [surface(suggest, rows)];
  const recipe = await resolveTokens(await readRecipe(given, values), values);
  if (isPlan(recipe)) throw new ColorshineError('INVALID_OPTION', '--recipe: expected a recipe to measure, got a plan');
  const began = performance.now();
  const plan = await analyze(input === '-' ? await readStdin() : input, recipe, {
    ...imageOptions(values),
    name: STDIN_NAME,
    signal,
    threads,
  });
  if (verbose) {
    const lines = [
      `Image: ${input === '-' ? STDIN_NAME : input}, ${plan.pixels.toLocaleString('en-US')} pixels that are not transparent`,
      ...rowLines(plan),
      `Total processing time: ${seconds(performance.now() - began)}`,
    ];
    for (const line of lines) say(`INFO: ${line}`);
  }
  const printed = suggest === undefined ? toFileShape(plan) : suggestionIn(plan);
  const text = JSON.stringify(printed, null, json ? 0 : 2);
  await printWhole(Buffer.from(`${text}\n`));
  return 0;
}

import { type Cancel, ColorshineError } from '../../core/index.js';
import { isPlan } from '../../core/recipe.js';
import { analyze } from '../analyze.js';
import { THREADS_RANGE } from '../engine.js';
import { ANALYZE_FLAGS } from './flags.js';
import { imageOptions } from './image-options.js';
import { parseFlags, readCount } from './parse-flags.js';
import { attractorLines, seconds } from './print.js';
import { readRecipe, splitPositionals } from './recipe-input.js';
import { printWhole, readStdin, STDIN_NAME } from './stdio.js';
import { resolveTokens } from './token-options.js';

/** `colorshine analyze`: the plan of one image on standard output. */
export async function runAnalyze(args: readonly string[], signal: Cancel): Promise<number> {
  const flags = parseFlags(args, ANALYZE_FLAGS);
  const { inputs, attractors } = splitPositionals(flags.positionals);
  const [input] = inputs;
  if (input === undefined || inputs.length > 1) {
    throw new ColorshineError('INVALID_OPTION', `INPUT: expected one image file, got ${inputs.length}`);
  }
  const recipe = await resolveTokens(await readRecipe(attractors, flags), flags);
  if (isPlan(recipe)) throw new ColorshineError('INVALID_OPTION', '--recipe: expected a recipe to measure, got a plan');
  const threads = readCount(flags, 'threads', THREADS_RANGE.max);
  const began = performance.now();
  const plan = await analyze(input === '-' ? await readStdin() : input, recipe, {
    ...imageOptions(flags),
    name: STDIN_NAME,
    signal,
    ...(threads && { threads }),
  });
  if (flags.values.get('verbose') === true) {
    const lines = [
      `Image: ${input === '-' ? STDIN_NAME : input}, ${plan.pixels.toLocaleString('en-US')} pixels that are not transparent`,
      ...attractorLines(plan),
      `Total processing time: ${seconds(performance.now() - began)}`,
    ];
    process.stderr.write(lines.map((line) => `INFO: ${line}\n`).join(''));
  }
  const text = JSON.stringify(plan, null, flags.values.get('json') === true ? 0 : 2);
  await printWhole(Buffer.from(`${text}\n`));
  return 0;
}

import { availableParallelism } from 'node:os';
import sharp from 'sharp';
import { type Cancel, ColorshineError, LUT_SIZE_RANGE, quote } from '../../core/index.js';
import { checkChoice, checkInteger, parseDecimal, THREADS_RANGE } from '../../core/options.js';
import { checkChartPath, drawBenchChart, writeChart } from '../bench/bench-chart.js';
import { type BenchReport, formatBenchReport } from '../bench/bench-report.js';
import { BENCH_BACKENDS, BENCH_STRATEGIES, type Choices, listConfigurations } from '../bench/configurations.js';
import { describeMachine } from '../bench/machine.js';
import { runBench } from '../bench/run-bench.js';
import { readInput } from '../files/input.js';
import type { DecodedImage } from '../image/decode.js';
import { DEFAULT_MAX_PIXELS } from '../image/large-pixels.js';
import { decodeImage } from '../image/open-image.js';
import { checkOutputs } from './check-outputs.js';
import { BENCH_FLAGS, type BenchValues } from './flags.js';
import { imageOptions } from './image-options.js';
import { parseFlags } from './parse-flags.js';
import { createProgressLine, drawBar } from './progress-line.js';
import { readRecipe, splitPositionals } from './recipe-input.js';
import { print, printJson, say } from './say.js';
import { readStdin, STDIN_NAME } from './stdio.js';
import { resolveTokens, splitList } from './token-options.js';

const DEFAULTS = { runs: 5, warmups: 1, lutSizes: [33, 65] } as const;
/** Of the longest side. */
const SIZE_RANGE = { min: 1, max: 65_535 };
const EXIT_WRONG_RESULT = 1;

/** `colorshine bench`. @returns 0, or 1 when a way that calls itself exact was not */
export async function runBenchCommand(args: readonly string[], signal: Cancel, version: string): Promise<number> {
  const { values, positionals } = parseFlags(args, BENCH_FLAGS);
  const { runs = DEFAULTS.runs, warmup: warmups = DEFAULTS.warmups, chart, quiet, json } = values;
  const { inputs, rows } = splitPositionals(positionals);
  const [input] = inputs;
  if (input === undefined || inputs.length > 1) {
    throw new ColorshineError('INVALID_OPTION', `INPUT: expected one image file, got ${inputs.length}`);
  }
  const recipe = await resolveTokens(await readRecipe(rows, values), values);
  const configurations = listConfigurations(readChoices(values));
  const sizes = readNumbers(values, 'sizes', SIZE_RANGE) ?? [];
  if (chart !== undefined) checkChartPath(chart);
  await checkOutputs([chart], [input], values, '');
  sharp.cache(false);
  const { image, encoded } = await openImage(input, values, sizes);

  const began = performance.now();
  let step = { share: 0, what: '' };
  const progress = createProgressLine(() => describeStep(step, performance.now() - began), !quiet);
  try {
    const measured = await runBench(image, recipe, {
      encoded,
      configurations,
      sizes,
      runs,
      warmups,
      signal,
      onStep: (share, what) => {
        step = { share, what };
      },
    });
    const report: BenchReport = {
      version: 1,
      colorshine: version,
      machine: describeMachine(),
      image: input === '-' ? STDIN_NAME : input,
      format: image.format,
      recipe,
      runs,
      warmups,
      sizes: measured,
    };
    progress.stop();
    if (json) printJson(report);
    else print(formatBenchReport(report).trimEnd());
    if (chart !== undefined) {
      await writeChart(chart, drawBenchChart(report));
      if (!quiet) say(`Wrote the chart: ${chart}`);
    }
    const isRight = measured.every(({ rows }) => rows.every(({ result }) => result?.isRight !== false));
    return isRight ? 0 : EXIT_WRONG_RESULT;
  } finally {
    progress.stop();
  }
}

function readChoices(values: BenchValues): Choices {
  const backends = readWords(values, 'backends', BENCH_BACKENDS);
  const asked = readWords(values, 'strategies', BENCH_STRATEGIES);
  return {
    // A GPU that is not there is shown with the reason, so that nobody wonders.
    backends: backends ?? BENCH_BACKENDS,
    strategies: asked ?? BENCH_STRATEGIES,
    lutSizes: readNumbers(values, 'lut-sizes', LUT_SIZE_RANGE) ?? DEFAULTS.lutSizes,
    threads: readNumbers(values, 'threads', THREADS_RANGE) ?? [availableParallelism()],
  };
}

async function openImage(
  input: string,
  values: BenchValues,
  sizes: readonly number[],
): Promise<{ image: DecodedImage; encoded: Buffer }> {
  const limits = imageOptions(values);
  const encoded = input === '-' ? await readStdin() : await readInput(input);
  const image = await decodeImage(encoded, { ...limits, name: input === '-' ? STDIN_NAME : input });
  if (sizes.length === 0) return { image, encoded };
  if (image.pages > 1) {
    throw new ColorshineError('INVALID_OPTION', `--sizes: expected an image of one page, got ${image.pages} pages`);
  }
  const { width, height } = image.pixels;
  const shape = (width * height) / Math.max(width, height) ** 2;
  const largest = Math.max(...sizes);
  const { maxPixels = DEFAULT_MAX_PIXELS } = limits;
  if (largest ** 2 * shape > maxPixels) {
    throw new ColorshineError(
      'INVALID_OPTION',
      `--sizes: expected at most ${maxPixels} pixels, got ${Math.round(largest ** 2 * shape)} for ${largest}; raise it with --max-pixels`,
    );
  }
  return { image, encoded };
}

/** @returns undefined when the flag was not given */
function readNumbers(
  values: BenchValues,
  name: 'sizes' | 'lut-sizes' | 'threads',
  range: { readonly min: number; readonly max: number },
): number[] | undefined {
  const given = name === 'lut-sizes' ? values.lutSizes : values[name];
  if (given === undefined) return undefined;
  const items = splitList(given);
  if (items.length === 0) throw new ColorshineError('INVALID_OPTION', `--${name}: expected numbers, got none`);
  return unique(
    items.map((item) => {
      const number = parseDecimal(item);
      return checkInteger(Number.isNaN(number) ? item : number, `--${name}`, range);
    }),
  );
}

function readWords<T extends string>(
  values: BenchValues,
  name: 'backends' | 'strategies',
  choices: readonly T[],
): T[] | undefined {
  const given = values[name];
  if (given === undefined) return undefined;
  const items = splitList(given);
  if (items.length === 0) {
    throw new ColorshineError('INVALID_OPTION', `--${name}: expected some of ${choices.join(', ')}, got ${quote('')}`);
  }
  return unique(items.map((item) => checkChoice(item, `--${name}`, choices)));
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}

/** The share of the whole bench and the time left. */
function describeStep({ share, what }: { share: number; what: string }, spentMs: number): string {
  const left = share > 0.05 ? `, about ${Math.ceil((spentMs / share - spentMs) / 1000)} s left` : '';
  return `${drawBar(share)} ${Math.floor(share * 100)} %  ${what}${left}`;
}

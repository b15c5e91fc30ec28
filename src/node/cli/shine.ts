import sharp from 'sharp';
import { type Cancel, ColorshineError, formatRecipe, type Plan, type Recipe } from '../../core/index.js';
import { isPlan } from '../../core/plan-file.js';
import type { Engine } from '../engine.js';
import { writeWhole } from '../files/output.js';
import { allowOwnLoaders } from '../image/loaders.js';
import { createLutCache } from '../lut-cache.js';
import { type BatchItem, isWanted, planBatch, STDIO } from './batch.js';
import { checkOutputs } from './check-outputs.js';
import type { ShineValues } from './flags.js';
import { createProgress } from './progress.js';
import { readRecipe, splitPositionals } from './recipe-input.js';
import { runBatch } from './run-batch.js';
import { print } from './say.js';
import { measureSharedPlan } from './shared-plan.js';
import { readSpeedSettings } from './speed-settings.js';
import { writeJson } from './stdio.js';
import { resolveTokens } from './token-options.js';

/** Beyond the images that the threads recolor: one is decoded and one encoded in libvips' threads meanwhile. */
const CODED_BESIDE = 2;
/** Beyond this, files and memory are what is waited for. */
const MAX_DEFAULT_CONCURRENCY = 16;

/** What is at work already while the rest of the command loads. */
export interface StartedShine {
  readonly values: ShineValues;
  readonly positionals: readonly string[];
  readonly threads: number;
  readonly engine: Engine;
  /** Where the engine's notices go. */
  readonly notices: { tell: (sentence: string) => void };
}

/** `colorshine shine`. @returns the exit code: 0 done, 1 some image failed, 2 a call that cannot work, 130 interrupted */
export async function shine(
  { values, positionals, engine, notices: engineNotices, threads }: StartedShine,
  signal: Cancel,
): Promise<number> {
  const { concurrency = Math.min(threads + CODED_BESIDE, MAX_DEFAULT_CONCURRENCY), preview } = values;
  const {
    verbose = false,
    quiet = false,
    json = false,
    explain = false,
    approximate = false,
    gpu,
    backend,
    cache = true,
  } = values;
  const { outputImage: output, outDir, format, force, clobber, recursive, saveRecipe: recipeFile } = values;
  const isGpuAsked = gpu === true || backend === 'gpu';
  const { inputs: patterns, rows } = splitPositionals(positionals);
  const written = await readRecipe(rows, values);
  const recipe = await resolveTokens(written, values);
  sharp.concurrency(threads);
  sharp.cache(false); // every image is read once
  allowOwnLoaders();
  const items = await planBatch(patterns, { output, outDir, format, force, clobber, recursive });
  if (preview !== undefined && items.length > 1) {
    throw new ColorshineError('INVALID_OPTION', `--preview: expected one input, got ${items.length}`);
  }
  const outputs = items.filter(isWanted).map(({ output }) => output);
  await checkOutputs([...outputs, preview, recipeFile], [], values);
  const inputs = items.map(({ input }) => input);
  await checkOutputs([preview, recipeFile], inputs, values);
  const { strategy, notices, lutSize, interpolation } = readSpeedSettings(values);
  if (values.dryRun) return printDryRun(items, json);
  await saveRecipe(written, recipeFile);

  const progress = createProgress(items.length, !quiet && !verbose && !explain && !json);
  if (verbose && items.length > 1) progress.log(describeBatch(items.length, concurrency, threads));
  engineNotices.tell = (sentence) => progress.log(`colorshine: ${sentence}`);
  try {
    if (isGpuAsked) notices.push(...(await gpuNotices(engine)));
    if (!verbose && !quiet) for (const notice of notices.filter((n) => n.startsWith('gpu'))) progress.log(notice);
    const shared = await measureSharedPlan(recipe, items, values, engine, signal);
    if (shared) notices.push(shared.notice);
    const settings = {
      recipe: shared?.plan ?? recipe,
      anyGamut: shared !== undefined,
      values,
      engine,
      strategy,
      lut: {
        ...(cache && { store: createLutCache() }),
        ...{ size: lutSize, interpolation, measureError: !quiet },
      },
      approximate,
      notices,
      verbose,
      explain: explain
        ? {
            images: items.length,
            sharedPlan: shared?.notice ?? (isPlan(recipe) ? 'the plan that was given' : undefined),
            ...{ gpuAsked: isGpuAsked, approximate },
          }
        : undefined,
      quiet,
      json,
      signal,
    };
    return await runBatch(items, settings, progress, concurrency);
  } finally {
    progress.stop();
  }
}

/** For `--verbose`: how the images of a batch share the machine. */
function describeBatch(images: number, concurrency: number, threads: number): string {
  const atOnce = Math.min(concurrency, images);
  const workers = atOnce === 1 ? threads : Math.min(atOnce, Math.max(1, threads - 1));
  const how =
    atOnce === 1
      ? `one after the other, each on up to ${countThreads(threads)}`
      : `up to ${atOnce} at once, each recolored on a thread of its own (${workers} of ${threads}), while others are read and written`;
  return `INFO: Batch: ${images} images, ${how}`;
}

function countThreads(threads: number): string {
  return threads === 1 ? 'one thread' : `${threads} threads`;
}

/** Why the GPU that was asked for does not work here, or lost. */
async function gpuNotices(engine: Engine): Promise<string[]> {
  const { chosen, candidates } = await engine.select();
  const gpu = candidates.find(({ name }) => name === 'webgpu');
  return gpu && chosen !== gpu.name
    ? [`gpu: ${gpu.why.replace('not available: ', '')}; colors are computed by ${chosen}`]
    : [];
}

function printDryRun(items: readonly BatchItem[], json: boolean): number {
  for (const { input, output, action, reason } of items) {
    const from = input === STDIO ? 'standard input' : input;
    const to = output === STDIO ? 'standard output' : output;
    if (json) writeJson({ input, output, status: 'planned', action, ...(reason && { reason }) });
    else print(`${action.padEnd(8)} ${from} -> ${to}${reason ? `  (${reason})` : ''}`);
  }
  return 0;
}

async function saveRecipe(recipe: Recipe | Plan, path: string | undefined): Promise<void> {
  if (path === undefined) return;
  if (isPlan(recipe)) {
    throw new ColorshineError('INVALID_OPTION', '--save-recipe: expected rows or a recipe, got a plan');
  }
  const { writeFile } = await import('node:fs/promises');
  await writeWhole(path, (temp) => writeFile(temp, formatRecipe(recipe)));
}

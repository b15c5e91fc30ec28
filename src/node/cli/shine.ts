import { resolve } from 'node:path';
import sharp from 'sharp';
import {
  type Cancel,
  ColorshineError,
  formatRecipe,
  type LutOptions,
  type Plan,
  quote,
  type Recipe,
  type StrategyChoice,
} from '../../core/index.js';
import type { Engine } from '../engine.js';
import { refuseInput, writeWhole } from '../files/output.js';
import { formatForOutput, formatFromName } from '../image/format-names.js';
import { createLutCache } from '../lut-cache.js';
import { recolorBuffer, type Stage } from '../recolor-buffer.js';
import { recolorFile } from '../recolor-file.js';
import type { Report } from '../report.js';
import { type BatchItem, planBatch, STDIO } from './batch.js';
import { compatibilityNotices } from './compatibility.js';
import type { ExplainContext } from './explain.js';
import { type ParsedFlags, readCount } from './parse-flags.js';
import { summaryLine, verboseLines } from './print.js';
import { createProgress, type Progress } from './progress.js';
import { readRecipe, splitPositionals } from './recipe-input.js';
import { measureSharedPlan } from './shared-plan.js';
import { spoolOptions } from './spool-options.js';
import type { StartedShine } from './start-shine.js';
import { readStdin, writeStdout } from './stdio.js';
import { resolveTokens } from './token-options.js';

/** Beyond the images that the threads recolor: one is decoded and one encoded in libvips' threads meanwhile. */
const CODED_BESIDE = 2;
/** Beyond this, files and memory are what is waited for. */
const MAX_DEFAULT_CONCURRENCY = 16;

interface ShineSettings {
  readonly recipe: Recipe | Plan;
  readonly flags: ParsedFlags;
  readonly engine: Engine;
  readonly strategy: StrategyChoice;
  readonly lut: LutOptions;
  readonly approximate: boolean;
  /** The plan was measured elsewhere and serves images of either gamut. */
  readonly anyGamut: boolean;
  readonly notices: readonly string[];
  readonly verbose: boolean;
  /** Set with `--explain`. */
  readonly explain: ExplainContext | undefined;
  readonly quiet: boolean;
  readonly json: boolean;
  readonly signal: Cancel;
}

/** `colorshine shine`. @returns the exit code: 0 done, 1 some image failed, 2 a call that cannot work, 130 interrupted */
export async function shine(
  { flags, engine, notices: engineNotices, threads }: StartedShine,
  signal: Cancel,
): Promise<number> {
  const { values } = flags;
  const { inputs, attractors } = splitPositionals(flags.positionals);
  const written = await readRecipe(attractors, flags);
  const recipe = await resolveTokens(written, flags);
  const format = readFormat(values.get('format') as string | undefined);
  const concurrency = readCount(flags, 'concurrency', 64) ?? Math.min(threads + CODED_BESIDE, MAX_DEFAULT_CONCURRENCY);
  sharp.concurrency(threads);
  sharp.cache(false); // every image is read once
  const items = await planBatch(inputs, {
    ...textOption('output', values.get('output-image')),
    ...textOption('outDir', values.get('out-dir')),
    ...(format && { format }),
    force: values.get('force') === true,
    clobber: values.get('clobber') !== false,
  });
  if (values.has('preview') && items.length > 1) {
    throw new ColorshineError('INVALID_OPTION', `--preview: expected one input, got ${items.length}`);
  }
  if (values.has('preview') && items.some(({ output }) => resolve(output) === resolve(String(values.get('preview'))))) {
    throw new ColorshineError('OUTPUT_COLLISION', '--preview: expected a file other than the output, got the same');
  }
  const { strategy, notices, lutSize, interpolation } = compatibilityNotices(flags);
  const verbose = values.get('verbose') === true;
  const quiet = values.get('quiet') === true;
  const json = values.get('json') === true;
  if (values.get('dry-run') === true) return printDryRun(items, json);
  const recipeFile = values.get('save-recipe') as string | undefined;
  if (recipeFile !== undefined && values.get('force') !== true) {
    for (const { input } of items) await refuseInput(recipeFile, input);
  }
  await saveRecipe(written, recipeFile);

  const explain = values.get('explain') === true;
  const progress = createProgress(items.length, !quiet && !verbose && !explain && !json);
  if (verbose && items.length > 1) progress.log(describeBatch(items.length, concurrency, threads));
  engineNotices.tell = (sentence) => progress.log(`colorshine: ${sentence}`);
  try {
    if (values.get('gpu') === true || values.get('backend') === 'gpu') notices.push(...(await gpuNotices(engine)));
    if (!verbose && !quiet) for (const notice of notices.filter((n) => n.startsWith('gpu'))) progress.log(notice);
    const shared = await measureSharedPlan(recipe, items, flags, engine);
    if (shared) notices.push(shared.notice);
    const settings = {
      recipe: shared?.plan ?? recipe,
      anyGamut: shared !== undefined,
      flags,
      engine,
      strategy,
      lut: {
        ...(values.get('cache') !== false && { store: createLutCache() }),
        ...(lutSize && { size: lutSize }),
        ...(interpolation && { interpolation }),
        measureError: !quiet,
      },
      approximate: values.get('approximate') === true,
      notices,
      verbose,
      explain: explain ? explainContext(flags, recipe, items.length, shared?.notice) : undefined,
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

function explainContext(
  { values }: ParsedFlags,
  recipe: Recipe | Plan,
  images: number,
  sharedNotice: string | undefined,
): ExplainContext {
  return {
    images,
    sharedPlan: sharedNotice ?? ('gamut' in recipe ? 'the plan that was given' : undefined),
    gpuAsked: values.get('gpu') === true || values.get('backend') === 'gpu',
    approximate: values.get('approximate') === true,
  };
}

/** Why the GPU that was asked for does not work here, or lost. */
async function gpuNotices(engine: Engine): Promise<string[]> {
  const { chosen, candidates } = await engine.select();
  const gpu = candidates.find(({ name }) => name === 'webgpu');
  return gpu && chosen !== gpu.name
    ? [`gpu: ${gpu.why.replace('not available: ', '')}; colors are computed by ${chosen}`]
    : [];
}

async function runBatch(
  items: readonly BatchItem[],
  settings: ShineSettings,
  progress: Progress,
  concurrency: number,
): Promise<number> {
  const failFast = settings.flags.values.get('fail-fast') === true;
  const errors: unknown[] = [];
  let done = 0;
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item; item = queue.shift()) {
      if (settings.signal.aborted || (failFast && errors.length > 0)) return;
      let hasFailed = false;
      try {
        await runItem(item, settings, progress);
        done++;
      } catch (error) {
        if (error instanceof ColorshineError && error.code === 'CANCELED') return;
        hasFailed = true;
        errors.push(error);
        reportFailure(item, error, settings, progress);
      } finally {
        progress.finish(item.input, hasFailed);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
  if (settings.signal.aborted) return 130;
  if (errors.length === 0) return 0;
  return done === 0 && errors.every((error) => error instanceof ColorshineError && error.isUsage) ? 2 : 1;
}

async function runItem(item: BatchItem, settings: ShineSettings, progress: Progress): Promise<void> {
  const { input, output } = item;
  if (item.action === 'skip') {
    if (settings.json) writeJson({ input, output, status: 'skipped', reason: item.reason });
    else if (!settings.quiet) progress.log(`${input}: skipped, ${item.reason}`);
    return;
  }
  const report = await recolorItem(item, settings, progress);
  const notices = [...report.notices, ...settings.notices];
  if (settings.json) {
    const explain = settings.explain && { explain: settings.explain };
    return writeJson({ ...report, notices, ...explain, status: 'done' }, output === STDIO);
  }
  if (settings.explain) {
    const { explainLines } = await import('./explain.js');
    for (const line of explainLines(report, settings.explain)) progress.log(line);
  }
  if (settings.verbose) {
    const tileSize = settings.flags.values.get('tile-size') as number | undefined;
    for (const line of verboseLines(report, tileSize)) progress.log(line);
    for (const notice of notices) progress.log(`INFO: Note: ${notice}`);
  } else if (!settings.quiet) {
    progress.log(summaryLine(report));
    for (const notice of report.notices) progress.log(`  note: ${notice}`);
  }
}

async function recolorItem({ input, output }: BatchItem, settings: ShineSettings, progress: Progress): Promise<Report> {
  const { values } = settings.flags;
  const format = readFormat(values.get('format') as string | undefined) ?? formatForOutput(output, input);
  const options = {
    engine: settings.engine,
    strategy: settings.strategy,
    lut: settings.lut,
    approximate: settings.approximate,
    anyGamut: settings.anyGamut,
    signal: settings.signal,
    onStage: (stage: Stage) => progress.stage(input, stage),
    onProgress: (stage: Stage, share: number) => progress.stage(input, stage, share),
    ...(format && { format }),
    ...(values.has('quality') && { quality: values.get('quality') as number }),
    ...(values.has('max-pixels') && { maxPixels: values.get('max-pixels') as number }),
    ...spoolOptions(settings.flags),
    ...(values.get('hierarchical') === true && {
      hierarchical: true,
      measureRadiusError: settings.verbose || settings.json,
    }),
    ...textOption('preview', values.get('preview')),
  };
  if (input !== STDIO && output !== STDIO) {
    return recolorFile(input, output, settings.recipe, { ...options, force: values.get('force') === true });
  }
  for (const name of ['preview', 'hierarchical']) {
    if (values.has(name) && values.get(name) !== false) {
      throw new ColorshineError('INVALID_OPTION', `--${name}: expected files, got standard input or output`);
    }
  }
  const { readInput } = await import('../files/input.js');
  const bytes = input === STDIO ? await readStdin() : await readInput(input);
  const name = input === STDIO ? 'standard input' : input;
  const { data, report } = await recolorBuffer(bytes, settings.recipe, { ...options, name });
  if (output === STDIO) await writeStdout(data);
  else await writeWhole(output, async (temp) => (await import('node:fs/promises')).writeFile(temp, data));
  return { ...report, input: name, output: output === STDIO ? 'standard output' : output };
}

function reportFailure(
  { input, output }: BatchItem,
  error: unknown,
  { json }: ShineSettings,
  progress: Progress,
): void {
  const message = error instanceof Error ? error.message : String(error);
  if (json) {
    const code = error instanceof ColorshineError ? error.code : 'UNEXPECTED';
    writeJson({ input, output, status: 'failed', code, message }, output === STDIO);
  }
  progress.log(`colorshine: ${message}`);
}

function printDryRun(items: readonly BatchItem[], json: boolean): number {
  for (const { input, output, action, reason } of items) {
    const from = input === STDIO ? 'standard input' : input;
    const to = output === STDIO ? 'standard output' : output;
    if (json) writeJson({ input, output, status: 'planned', action, ...(reason && { reason }) });
    else process.stdout.write(`${action.padEnd(8)} ${from} -> ${to}${reason ? `  (${reason})` : ''}\n`);
  }
  return 0;
}

async function saveRecipe(recipe: Recipe | Plan, path: string | undefined): Promise<void> {
  if (path === undefined) return;
  if ('gamut' in recipe) {
    throw new ColorshineError('INVALID_OPTION', '--save-recipe: expected attractors or a recipe, got a plan');
  }
  const { writeFile } = await import('node:fs/promises');
  await writeWhole(path, (temp) => writeFile(temp, formatRecipe(recipe)));
}

function readFormat(name: string | undefined) {
  if (name === undefined) return undefined;
  const format = formatFromName(name);
  if (format) return format;
  throw new ColorshineError(
    'INVALID_OPTION',
    `--format: expected one of jpeg, png, webp, gif, tiff, avif, got ${quote(name)}`,
  );
}

function textOption<K extends string>(key: K, value: unknown): Partial<Record<K, string>> {
  return typeof value === 'string' ? ({ [key]: value } as Record<K, string>) : {};
}

/** @param isImageOnStdout the object then goes to standard error */
function writeJson(value: object, isImageOnStdout = false): void {
  (isImageOnStdout ? process.stderr : process.stdout).write(`${JSON.stringify(value)}\n`);
}

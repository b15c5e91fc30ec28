import { messageOf } from '../../core/errors.js';
import {
  type Cancel,
  ColorshineError,
  type LutOptions,
  type Plan,
  type Recipe,
  type StrategyChoice,
} from '../../core/index.js';
import { toFileShape } from '../../core/recipe.js';
import type { Engine } from '../engine.js';
import { formatForOutput } from '../image/format-names.js';
import type { Stage } from '../pipeline/stage.js';
import { recolorBuffer } from '../recolor-buffer.js';
import { recolorFile } from '../recolor-file.js';
import type { Report } from '../report.js';
import { type BatchItem, checkItem, STDIO } from './batch.js';
import type { ExplainContext } from './explain.js';
import type { ShineValues } from './flags.js';
import { imageOptions } from './image-options.js';
import { summaryLine, verboseLines } from './print.js';
import type { Progress } from './progress.js';
import { readStdin, writeJson, writeOutput } from './stdio.js';

/** What all images of a batch share. */
export interface ShineSettings {
  readonly recipe: Recipe | Plan;
  readonly values: ShineValues;
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

interface BatchManner {
  readonly signal: Cancel;
  readonly json: boolean;
  /** Starts nothing more after a failure. */
  readonly failFast?: boolean | undefined;
  /** Images at once. Default 1. */
  readonly concurrency?: number;
}

/** Does the work for each image of a batch; what fails is told, and the others go on. @returns the exit code, as `shine` */
export async function runItems(
  items: readonly BatchItem[],
  { signal, json, failFast, concurrency = 1 }: BatchManner,
  progress: Progress,
  work: (item: BatchItem) => Promise<void>,
): Promise<number> {
  const errors: unknown[] = [];
  let done = 0;
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item; item = queue.shift()) {
      if (signal.aborted || (failFast && errors.length > 0)) return;
      let hasFailed = false;
      try {
        await work(item);
        done++;
      } catch (error) {
        if (error instanceof ColorshineError && error.code === 'CANCELED') return;
        hasFailed = true;
        errors.push(error);
        tellFailure(item, error, json, progress);
      } finally {
        progress.finish(item.input, hasFailed);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
  if (signal.aborted) return 130;
  if (errors.length === 0) return 0;
  return done === 0 && errors.every((error) => error instanceof ColorshineError && error.isUsage) ? 2 : 1;
}

/** Recolors a batch, some images at once. @returns the exit code, as `shine` */
export function runBatch(
  items: readonly BatchItem[],
  settings: ShineSettings,
  progress: Progress,
  concurrency: number,
): Promise<number> {
  const manner = { ...settings, failFast: settings.values.failFast, concurrency };
  return runItems(items, manner, progress, (item) => runItem(item, settings, progress));
}

async function runItem(item: BatchItem, settings: ShineSettings, progress: Progress): Promise<void> {
  const { input, output } = item;
  if (item.action === 'skip') {
    if (settings.json) writeJson({ input, output, status: 'skipped', reason: item.reason });
    else if (!settings.quiet) progress.log(`${input}: skipped, ${item.reason}`);
    return;
  }
  checkItem(item);
  const report = await recolorItem(item, settings, progress);
  const notices = [...report.notices, ...settings.notices];
  if (settings.json) {
    const explain = settings.explain && { explain: settings.explain };
    return writeJson(
      { ...report, plan: toFileShape(report.plan), notices, ...explain, status: 'done' },
      output === STDIO,
    );
  }
  if (settings.explain) {
    const { explainLines } = await import('./explain.js');
    for (const line of explainLines(report, settings.explain)) progress.log(line);
  }
  if (settings.verbose) {
    for (const line of verboseLines(report, settings.values.tileSize)) progress.log(line);
    for (const notice of notices) progress.log(`INFO: Note: ${notice}`);
  } else if (!settings.quiet) {
    progress.log(summaryLine(report));
    for (const notice of report.notices) progress.log(`  note: ${notice}`);
  }
}

async function recolorItem({ input, output }: BatchItem, settings: ShineSettings, progress: Progress): Promise<Report> {
  const { quality, preview, hierarchical, force, format = formatForOutput(output, input) } = settings.values;
  const options = {
    engine: settings.engine,
    strategy: settings.strategy,
    lut: settings.lut,
    approximate: settings.approximate,
    anyGamut: settings.anyGamut,
    signal: settings.signal,
    onStage: (stage: Stage) => progress.stage(input, stage),
    onProgress: (stage: Stage, share: number) => progress.stage(input, stage, share),
    ...{ format, quality },
    ...imageOptions(settings.values),
  };
  if (input !== STDIO && output !== STDIO) {
    const coarse = hierarchical && { hierarchical, measureRadiusError: settings.verbose || settings.json };
    return recolorFile(input, output, settings.recipe, { ...options, ...coarse, preview, force });
  }
  for (const [name, value] of Object.entries({ preview, hierarchical })) {
    if (value) {
      throw new ColorshineError('INVALID_OPTION', `--${name}: expected files, got standard input or output`);
    }
  }
  const { readInput } = await import('../files/input.js');
  const bytes = input === STDIO ? await readStdin() : await readInput(input);
  const name = input === STDIO ? 'standard input' : input;
  let report: Report | undefined;
  await writeOutput(output, async () => {
    const made = await recolorBuffer(bytes, settings.recipe, { ...options, name });
    report = made.report;
    return made.data;
  });
  return { ...(report as unknown as Report), input: name, output: output === STDIO ? 'standard output' : output };
}

function tellFailure({ input, output }: BatchItem, error: unknown, json: boolean, progress: Progress): void {
  const message = messageOf(error);
  if (json) {
    const code = error instanceof ColorshineError ? error.code : 'UNEXPECTED';
    writeJson({ input, output, status: 'failed', code, message }, output === STDIO);
  }
  // Our own errors name the picture; what else there may be, such as memory that ran out, does not.
  progress.log(`colorshine: ${error instanceof ColorshineError ? '' : `${input}: `}${message}`);
}

import { createHash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Backend } from '../../core/backend.js';
import {
  type Cancel,
  type Lut,
  type LutStore,
  type Pixels,
  type Plan,
  type Recipe,
  recolorPixels,
  type Samples,
} from '../../core/index.js';
import { isPlan } from '../../core/plan-file.js';
import type { RecolorTimings } from '../../core/types.js';
import type { DecodedImage } from '../image/decode.js';
import { compareRadii, planCoarsely, type RadiusError } from './coarse-radii.js';
import { type Configuration, isApproximate } from './configurations.js';
import { type Difference, measureDifference } from './difference.js';
import { type Spread, spreadOf } from './statistics.js';

/** A configuration at one size. */
export interface BenchRow extends Configuration {
  /** Undefined when it could not run; then `why` says the reason. */
  readonly result?: BenchRowResult;
  readonly why?: string;
}

export interface BenchRowResult {
  /** Milliseconds without decoding and encoding. */
  readonly milliseconds: Spread;
  /** Million pixels a second at the median. */
  readonly megapixelsPerSecond: number;
  /** Medians of the stages, milliseconds. */
  readonly stages: RecolorTimings;
  /** From the exact result: of the js backend, every pixel in float64. */
  readonly difference: Difference;
  /** False when a way that calls itself exact is more than 1/255 off. */
  readonly isRight: boolean;
  /** First eight hex digits of the result's SHA-256. */
  readonly checksum: string;
  /** Of the way `hierarchical`. */
  readonly radiusError?: RadiusError;
}

/** A configuration with its backend, or why there is none. */
export interface Runner {
  readonly configuration: Configuration;
  readonly backend?: Backend;
  readonly why?: string;
}

/** What all configurations work on. */
export interface TurnSubject {
  readonly image: DecodedImage;
  readonly encoded: Buffer;
  /** Memory for the result. */
  readonly work: Pixels;
  readonly recipe: Recipe | Plan;
  /** The exact one. */
  readonly plan: Plan;
  readonly signal: Cancel;
}

/** One configuration at one size, run by run. */
export function createTurn(
  runner: Runner,
  { image, encoded, work, recipe, plan, signal }: TurnSubject,
): { runner: Runner; run(counts: boolean, exact?: Samples): Promise<void>; finish(): BenchRow } {
  const { configuration, backend } = runner;
  const base = image.pixels;
  const { strategy, lutSize, kept } = configuration;
  const times: number[] = [];
  const stages: RecolorTimings[] = [];
  const store = kept ? createMemoryStore() : undefined;
  let why = runner.why;
  let checked: Pick<BenchRowResult, 'difference' | 'isRight' | 'checksum'> | undefined;
  if (strategy === 'table' && base.data instanceof Uint16Array) why = 'a table needs an 8-bit image';
  if (strategy === 'hierarchical' && isPlan(recipe)) why = 'the radii of a plan are frozen';
  const coarseTimes: number[] = [];
  let radii: Pick<RadiusError, 'distance' | 'share'> | undefined;

  async function run(counts: boolean, exact?: Samples): Promise<void> {
    if (why !== undefined || !backend) return;
    work.data.set(base.data);
    const began = performance.now();
    let settled = kept ? plan : recipe;
    if (strategy === 'hierarchical' && !isPlan(recipe)) {
      const coarse = await planCoarsely(image, encoded, recipe, backend);
      if (counts) coarseTimes.push(coarse.milliseconds);
      radii ??= compareRadii(coarse.plan, plan);
      settled = coarse.plan;
    }
    const report = await recolorPixels(work, settled, {
      backend,
      strategy: strategy === 'hierarchical' ? 'auto' : strategy,
      signal,
      now: () => performance.now(),
      ...(lutSize && { lut: { size: lutSize, measureError: false, ...(store && { store }) } }),
    });
    const elapsed = performance.now() - began;
    if (counts) {
      times.push(elapsed);
      stages.push(report.timings);
    }
    if (!exact) return;
    const difference = measureDifference(work.data, exact, base.channels);
    const bytes = new Uint8Array(work.data.buffer, work.data.byteOffset, work.data.byteLength);
    const checksum = createHash('sha256').update(bytes).digest('hex').slice(0, 8);
    checked = { difference, isRight: isApproximate(configuration) || difference.max <= 1, checksum };
  }

  return {
    runner,
    run,
    finish() {
      if (why !== undefined || !checked) return { ...configuration, why: why ?? 'it did not run' };
      const milliseconds = spreadOf(times);
      const megapixelsPerSecond = (base.width * base.height) / milliseconds.median / 1000;
      return {
        ...configuration,
        result: {
          milliseconds,
          megapixelsPerSecond,
          stages: medianStages(stages),
          ...checked,
          ...(radii && { radiusError: { ...radii, milliseconds: spreadOf(coarseTimes).median } }),
        },
      };
    },
  };
}

function createMemoryStore(): LutStore {
  let kept: Lut | undefined;
  return {
    async fetch(_request, build) {
      const hit = kept !== undefined;
      return { lut: (kept ??= await build()), hit, explanation: hit ? 'kept' : 'built' };
    },
  };
}

function medianStages(list: readonly RecolorTimings[]): RecolorTimings {
  const median = (key: keyof RecolorTimings): number => spreadOf(list.map((timings) => timings[key])).median;
  return { census: median('census'), radii: median('radii'), pull: median('pull'), repaint: median('repaint') };
}

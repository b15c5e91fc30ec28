import type { Census } from './analysis/census.js';
import type { PixelBuckets } from './analysis/pixel-buckets.js';
import type { Radius } from './analysis/radius.js';
import type { PlanTarget } from './analysis/targets.js';

import type { Lut, LutSampler } from './lut/lut.js';
import type { OpenPicture, PictureOptions } from './open-picture.js';
import type { Interpolation, StrategyChoice } from './options.js';
import type { RecolorReport } from './report.js';
import type { Center } from './row/distance.js';
import type { Cancel, Gamut, Pixels, Plan, Recipe } from './types.js';

/** Where the pull is evaluated. */
export type BackendName = 'js' | 'wasm' | 'webgl2' | 'webgpu';

/**
 * Evaluates a plan on colors. Agrees with `pull` within 1/255 on all 2^24 colors, is identical to it on at least
 * 99.9 % of them, and decides membership (distance < radius) exactly as it does.
 */
export interface Backend {
  readonly name: BackendName;
  /**
   * @param colors packed 8-bit colors (color/packed.ts); left as they were
   * @param out receives the new colors, same length; may not overlap `colors`
   * @throws CANCELED, BACKEND_FAILED
   */
  evaluate(colors: Uint32Array, plan: Plan, out: Uint32Array, signal?: Cancel): Promise<void>;
  /**
   * The same for 16-bit colors. Absent on backends that cannot; js always can.
   *
   * @param samples RGB or RGBA, 16 bits each, changed in place; alpha is left alone
   */
  evaluate16?(samples: Uint16Array, channels: 3 | 4, plan: Plan, signal?: Cancel): Promise<void>;
  /**
   * `sortPixels` of 16-bit pixels, faster: by several threads, for example. A distance may be one bucket off, but is so every time: a picture
   * that is sorted twice in the same parts has the same buckets.
   *
   * @param out as `sortPixels` takes it, at most SORT_TARGETS of them; undefined after a throw
   * @returns false when the backend declines; `out.counts` are then as they were
   * @throws CANCELED
   */
  sortPixels16?(
    samples: Uint16Array,
    channels: 3 | 4,
    centers: readonly Center[],
    gamut: Gamut,
    out: readonly PixelBuckets[],
    signal?: Cancel,
  ): Promise<boolean>;
  /**
   * Every combination of the values of one axis, as the nodes of a lookup table, without rounding. Absent on backends that
   * only know 8-bit colors. In float64, so that a table does not depend on the backend.
   *
   * @param axis encoded components, 0 to 1, 2 to 256 of them
   * @param out receives encoded RGB, 0 to 1, of axis.length ^ 3 nodes, red fastest, then green, then blue
   */
  evaluateGrid?(axis: Float64Array, plan: Plan, out: Float32Array, signal?: Cancel): Promise<void>;
  /**
   * A faster sampler that gives the bytes of `createSampler` (lut/sample.ts).
   *
   * @returns undefined where this backend has none
   */
  createSampler?(lut: Lut, interpolation: Interpolation, maxCode: 255 | 65535): Promise<LutSampler | undefined>;
  /**
   * Opens a picture for its own stages, which give the bytes and plans of the core's (`openInCore`) but faster. Absent on backends that
   * only know colors.
   *
   * @param pixels checked; `gamut` says in which the plans are
   * @returns undefined when the backend declines
   */
  openPicture?(pixels: Pixels, options: PictureOptions): Promise<OpenPicture | undefined>;
  /**
   * The radii of `radiusInCensus`, faster. Absent on backends that cannot.
   *
   * @param census counts are whole numbers
   * @param targets whose reaches are tolerances
   * @returns undefined when the backend declines
   * @throws CANCELED
   */
  measureCensus?(
    census: Census,
    targets: readonly PlanTarget[],
    gamut: Gamut,
    signal?: Cancel,
  ): Promise<readonly Radius[] | undefined>;
  /**
   * `recolorPixels` as a whole on another thread, as soon as one has nothing to do: for one picture of many, while this thread starts the
   * next decoder.
   *
   * @returns undefined when the backend declines; `data` is then as it was
   * @throws what `recolorPixels` throws; `data` is then as it was
   */
  recolorApart?(
    pixels: Pixels,
    recipeOrPlan: Recipe | Plan,
    strategy: StrategyChoice,
    signal?: Cancel,
  ): Promise<RecolorReport | undefined>;
  /** What has been sent to a device since the backend was created. Absent where there is none. */
  stats?(): DeviceStats | undefined;
  /** Frees what the backend holds. It must not be used afterwards. */
  dispose(): void;
}

/** Work given to a device with memory of its own. */
export interface DeviceStats {
  readonly device: string;
  /** Colors of a large tile, after fitting it to memory. */
  readonly tileSize: number;
  /** Estimated bytes of device memory at that size. */
  readonly estimatedBytes: number;
  readonly tiles: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
}

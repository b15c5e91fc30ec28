import { bucketScale, NO_BUCKET, type PixelBuckets, type Target } from '../../core/analysis/pixel-buckets.js';
import {
  CHROMA_SEARCH_EPSILON,
  GAMUT_EPSILON,
  JUST_NOTICEABLE_DIFFERENCE,
  LIGHTNESS_EPSILON,
} from '../../core/color/gamut.js';
import { linearTableFor } from '../../core/color/linear-tables.js';
import { LMS_FROM_OKLAB, OKLAB_FROM_LMS } from '../../core/color/matrices.js';
import { gamutMatrices } from '../../core/color/oklab.js';
import { POWERLESS_CHROMA } from '../../core/color/powerless.js';
import { ATTRACTOR_STRIDE, compilePlan } from '../../core/compiled-plan.js';
import { HUELESS_LENGTH } from '../../core/pull.js';
import type { Gamut, Plan } from '../../core/types.js';
import { createDeepPuller } from '../js/pull-deep.js';
import {
  CURVE,
  CURVE_INTERVALS,
  D_ATTRACTORS,
  D_COUNT,
  D_FROM_LMS,
  D_FROM_OKLAB,
  D_GAMUT_EPSILON,
  D_HUE,
  D_HUELESS_LENGTH,
  D_JUST_NOTICEABLE,
  D_LIGHTNESS_EPSILON,
  D_LUMINANCE,
  D_POWERLESS_CHROMA,
  D_SATURATION,
  D_SEARCH_EPSILON,
  D_TO_LMS,
  D_TO_OKLAB,
  DA_SCALE,
  DEEP_ATTRACTOR_NUMBERS,
  DEEP_BUCKETS,
  DEEP_CHUNK,
  DEEP_LINEAR,
  DEEP_MAX_ATTRACTORS,
  DEEP_MEMORY_BYTES,
  DEEP_PARAMETERS,
  DOUBTS,
  SAMPLES,
} from './assembly/deep-layout.js';

/** An instance of the 16-bit kernel with a memory of its own. */
export interface DeepKernel {
  /** `createDeepPuller`, its reference, three times as fast. @returns recolors at most DEEP_CHUNK pixels */
  createPuller(plan: Plan): (samples: Uint16Array, channels: 3 | 4) => void;
  /** `sortPixels`, but a distance may be one bucket off. @param samples at most DEEP_CHUNK pixels */
  sort(
    samples: Uint16Array,
    channels: 3 | 4,
    targets: readonly Target[],
    gamut: Gamut,
    out: readonly PixelBuckets[],
  ): void;
}

export function createDeepKernel(module: WebAssembly.Module): DeepKernel {
  const pages = Math.ceil(DEEP_MEMORY_BYTES / 65536);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const pullDeep = exports.pullDeep as (count: number, step: number) => number;
  const measureDeep = exports.measureDeep as (count: number, step: number, targets: number) => void;
  writeTables(memory.buffer);
  const parameters = new Float64Array(memory.buffer, DEEP_PARAMETERS, (DEEP_LINEAR - DEEP_PARAMETERS) / 8);
  const room = new Uint16Array(memory.buffer, SAMPLES, DEEP_CHUNK * 4);
  const doubtful = new Uint32Array(memory.buffer, DOUBTS, DEEP_CHUNK * 4);
  const one = new Uint16Array(4);

  return {
    createPuller(plan) {
      const block = packPlan(plan);
      const settle = createDeepPuller(plan);
      if (!block) return settle;
      return (samples, channels) => {
        parameters.set(block);
        room.set(samples);
        const doubts = pullDeep(samples.length / channels, channels * 2);
        for (let n = 0; n < doubts; n++) {
          const at = (doubtful[n] as number) * channels;
          for (let k = 0; k < 3; k++) one[k] = samples[at + k] as number;
          settle(one, 4);
          for (let k = 0; k < 3; k++) room[at + k] = one[k] as number;
        }
        samples.set(samples.length === room.length ? room : room.subarray(0, samples.length));
      };
    },
    sort(samples, channels, targets, gamut, out) {
      parameters.set(packTargets(targets, gamut));
      room.set(samples);
      const count = samples.length / channels;
      measureDeep(count, channels * 2, targets.length);
      out.forEach(({ buckets, counts }, t) => {
        buckets.set(new Uint16Array(memory.buffer, DEEP_BUCKETS + t * DEEP_CHUNK * 2, count));
        for (let n = 0; n < count; n++) {
          if (channels === 4 && samples[n * 4 + 3] === 0) {
            buckets[n] = NO_BUCKET;
            continue;
          }
          const bucket = buckets[n] as number;
          counts[bucket] = (counts[bucket] as number) + 1;
        }
      });
    },
  };
}

function writeTables(memory: ArrayBuffer): void {
  new Float64Array(memory, DEEP_LINEAR, 65536).set(linearTableFor(new Uint16Array(0)));
  // The curve's upper part, continued below its end, so that no interval has a kink.
  const curve = new Float64Array(memory, CURVE, CURVE_INTERVALS + 2);
  for (let i = 0; i < curve.length; i++) {
    curve[i] = (1.055 * ((i / CURVE_INTERVALS) ** 2) ** (1 / 2.4) - 0.055) * 65535;
  }
}

/** The core's own matrices, thresholds and targets. @returns undefined when there are more than fit */
function packPlan(plan: Plan): Float64Array | undefined {
  const { toLms, fromLms, luminance, saturation, hue, count, attractors } = compilePlan(plan);
  if (count > DEEP_MAX_ATTRACTORS) return undefined;
  const block = new Float64Array(D_ATTRACTORS + count * DEEP_ATTRACTOR_NUMBERS);
  block.set(toLms, D_TO_LMS);
  block.set(OKLAB_FROM_LMS, D_TO_OKLAB);
  block.set(LMS_FROM_OKLAB, D_FROM_OKLAB);
  block.set(fromLms, D_FROM_LMS);
  block[D_LUMINANCE] = Number(luminance);
  block[D_SATURATION] = Number(saturation);
  block[D_HUE] = Number(hue);
  block[D_JUST_NOTICEABLE] = JUST_NOTICEABLE_DIFFERENCE;
  block[D_POWERLESS_CHROMA] = POWERLESS_CHROMA;
  block[D_HUELESS_LENGTH] = HUELESS_LENGTH;
  block[D_LIGHTNESS_EPSILON] = LIGHTNESS_EPSILON;
  block[D_GAMUT_EPSILON] = GAMUT_EPSILON;
  block[D_SEARCH_EPSILON] = CHROMA_SEARCH_EPSILON;
  block[D_COUNT] = count;
  for (let i = 0; i < count; i++) {
    const numbers = attractors.subarray(i * ATTRACTOR_STRIDE, (i + 1) * ATTRACTOR_STRIDE);
    block.set(numbers, D_ATTRACTORS + i * DEEP_ATTRACTOR_NUMBERS);
  }
  return block;
}

function packTargets(targets: readonly Target[], gamut: Gamut): Float64Array {
  const block = new Float64Array(D_ATTRACTORS + targets.length * DEEP_ATTRACTOR_NUMBERS);
  block.set(gamutMatrices(gamut).toLms, D_TO_LMS);
  block.set(OKLAB_FROM_LMS, D_TO_OKLAB);
  targets.forEach((target, i) => {
    const at = D_ATTRACTORS + i * DEEP_ATTRACTOR_NUMBERS;
    block.set(target, at);
    block[at + DA_SCALE] = bucketScale(target);
  });
  return block;
}

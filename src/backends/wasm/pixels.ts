import type { PixelBuckets, Target } from '../../core/analysis/pixel-buckets.js';
import type { Backend } from '../../core/backend.js';
import { throwIfCanceled } from '../../core/errors.js';
import type { Lut } from '../../core/lut/lut.js';
import { createSampler, type LutSampler } from '../../core/lut/sample.js';
import type { Interpolation } from '../../core/options.js';
import type { Cancel, Gamut } from '../../core/types.js';
import { createBreath } from '../breath.js';
import { compileDeepKernel } from './compile.js';
import type { JobRunner } from './jobs.js';
import type { PixelJob, SharedLut } from './pixel-jobs.js';
import type { Pool } from './pool.js';
import { SharedBlock, SortRoom } from './shared-memory.js';

/** Below this many pixels (2 ms) waking the workers costs more than they save. */
const SHARED_MIN_PIXELS = 1 << 15;
/** Below this many pixels js is done before the 16-bit kernel is ready. */
const KERNEL_MIN_PIXELS = 1 << 13;
/** Pixels of a block for each thread: 10 ms, a hundred times what handing them out takes. */
const BLOCK_PIXELS = 1 << 17;
/** And for all of them. */
const MAX_BLOCK_PIXELS = 1 << 21;

/** What the wasm backend does with pixels, as opposed to colors. */
export interface PixelWorks {
  readonly backend: Required<Pick<Backend, 'evaluate16' | 'sortPixels16'>>;
  /** The core's own sampler, by several threads for large pictures. */
  createSampler(lut: Lut, interpolation: Interpolation, maxCode: 255 | 65535): LutSampler;
}

/** Lends workers that share memory, to one caller at a time. */
export interface PixelHelpers {
  /**
   * @returns what `work` returns; undefined when there are no workers, somebody else has them, or one was lost: `work` has
   *   then perhaps begun
   */
  together<T>(pixels: number, work: (pool: Pool) => Promise<T>): Promise<T | undefined>;
}

/**
 * Pixels without a table: 16-bit pictures, and lookup tables that SIMD has no kernel for. They are worked on block by block, each copied to
 * shared memory where all threads take pieces of it; any number of threads gives the same result, and canceling
 * takes effect between blocks.
 */
export function createPixelWorks(runner: JobRunner, helpers: PixelHelpers, hasSimd: boolean): PixelWorks {
  let compiling: Promise<WebAssembly.Module | undefined> | undefined;
  /** Compiled on first use; where that fails js does the work. */
  async function deepModule(pixels: number): Promise<WebAssembly.Module | undefined> {
    if (!hasSimd || pixels < KERNEL_MIN_PIXELS) return undefined;
    return (compiling ??= compileDeepKernel().catch(() => undefined));
  }

  let kept: SharedBlock | undefined;

  /** Goes over the samples block by block. @param pool undefined: this thread does all, where the samples are */
  async function eachBlock<T extends Uint8Array | Uint16Array>(
    pool: Pool | undefined,
    { samples, channels, signal, isChanged }: Pass<T>,
    makeJob: (block: T, next: Int32Array, thread: number, start: number) => PixelJob,
    onDone: (start: number, end: number) => void = () => {},
  ): Promise<void> {
    const size = Math.min(blockPixels(pool) * channels, samples.length);
    const breathe = createBreath();
    for (let start = 0; start < samples.length; start += size) {
      throwIfCanceled(signal);
      const original = samples.subarray(start, start + size) as T;
      if (pool) {
        const bytes = size * samples.BYTES_PER_ELEMENT;
        if (!kept || kept.bytes < bytes) kept = new SharedBlock(bytes);
        const { next } = kept;
        const block = kept.view(original);
        block.set(original);
        next[0] = 0;
        const [own, ...theirs] = Array.from({ length: pool.size + 1 }, (_, i) => makeJob(block, next, i, start));
        await pool.run(theirs, () => runner.run(own as PixelJob));
        if (isChanged) original.set(block);
      } else {
        runner.run(makeJob(original, new Int32Array(1), 0, start));
      }
      onDone(start, start + original.length);
      await breathe();
    }
  }

  /** Recolors with all threads as far as they get, and the rest on this one. */
  async function recolor<T extends Uint8Array | Uint16Array>(
    { samples, channels, signal }: Omit<Pass<T>, 'isChanged'>,
    makeJob: (block: T, next: Int32Array) => PixelJob,
  ): Promise<void> {
    let done = 0;
    if (samples.length / channels >= SHARED_MIN_PIXELS) {
      await helpers.together(samples.length / channels, (pool) =>
        eachBlock(pool, { samples, channels, signal, isChanged: true }, makeJob, (_, end) => {
          done = end;
        }),
      );
    }
    await eachBlock(
      undefined,
      { samples: samples.subarray(done) as T, channels, signal, isChanged: true },
      (block, next) => makeJob(block, next),
    );
  }

  let room: SortRoom | undefined;

  async function sort(
    pool: Pool | undefined,
    { samples, channels, targets, gamut, out, signal }: SortRequest,
  ): Promise<void> {
    const module = await deepModule(samples.length / channels);
    if (!pool) {
      await eachBlock(undefined, { samples, channels, signal, isChanged: false }, (part, next, _, start) => {
        const [first, last] = [start / channels, (start + part.length) / channels];
        const sorted = out.map(({ buckets, counts }) => ({ buckets: buckets.subarray(first, last), counts }));
        return { kind: 'sort16', samples: part, channels, targets, gamut, sorted, module, next };
      });
      return;
    }
    const threads = pool.size + 1;
    if (room?.threads !== threads) room = new SortRoom(threads, blockPixels(pool));
    const { buckets, counts } = room;
    for (const own of counts) for (const numbers of own) numbers.fill(0);
    await eachBlock(
      pool,
      { samples, channels, signal, isChanged: false },
      (part, next, thread) => {
        const sorted = targets.map((_, i) => ({
          buckets: buckets[i] as Uint16Array,
          counts: counts[thread]?.[i] as Uint32Array,
        }));
        return { kind: 'sort16', samples: part, channels, targets, gamut, sorted, module, next };
      },
      (start, end) => {
        const [first, last] = [start / channels, end / channels];
        for (const [i, own] of out.entries()) {
          own.buckets.set((buckets[i] as Uint16Array).subarray(0, last - first), first);
        }
      },
    );
    for (const [i, own] of out.entries()) for (const numbers of counts) addTo(own.counts, numbers[i] as Uint32Array);
  }

  const backend: PixelWorks['backend'] = {
    async evaluate16(samples, channels, plan, signal) {
      const module = await deepModule(samples.length / channels);
      await recolor({ samples, channels, signal }, (block, next) => ({
        kind: 'pull16',
        samples: block,
        channels,
        plan,
        module,
        next,
      }));
    },
    async sortPixels16(samples, channels, targets, gamut, out, signal) {
      const request = { samples, channels, targets, gamut, out, signal };
      const count = samples.length / channels;
      const isLarge = count >= SHARED_MIN_PIXELS;
      const isDone = isLarge && (await helpers.together(count, (pool) => sort(pool, request).then(() => true)));
      if (!isDone) await sort(undefined, request);
      return true;
    },
  };
  return {
    backend,
    createSampler(lut, interpolation, maxCode) {
      const own = createSampler(lut, interpolation, maxCode);
      let table: SharedLut | undefined;
      return {
        apply: own.apply,
        async applyTogether(data, channels, signal) {
          const samples = data instanceof Uint16Array ? data : bytesOf(data);
          if (samples.length / channels < SHARED_MIN_PIXELS) return own.apply(samples, channels);
          table ??= { id: nextTable++, lut: shareLut(lut), interpolation, maxCode };
          const shared = table;
          await recolor<Uint8Array | Uint16Array>({ samples, channels, signal }, (block, next) => ({
            kind: 'look-up',
            samples: block,
            table: shared,
            channels,
            next,
          }));
        },
      };
    },
  };
}

let nextTable = 1;

/** Structured cloning would copy the values for each thread and block. */
function shareLut({ shaper, nodes, ...rest }: Lut): Lut {
  const share = (values: Float32Array): Float32Array => {
    const shared = new Float32Array(new SharedArrayBuffer(values.byteLength));
    shared.set(values);
    return shared;
  };
  return { ...rest, nodes: share(nodes), ...(shaper && { shaper: { ...shaper, values: share(shaper.values) } }) };
}

function bytesOf(samples: Uint8Array | Uint8ClampedArray): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}

interface Pass<T> {
  readonly samples: T;
  readonly channels: 3 | 4;
  readonly signal: Cancel | undefined;
  /** The workers write to the samples. */
  readonly isChanged: boolean;
}

interface SortRequest {
  readonly samples: Uint16Array;
  readonly channels: 3 | 4;
  readonly targets: readonly Target[];
  readonly gamut: Gamut;
  readonly out: readonly PixelBuckets[];
  readonly signal: Cancel | undefined;
}

function blockPixels(pool: Pool | undefined): number {
  return Math.min(MAX_BLOCK_PIXELS, BLOCK_PIXELS * ((pool?.size ?? 0) + 1));
}

function addTo(sum: Uint32Array, counts: Uint32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (counts[i] as number);
}

import { PIXEL_BUCKETS, type PixelBuckets } from '../../core/analysis/pixel-buckets.js';
import type { Backend } from '../../core/backend.js';
import type { Center } from '../../core/row/distance.js';
import type { Cancel, Gamut, Plan } from '../../core/types.js';
import { CHUNK } from './assembly/layout.js';
import { sortCounts } from './block-kernels.js';
import { type Engine, ThreadLost } from './engine.js';
import type { Heap } from './heap.js';
import { DOUBLE, writeCenters, writePlan } from './parameters.js';
import { flowOf } from './samples.js';
import { writeDeepTables } from './thread.js';

/** What the engine does with 16-bit pixels. Any number of threads gives the same result. */
export function createDeepStages(engine: Engine): Required<Pick<Backend, 'evaluate16' | 'sortPixels16'>> {
  let written: WeakRef<Heap> | undefined;

  /** 600 kB that only 16-bit pictures need. */
  function writeTablesOnce(heap: Heap): void {
    if (written?.deref() === heap) return;
    written = new WeakRef(heap);
    writeDeepTables(heap);
  }

  async function sort(
    samples: Uint16Array,
    channels: 3 | 4,
    targets: readonly Center[],
    gamut: Gamut,
    out: readonly PixelBuckets[],
    signal: Cancel | undefined,
  ): Promise<void> {
    const countsOf = ({ u32, threads }: Heap): Uint32Array[][] =>
      Array.from({ length: threads }, (_, thread) => sortCounts(u32, thread));
    await engine.run({
      kernel: 'sortDeep',
      setup: { targets, gamut, channels },
      ...flowOf(samples, channels, CHUNK),
      accumulates: true,
      signal,
      begin(heap) {
        for (const own of countsOf(heap)) for (const counts of own) counts.fill(0);
      },
      end(heap) {
        for (const [t, { counts }] of out.entries()) {
          for (const own of countsOf(heap)) addTo(counts, own[t] as Uint32Array);
        }
      },
      prepare(own) {
        writeTablesOnce(own);
        writeCenters(own, targets, gamut, DOUBLE);
      },
      take(block, { results }, _result, { u16 }) {
        for (const [t, { buckets }] of out.entries()) {
          const first = results / 2 + t * CHUNK;
          const part = buckets.subarray(block * CHUNK, (block + 1) * CHUNK);
          part.set(u16.subarray(first, first + part.length));
        }
      },
    });
  }

  return {
    async evaluate16(samples: Uint16Array, channels: 3 | 4, plan: Plan, signal?: Cancel) {
      await engine.run({
        kernel: 'pullDeep',
        setup: { plan, channels },
        ...flowOf(samples, channels, CHUNK, 'input'),
        signal,
        prepare(heap) {
          writeTablesOnce(heap);
          writePlan(heap, plan, DOUBLE);
        },
      });
    },
    async sortPixels16(samples, channels, targets, gamut, out, signal) {
      for (;;) {
        try {
          await sort(samples, channels, targets, gamut, out, signal);
          return true;
        } catch (error) {
          if (!(error instanceof ThreadLost)) throw error; // those that remain sort it again
        }
      }
    },
  };
}

function addTo(sum: Uint32Array, counts: Uint32Array): void {
  for (let i = 0; i < PIXEL_BUCKETS; i++) sum[i] = (sum[i] as number) + (counts[i] as number);
}

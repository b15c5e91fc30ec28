import { describe, expect, it } from 'vitest';
import { createWasmBackend } from '../../../src/backends/wasm/index.js';
import { NODE_THREADS } from '../../../src/backends/wasm/node-threads.js';
import { createThreadScale } from '../../../src/backends/wasm/thread-scale.js';
import { makeRecipe, recolorPixels } from '../../../src/index.js';
import { copyOf, makePicture, sameBytes } from '../../support/pictures.js';

/** Goes through a run of many blocks in legs of 10 ms on a machine where n threads take `cost(n)` ms for a block. */
function run(scale: ReturnType<typeof createThreadScale>, cost: (threads: number) => number, there = 8, blocks = 4000) {
  const pace = scale.start('count');
  const took: number[] = [];
  for (let left = blocks; left > 0; ) {
    const threads = Math.min(there, pace.threads(left, there));
    took.push(threads);
    const done = Math.min(left, Math.max(1, Math.floor(10 / cost(threads))));
    pace.note(threads, done, done * cost(threads));
    left -= done;
  }
  return { took, last: took.at(-1) };
}

describe('how many threads take part', () => {
  it('is found out once, by the clock: all where that is faster', () => {
    const scale = createThreadScale(8, true);
    const first = run(scale, (threads) => 1 / threads);
    expect(first.took.slice(0, 4)).toEqual([1, 8, 4, 8]);
    expect(new Set(run(scale, (threads) => 1 / threads).took)).toEqual(new Set([8]));
  });

  it('one where two are slower, as on two hardware threads of one core', () => {
    const scale = createThreadScale(2, true);
    expect(run(scale, (threads) => (threads === 2 ? 0.148 : 0.132), 2).last).toBe(1);
    expect(new Set(run(scale, () => 0.1, 2).took)).toEqual(new Set([1]));
  });

  it('half of them where memory is the limit', () => {
    const scale = createThreadScale(8, true);
    expect(run(scale, (threads) => [0, 1, 0.9, 0.9, 0.3, 0.4, 0.4, 0.4, 0.5][threads] as number).last).toBe(4);
  });

  it('for each kernel by itself', () => {
    const scale = createThreadScale(2, true);
    run(scale, (threads) => threads, 2);
    const other = scale.start('pull');
    expect(other.threads(1000, 2)).toBe(1); // its own trial begins
    other.note(1, 100, 10);
    expect(other.threads(900, 2)).toBe(2);
  });

  it('as many as asked for where somebody asks', () => {
    const scale = createThreadScale(4, false);
    const { took } = run(scale, (threads) => threads);
    expect(new Set(took.slice(0, 100))).toEqual(new Set([4]));
  });

  it('one for little work', () => {
    expect(createThreadScale(2, true).start('paint').threads(5, 2)).toBe(1);
  });
});

describe('workers', () => {
  function counting() {
    let started = 0;
    const support = {
      ...NODE_THREADS,
      startWorker() {
        started++;
        return NODE_THREADS.startWorker();
      },
    };
    return { support, started: () => started };
  }
  const recipe = makeRecipe(['#c05030;50;150', '#3060c0;40;80']);

  it('are not started by a small picture, at once by a batch or where they are wanted', async () => {
    const { support, started } = counting();
    const adaptive = await createWasmBackend({ threads: 2, support, isAdaptive: true });
    await recolorPixels(makePicture(3, 300, 200), recipe, { backend: adaptive, strategy: 'table' });
    expect(started()).toBe(0);
    await recolorPixels(makePicture(3, 300, 200), recipe, { backend: adaptive, strategy: 'table', isOneOfMany: true });
    expect(started()).toBe(1);
    adaptive.dispose();
    const { started: startedLate, support: late } = counting();
    const sparing = await createWasmBackend({ threads: 2, support: late, isAdaptive: true });
    const large = makePicture(3, 2200, 2000);
    const wanted = copyOf(large);
    await recolorPixels(wanted, recipe, { backend: await createWasmBackend(), strategy: 'table' });
    // Large work adds up: some pictures later they are there.
    for (let n = 0; n < 40 && startedLate() === 0; n++) {
      const got = copyOf(large);
      await recolorPixels(got, recipe, { backend: sparing, strategy: 'table' });
      expect(sameBytes(got, wanted)).toBe(true);
    }
    expect(startedLate()).toBe(1);
    for (let n = 0; n < 3; n++) {
      const got = copyOf(large);
      await recolorPixels(got, recipe, { backend: sparing, strategy: n === 2 ? 'direct' : 'table' });
      if (n < 2) expect(sameBytes(got, wanted)).toBe(true);
    }
    sparing.dispose();
    const eager = await createWasmBackend({ threads: 3, support, isAdaptive: true, startsAtOnce: true });
    expect(started()).toBe(3);
    eager.dispose();
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileKernels } from '../../../src/backends/wasm/compile.js';
import { createEngine, type Engine } from '../../../src/backends/wasm/engine.js';
import { NODE_THREADS } from '../../../src/backends/wasm/node-threads.js';
import { SINGLE, writePlan } from '../../../src/backends/wasm/parameters.js';
import { flowOf } from '../../../src/backends/wasm/samples.js';
import { createWorkers, type Workers } from '../../../src/backends/wasm/workers.js';
import { findCase, planOf } from '../../support/cases.js';

const plan = planOf(findCase('two colors'));
const CHANNELS = 3;
/** Of many blocks, the last of them not full. */
const PIXELS = 400_003;

let engine: Engine;
let workers: Workers;
beforeAll(async () => {
  ({ engine, workers } = await openEngine());
});
afterAll(() => engine.dispose());

/** Workers belong to one engine: they know one heap. */
async function openEngine(now = () => performance.now()): Promise<{ engine: Engine; workers: Workers }> {
  const workers = createWorkers(await compileKernels('simd'), 3, NODE_THREADS.startWorker, undefined);
  const engine = createEngine({ module: await NODE_THREADS.compileShared(), hasSimd: true, workers, now });
  await workers.start();
  return { engine, workers };
}

const source = (): Uint8Array =>
  Uint8Array.from({ length: PIXELS * CHANNELS }, (_, i) => Math.imul(i, 2654435761) >>> 24);

function pulling(data: Uint8Array) {
  return {
    kernel: 'pullPixels' as const,
    setup: { plan, channels: CHANNELS } as const,
    ...flowOf(data, CHANNELS, 4096, 'input'),
    prepare: (heap: Parameters<typeof writePlan>[0]) => writePlan(heap, plan, SINGLE),
  };
}

/** Checks that the run takes each block once. @returns the new pixels */
async function runOnce(by: Engine): Promise<Uint8Array> {
  const data = source();
  const run = pulling(data);
  const taken = new Map<number, number>();
  await by.run({
    ...run,
    take(block, ...rest) {
      taken.set(block, (taken.get(block) ?? 0) + 1);
      run.take?.(block, ...rest);
    },
  });
  expect(taken.size).toBe(Math.ceil(PIXELS / 4096));
  expect(new Set(taken.values())).toEqual(new Set([1]));
  return data;
}

describe('a run', () => {
  it('does every block once, whoever takes it', async () => {
    await runOnce(engine);
  });

  it('leaves to the next leg what nobody has begun when time is up', async () => {
    const wanted = await runOnce(engine);
    // Each look at the clock finds a leg over.
    let time = 0;
    const hasty = await openEngine(() => (time += 30));
    expect(Buffer.compare(await runOnce(hasty.engine), wanted)).toBe(0);
    expect(hasty.workers.remaining).toBe(3);
    hasty.engine.dispose();
  });

  it('that fails on the calling thread has stopped everywhere, and the next one is right', async () => {
    const wanted = source();
    await engine.run(pulling(wanted));
    for (const fails of ['put', 'take'] as const) {
      const data = source();
      const run = pulling(data);
      let calls = 0;
      const failing = {
        ...run,
        [fails](...args: never[]) {
          if (++calls === 40) throw new Error(`${fails} failed`);
          return (run[fails] as (...all: never[]) => number)(...args);
        },
      };
      await expect(engine.run(failing)).rejects.toThrow(`${fails} failed`);
      const next = source();
      await engine.run(pulling(next));
      expect(Buffer.compare(next, wanted)).toBe(0);
    }
    expect(workers.remaining).toBe(3);
  });

  it('of nothing is over at once', async () => {
    await engine.run(pulling(new Uint8Array(0)));
  });

  it('waits for the one before, and may be given up meanwhile', async () => {
    const [first, second] = [source(), source()];
    const signal = { aborted: false };
    const running = engine.run(pulling(first));
    const waiting = engine.run({ ...pulling(second), signal });
    signal.aborted = true;
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELED' });
    await running;
    expect(Buffer.compare(second, source())).toBe(0);
  });
});

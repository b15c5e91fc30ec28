import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { createWasmBackend, type WasmBackend, type WasmOptions } from '../../src/backends/wasm/index.js';
import { startNodePool, startNodeWorker } from '../../src/backends/wasm/node-threads.js';
import { createPool, type StartPool, type WorkerHandle } from '../../src/backends/wasm/pool.js';
import { POOLED_MIN_COLORS } from '../../src/backends/wasm/pooled.js';
import type { ToWorker } from '../../src/backends/wasm/worker.js';
import { compareColors } from '../support/comparison.js';
import { PLAN_CASES, planOf } from '../support/plans.js';

const colors = Uint32Array.from({ length: 3 * POOLED_MIN_COLORS + 1234 }, (_, i) => (i * 83) & 0xffffff);
const plan = planOf(PLAN_CASES[0] ?? { attractors: [] });
const IDENTICAL = { max: 0, different: 0 };

const open: WasmBackend[] = [];
afterEach(() => {
  for (const backend of open.splice(0)) backend.dispose();
});

async function start(options: WasmOptions): Promise<WasmBackend> {
  const backend = await createWasmBackend(options);
  open.push(backend);
  return backend;
}

async function evaluate(backend: WasmBackend, list = colors): Promise<Uint32Array> {
  const out = new Uint32Array(list.length);
  await backend.evaluate(list, plan, out);
  return out;
}

/** The real pool, but what the workers are told or tell can be tampered with. */
function tamper(change: (handle: WorkerHandle, index: number) => WorkerHandle, sharesMemory = true): StartPool {
  return (module, size) =>
    createPool(
      Array.from({ length: size }, (_, i) => change(startNodeWorker(), i)),
      module,
      sharesMemory,
    );
}

describe('threads', () => {
  it.each([2, 3])('%d threads give the bytes of one', async (threads) => {
    const one = await start({});
    const many = await start({ threads, startPool: startNodePool });
    expect(many.threads).toBe(threads);
    expect(compareColors(await evaluate(many), await evaluate(one))).toEqual(IDENTICAL);
    expect(many.threads).toBe(threads);
  });

  it('moved chunks, as in a page without shared memory, give the bytes of one thread', async () => {
    const one = await start({});
    const many = await start({ threads: 3, startPool: tamper((handle) => handle, false) });
    expect(compareColors(await evaluate(many), await evaluate(one))).toEqual(IDENTICAL);
    expect(many.threads).toBe(3);
  });

  it('concurrent evaluations do not mix', async () => {
    const many = await start({ threads: 2, startPool: startNodePool });
    const wanted = await evaluate(many);
    const reversed = colors.slice().reverse();
    const [a, b, c] = await Promise.all([evaluate(many), evaluate(many, reversed), evaluate(many)]);
    expect(compareColors(a, wanted)).toEqual(IDENTICAL);
    expect(compareColors(b.slice().reverse(), wanted)).toEqual(IDENTICAL);
    expect(compareColors(c, wanted)).toEqual(IDENTICAL);
  });

  it('goes on with one thread after a worker crash, and says so once', async () => {
    const notices: string[] = [];
    // Every job throws in the worker: its chunk is taken but never done.
    const crash = tamper((handle) => ({
      ...handle,
      post: (message, transfer) =>
        handle.post(
          message.type === 'job'
            ? ({ ...message, job: { ...message.job, parameters: new Float32Array(1e6) } } as ToWorker)
            : message,
          transfer,
        ),
    }));
    const broken = await start({ threads: 2, startPool: crash, onNotice: (sentence) => notices.push(sentence) });
    const wanted = await evaluate(await start({}));
    expect(compareColors(await evaluate(broken), wanted)).toEqual(IDENTICAL);
    expect(compareColors(await evaluate(broken), wanted)).toEqual(IDENTICAL);
    expect(broken.threads).toBe(1);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toContain('one thread');
  });

  it('goes on when a worker is killed in the middle', async () => {
    const notices: string[] = [];
    let kill = () => {};
    const killable = tamper((handle) => {
      let onCrash: (reason: string) => void = () => {};
      kill = () => {
        handle.terminate();
        onCrash('it was killed');
      };
      return {
        ...handle,
        listen(onMessage, crash) {
          onCrash = crash;
          handle.listen(onMessage, crash);
        },
      };
    });
    const backend = await start({ threads: 2, startPool: killable, onNotice: (sentence) => notices.push(sentence) });
    const wanted = await evaluate(await start({}));
    const running = evaluate(backend);
    kill();
    expect(compareColors(await running, wanted)).toEqual(IDENTICAL);
    expect(notices).toHaveLength(1);
  });

  it('works with one thread where workers are forbidden', async () => {
    const notices: string[] = [];
    const backend = await start({
      threads: 2,
      startPool: async () => {
        throw new Error('the page does not allow workers from a blob');
      },
      onNotice: (sentence) => notices.push(sentence),
    });
    expect(backend.threads).toBe(1);
    expect(notices).toHaveLength(1);
    expect(compareColors(await evaluate(backend), await evaluate(await start({})))).toEqual(IDENTICAL);
  });

  it('lets the process end while idle workers wait, and waits for busy ones', async () => {
    const script = `
      import { createWasmBackend } from './src/backends/wasm/index.ts';
      import { startNodePool, startNodeWorker } from './src/backends/wasm/node-threads.ts';
      const backend = await createWasmBackend({ threads: 2, startPool: startNodePool });
      const colors = Uint32Array.from({ length: 400000 }, (_, i) => i * 41);
      const plan = ${JSON.stringify(plan)};
      await backend.evaluate(colors, plan, new Uint32Array(colors.length));
      console.log('evaluated', backend.threads);`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', script],
      { timeout: 30_000 },
    );
    expect(stdout.trim()).toBe('evaluated 2');
  });
});

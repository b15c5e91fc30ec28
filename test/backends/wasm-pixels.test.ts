import { afterEach, describe, expect, it } from 'vitest';
import { createWasmBackend, type WasmBackend, type WasmOptions } from '../../src/backends/wasm/index.js';
import { startNodePool, startNodeWorker } from '../../src/backends/wasm/node-threads.js';
import { createPool, type StartPool } from '../../src/backends/wasm/pool.js';
import { planFromPixels } from '../../src/core/analysis/pixel-plan.js';
import { evaluateDirect } from '../../src/core/direct.js';
import { measurePlan } from '../../src/core/measure-plan.js';
import { createJsBackend, makeRecipe, type Pixels, recolorPixels, type Samples } from '../../src/index.js';
import { isSame, makeNoise } from '../support/lut.js';
import { PLAN_CASES, planOf } from '../support/plans.js';

const plan = planOf(PLAN_CASES[2] ?? { attractors: [] });
const recipe = makeRecipe(['#c05030;30;150', '#3060c0;20;200', 'lime;40;101', 'tan;77;30', 'navy;5;60']);
const js = createJsBackend();
/** More than two blocks of three threads, and no whole number of pieces. */
const [WIDTH, HEIGHT] = [977, 809];

const open: WasmBackend[] = [];
afterEach(() => {
  for (const backend of open.splice(0)) backend.dispose();
});

async function start(options: WasmOptions = {}): Promise<WasmBackend> {
  const backend = await createWasmBackend(options);
  open.push(backend);
  return backend;
}

function picture(bits: 8 | 16, channels: 3 | 4): Pixels {
  const random = makeNoise(bits + channels);
  const length = WIDTH * HEIGHT * channels;
  const data = bits === 16 ? new Uint16Array(length) : new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const isAlpha = channels === 4 && i % 4 === 3;
    data[i] = isAlpha && random() < 0.2 ? 0 : random() * 2 ** bits;
  }
  return { data, width: WIDTH, height: HEIGHT, channels };
}

const copyOf = (pixels: Pixels): Pixels => ({ ...pixels, data: pixels.data.slice() });

/** The same bytes without any pool: colors one by one through `evaluate`. */
async function oneByOne(pixels: Pixels, backend: WasmBackend): Promise<Samples> {
  const own = copyOf(pixels);
  if (own.data instanceof Uint16Array) await js.evaluate16?.(own.data, own.channels, plan);
  else await evaluateDirect(own, plan, { name: 'wasm', evaluate: backend.evaluate, dispose() {} });
  return own.data;
}

describe('pixels without a table', () => {
  it.each([
    [8, 3, 1],
    [8, 4, 2],
    [8, 3, 3],
    [16, 3, 1],
    [16, 4, 2],
    [16, 3, 3],
  ] as const)('%i bits, %i channels: %i threads give the bytes of one', async (bits, channels, threads) => {
    const pixels = picture(bits, channels);
    const wanted = await oneByOne(pixels, await start());
    const backend = await start(threads > 1 ? { threads, startPool: startNodePool } : {});
    await evaluateDirect(pixels, plan, backend);
    expect(isSame(pixels.data, wanted)).toBe(true);
    expect(backend.threads).toBe(threads);
  });

  it.each([
    ['one thread', {}],
    ['three threads', { threads: 3, startPool: startNodePool }],
    ['one thread without SIMD', { variant: 'scalar' }],
  ] as const)('%s: the radii are those of the core, to the last bit', async (_, options) => {
    const backend = await start(options);
    for (const channels of [3, 4] as const) {
      const pixels = picture(16, channels);
      expect(await measurePlan(pixels, recipe, { backend })).toEqual(planFromPixels(pixels, recipe));
    }
    expect(backend.threads).toBe('threads' in options ? 3 : 1);
  });

  it('two pictures at once do not mix', async () => {
    const backend = await start({ threads: 2, startPool: startNodePool });
    const [deep, bytes] = [picture(16, 3), picture(8, 4)];
    const wanted = [await oneByOne(deep, backend), await oneByOne(bytes, backend)];
    await Promise.all([evaluateDirect(deep, plan, backend), evaluateDirect(bytes, plan, backend)]);
    expect(isSame(deep.data, wanted[0] as Samples)).toBe(true);
    expect(isSame(bytes.data, wanted[1] as Samples)).toBe(true);
  });

  it('what a lost worker leaves is done by one thread', async () => {
    const notices: string[] = [];
    let jobs = 0;
    // The second block kills the worker.
    const mortal: StartPool = (module) => {
      const handle = startNodeWorker();
      let crash: (reason: string) => void = () => {};
      const tampered = {
        ...handle,
        listen(onMessage: Parameters<typeof handle.listen>[0], onCrash: (reason: string) => void) {
          crash = onCrash;
          handle.listen(onMessage, onCrash);
        },
        post(message: Parameters<typeof handle.post>[0], transfer: ArrayBuffer[]) {
          if (message.type === 'job' && ++jobs === 2) {
            handle.terminate();
            setTimeout(() => crash('it was killed'));
          } else handle.post(message, transfer);
        },
      };
      return createPool([tampered], module, true);
    };
    const backend = await start({ threads: 2, startPool: mortal, onNotice: (sentence) => notices.push(sentence) });
    const pixels = picture(16, 3);
    const pixels16 = picture(16, 3);
    const wanted = await oneByOne(pixels, await start());
    await evaluateDirect(pixels, plan, backend);
    expect(isSame(pixels.data, wanted)).toBe(true);
    expect(jobs).toBe(2);
    expect(backend.threads).toBe(1);
    expect(notices).toHaveLength(1);
    expect(await measurePlan(pixels16, recipe, { backend })).toEqual(planFromPixels(pixels16, recipe));
  });

  it.each([1, 2])('canceling takes effect between blocks, %i threads', async (threads) => {
    const backend = await start(threads > 1 ? { threads, startPool: startNodePool } : {});
    const random = makeNoise(1);
    const data = Uint16Array.from({ length: 3 * 2048 * 2048 }, () => random() * 65536);
    const before = data.slice();
    const signal = { aborted: false };
    const running = evaluateDirect({ data, width: 2048, height: 2048, channels: 3 }, plan, backend, signal);
    // As a key press would come: the event loop has to have its turn.
    setTimeout(() => {
      signal.aborted = true;
    }, 1);
    await expect(running).rejects.toMatchObject({ code: 'CANCELED' });
    const tail = before.length - 3000;
    expect(isSame(data.subarray(tail), before.subarray(tail))).toBe(true);
    const measuring = measurePlan(picture(16, 3), recipe, { backend, signal });
    await expect(measuring).rejects.toMatchObject({ code: 'CANCELED' });
  });

  it.each([8, 16] as const)('%i bits: the strategy direct gives the plan and bytes of js', async (bits) => {
    const backend = await start({ threads: 2, startPool: startNodePool });
    const [ours, theirs] = [picture(bits, 4), picture(bits, 4)];
    const wanted = await recolorPixels(theirs, recipe, { backend: js, strategy: 'direct' });
    const got = await recolorPixels(ours, recipe, { backend, strategy: 'direct' });
    expect(got.plan).toEqual(wanted.plan);
    let [max, different] = [0, 0];
    for (let i = 0; i < ours.data.length; i++) {
      const off = Math.abs((ours.data[i] as number) - (theirs.data[i] as number));
      if (off > 0) different++;
      max = Math.max(max, off);
    }
    expect(max).toBeLessThanOrEqual(1);
    expect(different / ours.data.length).toBeLessThan(1e-3);
  });
});

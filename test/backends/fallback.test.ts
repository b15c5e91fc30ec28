import { afterEach, describe, expect, it, vi } from 'vitest';
import { withFallback } from '../../src/backends/fallback.js';
import { createWasmBackend } from '../../src/backends/wasm/index.js';
import { type Backend, ColorshineError, createJsBackend } from '../../src/index.js';
import { compareColors } from '../support/compare.js';
import { colors, evaluate, expected, fake, plan } from '../support/fake-backends.js';

const wasm = { name: 'wasm', create: () => createWasmBackend() };

afterEach(() => {
  vi.useRealTimers();
});

/** Timers stand still until the test moves them: no machine is too slow for a deadline. */
const stopTimers = () => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });

describe('withFallback', () => {
  const identical = { max: 0, different: 0 };

  it.each<[string, (js: Backend) => Partial<Backend>, string]>([
    ['throws', () => ({ evaluate: () => Promise.reject(new ColorshineError('BACKEND_FAILED', 'boom')) }), 'boom'],
    [
      'throws something else',
      () => ({ evaluate: () => Promise.reject(new RangeError('out of memory')) }),
      'out of memory',
    ],
    ['never answers', () => ({ evaluate: () => new Promise(() => {}) }), 'backend webgl2 did not answer within 60 s'],
    [
      'returns zeros, like a lost context',
      () => ({ evaluate: async (_, __, out) => void out.fill(0) }),
      'wrong colors',
    ],
    [
      'does only the first tile',
      (js) => ({ evaluate: (list, p, out) => js.evaluate(list.subarray(0, 9000), p, out.subarray(0, 9000)) }),
      'wrong colors',
    ],
  ])('does the work again when a backend %s, and says so once', async (_, change, reason) => {
    stopTimers();
    const log: string[] = [];
    const notices: string[] = [];
    const backend = withFallback([fake('webgl2', change, log)], {
      onNotice: (sentence) => notices.push(sentence),
    });
    const first = evaluate(backend);
    // Only here: real work takes its breaths, and would be late as time flies.
    if (reason.includes('did not answer')) await vi.advanceTimersByTimeAsync(60_000);
    expect(compareColors(await first, await expected())).toMatchObject(identical);
    expect(compareColors(await evaluate(backend), await expected())).toMatchObject(identical);
    expect(backend.name).toBe('js');
    expect(notices).toHaveLength(1);
    expect(notices[0]).toContain(reason);
    expect(notices[0]).toContain('goes on with js');
    expect(log).toEqual(['webgl2 started', 'webgl2 disposed']);
  });

  it('a late answer of an abandoned backend harms nothing', async () => {
    stopTimers();
    let hasAnswered = false;
    const late = fake('webgl2', () => ({
      async evaluate(_, __, out) {
        await new Promise((resolve) => setTimeout(resolve, 150));
        out.fill(0xabcdef);
        hasAnswered = true;
      },
    }));
    const backend = withFallback([late], { deadlineMs: 50 });
    const evaluating = evaluate(backend);
    await vi.advanceTimersByTimeAsync(50);
    const got = await evaluating;
    expect(hasAnswered).toBe(false);
    await vi.advanceTimersByTimeAsync(100);
    expect(hasAnswered).toBe(true);
    expect(compareColors(got, await expected())).toMatchObject(identical);
  });

  // Nobody can stop it, so another backend's answer would be overwritten by its late one.
  it.each(['js', 'wasm'])('%s may take as long as it takes', async (name) => {
    stopTimers();
    const notices: string[] = [];
    let runs = 0;
    const slow = fake(name, (js) => ({
      async evaluate(...args) {
        runs++;
        await new Promise((resolve) => setTimeout(resolve, 3_600_000));
        await js.evaluate(...args);
      },
      async evaluateGrid(_axis, _plan, out) {
        await new Promise((resolve) => setTimeout(resolve, 3_600_000));
        out[0] = (out[0] as number) + 1;
      },
    }));
    const backend = withFallback([slow], { onNotice: (sentence) => notices.push(sentence) });
    const evaluating = evaluate(backend);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(compareColors(await evaluating, await expected())).toMatchObject(identical);
    const nodes = new Float32Array(24);
    const building = backend.evaluateGrid?.(Float64Array.of(0, 1), plan, nodes);
    await vi.advanceTimersByTimeAsync(3_600_000);
    await building;
    expect([runs, nodes[0], backend.name, notices]).toEqual([1, 1, 'js', []]);
  });

  it('a backend that opens after its deadline is closed', async () => {
    stopTimers();
    const log: string[] = [];
    const { name, create } = fake('webgl2', () => ({}), log);
    const sleepy = {
      name,
      async create() {
        await new Promise((resolve) => setTimeout(resolve, 90_000));
        return create();
      },
    };
    const notices: string[] = [];
    const backend = withFallback([sleepy], { onNotice: (sentence) => notices.push(sentence) });
    const evaluating = evaluate(backend);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(compareColors(await evaluating, await expected())).toMatchObject(identical);
    expect(notices).toEqual(['webgl2 failed (backend webgl2 did not answer within 60 s); the work goes on with js.']);
    expect(log).toEqual([]);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(log).toEqual(['webgl2 started', 'webgl2 disposed']);
  });

  it('says so once when several evaluations fail together', async () => {
    const notices: string[] = [];
    const broken = fake('webgl2', () => ({ evaluate: () => Promise.reject(new Error('lost')) }));
    const backend = withFallback([broken], { onNotice: (sentence) => notices.push(sentence) });
    const results = await Promise.all([evaluate(backend), evaluate(backend), evaluate(backend)]);
    for (const result of results) expect(compareColors(result, await expected())).toMatchObject(identical);
    expect(notices).toHaveLength(1);
  });

  it('passes a cancel on instead of trying elsewhere', async () => {
    const notices: string[] = [];
    const backend = withFallback([wasm], { onNotice: (sentence) => notices.push(sentence) });
    const out = new Uint32Array(colors.length);
    await expect(backend.evaluate(colors, plan, out, { aborted: true })).rejects.toMatchObject({ code: 'CANCELED' });
    expect(notices).toEqual([]);
  });

  it('does 16-bit samples where the backend cannot', async () => {
    const backend = withFallback([fake('webgl2', () => ({ evaluate16: undefined }))]);
    const samples = Uint16Array.of(40_000, 20_000, 9_000, 1, 60_000, 65_535);
    const wanted = samples.slice();
    await createJsBackend().evaluate16?.(wanted, 3, plan);
    await backend.evaluate16?.(samples, 3, plan);
    expect([...samples]).toEqual([...wanted]);
  });

  it('leaves 16 bits to wasm where a GPU is in use', async () => {
    let asked = 0;
    const counted = {
      name: 'wasm',
      create: async () => {
        const backend = createJsBackend();
        return {
          ...backend,
          evaluate16: async (...args: Parameters<NonNullable<Backend['evaluate16']>>) => {
            asked++;
            await backend.evaluate16?.(...args);
          },
        };
      },
    };
    const gpu = fake('webgl2', () => ({ evaluate16: undefined }));
    const running = await gpu.create();
    const backend = withFallback([gpu, counted], { first: running });
    const samples = Uint16Array.of(40_000, 20_000, 9_000);
    const wanted = samples.slice();
    await createJsBackend().evaluate16?.(wanted, 3, plan);
    await backend.evaluate16?.(samples, 3, plan);
    expect([...samples]).toEqual([...wanted]);
    expect(asked).toBe(1);
  });

  it('does not cut short or do twice what changes samples in place', async () => {
    stopTimers();
    let runs = 0;
    const slow = {
      name: 'wasm',
      create: async () => ({
        ...createJsBackend(),
        name: 'wasm' as const,
        evaluate16: async (samples: Uint16Array) => {
          runs++;
          await new Promise((done) => setTimeout(done, 60));
          samples[0] = (samples[0] as number) + 1;
        },
      }),
    };
    const backend = withFallback([slow], { deadlineMs: 10, first: await slow.create() });
    const samples = new Uint16Array(3);
    const evaluating = backend.evaluate16?.(samples, 3, plan);
    await vi.advanceTimersByTimeAsync(60);
    await evaluating;
    expect([runs, samples[0]]).toEqual([1, 1]);
  });
});

import { describe, expect, it } from 'vitest';
import { type BackendCandidate, withFallback } from '../../src/backends/fallback.js';
import { createSelector, HASTY, selectBackend } from '../../src/backends/select.js';
import { createWasmBackend } from '../../src/backends/wasm/index.js';
import { type Backend, ColorshineError, createJsBackend } from '../../src/index.js';
import { compareColors } from '../support/compare.js';
import { PLAN_CASES, planOf } from '../support/plans.js';

const colors = Uint32Array.from({ length: 20_000 }, (_, i) => (i * 839) & 0xffffff);
const plan = planOf(PLAN_CASES[0] ?? { attractors: [] });

async function expected(): Promise<Uint32Array> {
  const out = new Uint32Array(colors.length);
  await createJsBackend().evaluate(colors, plan, out);
  return out;
}

async function evaluate(backend: Backend): Promise<Uint32Array> {
  const out = new Uint32Array(colors.length);
  await backend.evaluate(colors, plan, out);
  return out;
}

/** The js backend under another name, with its evaluation replaced or wrapped. */
function fake(name: string, change: (js: Backend) => Partial<Backend>, log: string[] = []): BackendCandidate {
  return {
    name,
    async create() {
      log.push(`${name} started`);
      const js = createJsBackend();
      return { ...js, dispose: () => log.push(`${name} disposed`), ...change(js) };
    },
  };
}
const wasm: BackendCandidate = { name: 'wasm', create: () => createWasmBackend() };
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('selectBackend', () => {
  it('chooses the faster one, whatever the order, and explains itself in a sentence', async () => {
    const slow = fake('webgl2', (js) => ({
      async evaluate(...args) {
        await wait(40); // like software GL: right, but slow
        await js.evaluate(...args);
      },
    }));
    for (const order of [
      [slow, wasm],
      [wasm, slow],
    ]) {
      const { chosen, sentence, candidates, backend } = await selectBackend(order);
      expect(chosen).toBe('wasm');
      expect(backend.name).toBe('wasm');
      expect(sentence).toMatch(/^Using wasm, the fastest here at [\d.]+ million colors a second \(.*js [\d.]+.*\)\.$/);
      expect(sentence).toContain('webgl2');
      const reports = Object.fromEntries(candidates.map((report) => [report.name, report]));
      expect(reports.webgl2).toMatchObject({ available: true, selfTest: 'passed', why: 'wasm was faster' });
      expect(reports.wasm?.colorsPerSecond).toBeGreaterThan(reports.js?.colorsPerSecond ?? Number.POSITIVE_INFINITY);
      backend.dispose();
    }
  });

  it('keeps wasm where a busy machine makes it look slow, and says so', async () => {
    const busy: BackendCandidate = {
      name: 'wasm',
      async create() {
        const real = await createWasmBackend();
        return {
          ...real,
          async evaluate(...args) {
            await wait(20);
            await real.evaluate(...args);
          },
        };
      },
    };
    const { chosen, sentence, backend } = await selectBackend([busy]);
    backend.dispose();
    expect(chosen).toBe('wasm');
    expect(sentence).toMatch(/^Using wasm, not clearly beaten here at [\d.]+ million colors a second \(js [\d.]+\)\.$/);
  });

  it('refuses a backend that is two codes off, however fast', async () => {
    const log: string[] = [];
    const wrong = fake(
      'webgpu',
      (js) => ({
        async evaluate(list, p, out) {
          if (list.length > 5000) return; // incredibly fast
          await js.evaluate(list, p, out);
          out[77] = (out[77] as number) ^ 2;
        },
      }),
      log,
    );
    const { chosen, candidates } = await selectBackend([wrong]);
    expect(chosen).toBe('js');
    expect(candidates[0]).toMatchObject({ name: 'webgpu', available: true, selfTest: 'failed' });
    expect(candidates[0]?.why).toContain('2/255 off');
    expect(candidates[0]?.colorsPerSecond).toBeUndefined();
    expect(log).toEqual(['webgpu started', 'webgpu disposed']);
  });

  it('accepts one code off, which the model allows', async () => {
    const near = fake('webgl2', (js) => ({
      async evaluate(list, p, out) {
        await js.evaluate(list, p, out);
        out[77] = (out[77] as number) ^ 1;
      },
    }));
    const { candidates } = await selectBackend([near]);
    expect(candidates[0]?.selfTest).toBe('passed');
  });

  it('says why a backend is not available', async () => {
    const missing: BackendCandidate = {
      name: 'webgpu',
      create: async () => {
        throw new Error('the browser offers no adapter');
      },
    };
    const { chosen, sentence, candidates } = await selectBackend([missing]);
    expect(chosen).toBe('js');
    expect(candidates[0]).toMatchObject({ available: false, selfTest: 'not run' });
    expect(sentence).toContain('webgpu: not available: the browser offers no adapter');
  });

  it('survives a backend that throws in its self-test', async () => {
    const throws = fake('webgl2', () => ({ evaluate: () => Promise.reject(new Error('context lost')) }));
    const { chosen, candidates } = await selectBackend([throws]);
    expect(chosen).toBe('js');
    expect(candidates[0]?.why).toContain('context lost');
  });

  it('remembers the choice', async () => {
    const log: string[] = [];
    const pick = createSelector([fake('webgl2', () => ({}), log)]);
    const [first, second] = await Promise.all([pick(), pick()]);
    expect(second).toBe(first);
    expect(log.filter((line) => line.endsWith('started'))).toHaveLength(1);
    first.backend.dispose();
    expect(log.filter((line) => line.endsWith('disposed'))).toHaveLength(1);
  });

  it('neither starts, tests nor times what was measured before, and compares with that', async () => {
    const log: string[] = [];
    const evaluations: string[] = [];
    const watched = (name: string) =>
      fake(
        name,
        (js) => ({
          evaluate(...args) {
            evaluations.push(name);
            return js.evaluate(...args);
          },
        }),
        log,
      );
    const list = [watched('webgl2'), watched('wasm')];
    const fast = new Map([
      ['wasm', 9e9],
      ['js', 1e3],
    ]);
    const kept = await selectBackend(list, { measured: fast });
    expect(kept.chosen).toBe('wasm');
    expect(log).toEqual(['webgl2 started', 'webgl2 disposed']);
    expect(new Set(evaluations)).toEqual(new Set(['webgl2']));
    expect(kept.candidates.map(({ name, colorsPerSecond }) => [name, colorsPerSecond]).slice(1)).toEqual([...fast]);
    expect(kept.sentence).toMatch(
      /^Using wasm, the fastest here at 9000 million colors a second \(webgl2 [\d.]+; js 0\.0\)/,
    );
    // The winner is started when it is needed.
    expect(compareColors(await evaluate(kept.backend), await expected())).toMatchObject({ max: 0, different: 0 });
    expect(log.slice(2)).toEqual(['wasm started']);
    kept.backend.dispose();
    expect(log.slice(3)).toEqual(['wasm disposed']);

    log.length = 0;
    const slow = new Map([
      ['wasm', 1],
      ['js', 1],
    ]);
    const changed = await selectBackend(list, { measured: slow });
    expect(changed.chosen).toBe('webgl2');
    changed.backend.dispose();
    expect(log).toEqual(['webgl2 started', 'webgl2 disposed']);
  });

  it('falls back from the chosen backend to the next in order of speed', async () => {
    const notices: string[] = [];
    let isLost = false;
    const quick = fake('webgl2', (js) => ({
      async evaluate(list, p, out) {
        if (isLost) throw new ColorshineError('BACKEND_FAILED', 'context lost');
        if (list.length <= 5000) await js.evaluate(list, p, out);
      },
    }));
    const { chosen, backend } = await selectBackend([quick, wasm], { onNotice: (sentence) => notices.push(sentence) });
    expect(chosen).toBe('webgl2');
    isLost = true;
    expect(compareColors(await evaluate(backend), await expected()).max).toBeLessThanOrEqual(1);
    expect(backend.name).toBe('wasm');
    expect(notices).toEqual(['webgl2 failed (context lost); the work goes on with wasm.']);
  });
});

describe('in a short process', () => {
  it('what the self-test took is the race', async () => {
    const log: string[] = [];
    const slow = fake(
      'webgl2',
      (js) => ({
        async evaluate(...args) {
          log.push(`webgl2 ${args[0].length}`);
          await wait(40);
          await js.evaluate(...args);
        },
      }),
      log,
    );
    const { chosen, sentence, candidates, backend } = await selectBackend([slow, wasm], { budget: HASTY });
    expect(chosen).toBe('wasm');
    expect(sentence).toMatch(
      /^Using wasm, the fastest here on a first 256 colors: [\d.]+ ms \(webgl2 [\d.]+ ms; js [\d.]+ ms\)\.$/,
    );
    expect(log).toEqual(['webgl2 started', 'webgl2 256', 'webgl2 disposed']);
    expect(candidates.map(({ colorsPerSecond }) => colorsPerSecond)).toEqual([undefined, undefined, undefined]);
    expect(candidates.every(({ firstRun }) => firstRun !== undefined && firstRun >= 0)).toBe(true);
    backend.dispose();
  });

  it('leaves a near second where it is, so that a hiccup does not decide about bytes', async () => {
    const hiccup = async (milliseconds: number) => {
      const js = createJsBackend();
      const almost = fake('webgpu', () => ({ evaluate: (...args) => js.evaluate(...args) }));
      let time = 0;
      // Three looks at the clock: before, between the two and after; js takes 1 ms.
      const steps = [0, milliseconds, 1];
      const now = (): number => {
        time += steps.shift() ?? 0;
        return time;
      };
      const { chosen, sentence, candidates, backend } = await selectBackend([almost], { budget: HASTY, now });
      backend.dispose();
      return { chosen, sentence, reasons: candidates.map(({ name, why }) => `${name}: ${why}`) };
    };
    expect(await hiccup(90)).toEqual({
      chosen: 'webgpu',
      sentence: 'Using webgpu, not clearly beaten here on a first 256 colors: 90.0 ms (js 1.0 ms).',
      reasons: ['webgpu: it was not clearly beaten', 'js: it was not clearly faster than webgpu'],
    });
    expect((await hiccup(110)).chosen).toBe('js');
  });

  it('refuses a wrong backend all the same, and says so when js is left alone', async () => {
    const wrong = fake('webgpu', () => ({ evaluate: async (_colors, _plan, out) => void out.fill(0) }));
    const { chosen, sentence } = await selectBackend([wrong], { budget: HASTY });
    expect(chosen).toBe('js');
    expect(sentence).toMatch(
      /^Using js, as nothing else runs here \(webgpu: it failed the self-test: it is 255\/255 off/,
    );
    const alone = await selectBackend([], { budget: HASTY });
    expect(alone.sentence).toBe('Using js, as nothing else runs here.');
  });
});

describe('withFallback', () => {
  const identical = { max: 0, different: 0 };

  it.each<[string, (js: Backend) => Partial<Backend>, string]>([
    ['throws', () => ({ evaluate: () => Promise.reject(new ColorshineError('BACKEND_FAILED', 'boom')) }), 'boom'],
    [
      'throws something else',
      () => ({ evaluate: () => Promise.reject(new RangeError('out of memory')) }),
      'out of memory',
    ],
    ['never answers', () => ({ evaluate: () => new Promise(() => {}) }), 'no answer within 0.2 s'],
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
    const log: string[] = [];
    const notices: string[] = [];
    const backend = withFallback([fake('webgl2', change, log)], {
      deadlineMs: 200,
      onNotice: (sentence) => notices.push(sentence),
    });
    expect(compareColors(await evaluate(backend), await expected())).toMatchObject(identical);
    expect(compareColors(await evaluate(backend), await expected())).toMatchObject(identical);
    expect(backend.name).toBe('js');
    expect(notices).toHaveLength(1);
    expect(notices[0]).toContain(reason);
    expect(notices[0]).toContain('goes on with js');
    expect(log).toEqual(['webgl2 started', 'webgl2 disposed']);
  });

  it('a late answer of an abandoned backend harms nothing', async () => {
    const late = fake('webgl2', () => ({
      async evaluate(_, __, out) {
        await wait(150);
        out.fill(0xabcdef);
      },
    }));
    const backend = withFallback([late], { deadlineMs: 50 });
    const got = await evaluate(backend);
    await wait(250);
    expect(compareColors(got, await expected())).toMatchObject(identical);
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
    await backend.evaluate16?.(samples, 3, plan);
    expect([runs, samples[0]]).toEqual([1, 1]);
  });
});

import { afterEach, describe, expect, it, vi } from 'vitest';
import type { BackendCandidate } from '../../src/backends/fallback.js';
import { BRIEF, createSelector, HASTY, selectBackend } from '../../src/backends/select.js';
import { createWasmBackend } from '../../src/backends/wasm/index.js';
import { ColorshineError, createJsBackend } from '../../src/index.js';
import { compareColors } from '../support/compare.js';
import { createFakeClock, evaluate, expected, fake } from '../support/fake-backends.js';

const wasm: BackendCandidate = { name: 'wasm', create: () => createWasmBackend() };
const js: BackendCandidate = { name: 'js', create: async () => createJsBackend() };

afterEach(() => {
  vi.useRealTimers();
});

describe('selectBackend', () => {
  it('chooses the faster one, whatever the order, and explains itself in a sentence', async () => {
    const { now, timed } = createFakeClock();
    const slow = timed(
      fake('webgl2', () => ({})), // like software GL: right, but slow
      0.5,
    );
    const fast = timed(wasm, 50);
    for (const order of [
      [slow, fast, timed(js, 10)],
      [fast, slow, timed(js, 10)],
    ]) {
      const { chosen, sentence, candidates, backend } = await selectBackend(order, { now });
      expect(chosen).toBe('wasm');
      expect(backend.name).toBe('wasm');
      expect(sentence).toBe('Using wasm, the fastest here at 50 million colors a second (webgl2 0.5; js 10).');
      const reports = Object.fromEntries(candidates.map((report) => [report.name, report]));
      expect(reports.webgl2).toMatchObject({ available: true, selfTest: 'passed', why: 'wasm was faster' });
      expect(reports.wasm?.why).toBe('it was the fastest');
      const speeds = [reports.wasm, reports.webgl2, reports.js].map((report) => report?.colorsPerSecond);
      for (const [i, speed] of [50e6, 0.5e6, 10e6].entries()) expect(speeds[i]).toBeCloseTo(speed, 0);
      backend.dispose();
    }
  });

  it('keeps wasm where a busy machine makes it look slow, and says so', async () => {
    const { now, timed } = createFakeClock();
    const race = (lead: number) => selectBackend([timed(wasm, 1), timed(js, lead)], { now, budget: BRIEF });
    const { chosen, sentence, candidates, backend } = await race(90);
    backend.dispose();
    expect(chosen).toBe('wasm');
    expect(sentence).toBe('Using wasm, not clearly beaten here at 1.0 million colors a second (js 90).');
    expect(candidates.map(({ why }) => why)).toEqual([
      'it was not clearly beaten',
      'it was not clearly faster than wasm',
    ]);
    expect((await race(110)).chosen).toBe('js');
  });

  it('lets js win over software GL by the clock alone', async () => {
    const { now, timed } = createFakeClock();
    const { chosen, sentence } = await selectBackend(
      [
        timed(
          fake('webgl2', () => ({})),
          9,
        ),
        timed(js, 10),
      ],
      { now },
    );
    expect(chosen).toBe('js');
    expect(sentence).toBe('Using js, the fastest here at 10 million colors a second (webgl2 9.0).');
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
    const { chosen, candidates } = await selectBackend([wrong], { budget: BRIEF });
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
    const { candidates } = await selectBackend([near], { budget: BRIEF });
    expect(candidates[0]?.selfTest).toBe('passed');
  });

  it('says why a backend is not available', async () => {
    const missing: BackendCandidate = {
      name: 'webgpu',
      create: async () => {
        throw new Error('the browser offers no adapter');
      },
    };
    const { chosen, sentence, candidates } = await selectBackend([missing], { budget: BRIEF });
    expect(chosen).toBe('js');
    expect(candidates[0]).toMatchObject({ available: false, selfTest: 'not run' });
    expect(sentence).toContain('webgpu: not available: the browser offers no adapter');
    const { now, timed } = createFakeClock();
    const raced = await selectBackend([missing, timed(js, 8)], { now, budget: BRIEF });
    expect(raced.sentence).toBe(
      'Using js, the fastest here at 8.0 million colors a second (webgpu: not available: the browser offers no adapter).',
    );
  });

  it('survives a backend that throws in its self-test', async () => {
    const throws = fake('webgl2', () => ({ evaluate: () => Promise.reject(new Error('context lost')) }));
    const { chosen, candidates } = await selectBackend([throws], { budget: BRIEF });
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
    const { now, timed } = createFakeClock();
    let isLost = false;
    const quick = fake('webgl2', (js) => ({
      async evaluate(...args) {
        if (isLost) throw new ColorshineError('BACKEND_FAILED', 'context lost');
        await js.evaluate(...args);
      },
    }));
    const { chosen, backend } = await selectBackend([timed(js, 5), timed(quick, 90), timed(wasm, 40)], {
      now,
      budget: BRIEF,
      onNotice: (sentence) => notices.push(sentence),
    });
    expect(chosen).toBe('webgl2');
    isLost = true;
    expect(compareColors(await evaluate(backend), await expected()).max).toBeLessThanOrEqual(1);
    expect(backend.name).toBe('wasm');
    expect(notices).toEqual(['webgl2 failed (context lost); the work goes on with wasm.']);
  });

  it('closes what starts after it was given up', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const log: string[] = [];
    const { name, create } = fake('webgl2', () => ({}), log);
    let open = (): void => {};
    const sleepy = {
      name,
      create: async () => {
        await new Promise<void>((resolve) => {
          open = resolve;
        });
        return create();
      },
    };
    const selecting = selectBackend([sleepy], { budget: HASTY });
    await vi.advanceTimersByTimeAsync(10_000);
    const { chosen, sentence } = await selecting;
    expect(chosen).toBe('js');
    expect(sentence).toBe(
      'Using js, as nothing else runs here (webgl2: not available: backend webgl2 did not answer within 10 s).',
    );
    expect(log).toEqual([]);
    open();
    await vi.advanceTimersByTimeAsync(0);
    expect(log).toEqual(['webgl2 started', 'webgl2 disposed']);
  });
});

describe('in a short process', () => {
  it('compiled code that passes its self-test is taken without a look at the clock', async () => {
    const log: string[] = [];
    const watched = fake(
      'wasm',
      (js) => ({
        async evaluate(...args) {
          log.push(`wasm ${args[0].length}`);
          await js.evaluate(...args);
        },
      }),
      log,
    );
    const unused = fake('js', () => ({}), log);
    const now = () => {
      throw new Error('nobody should ask');
    };
    const { chosen, sentence, candidates, backend } = await selectBackend([watched, unused], { budget: HASTY, now });
    expect(chosen).toBe('wasm');
    expect(sentence).toBe('Using wasm, which passed its self-test; in a short run nothing is timed.');
    expect(candidates).toEqual([
      {
        name: 'wasm',
        available: true,
        selfTest: 'passed',
        colorsPerSecond: undefined,
        why: 'it passed its self-test, and compiled code comes before js',
      },
    ]);
    expect(log).toEqual(['wasm started', 'wasm 256']);
    backend.dispose();
    expect(log).toEqual(['wasm started', 'wasm 256', 'wasm disposed']);
  });

  it('what was not looked at stands in for it later', async () => {
    const notices: string[] = [];
    let isLost = false;
    const lost = fake('wasm', (js) => ({
      async evaluate(...args) {
        if (isLost) throw new ColorshineError('BACKEND_FAILED', 'out of memory');
        await js.evaluate(...args);
      },
    }));
    const { backend } = await selectBackend([lost], { budget: HASTY, onNotice: (sentence) => notices.push(sentence) });
    isLost = true;
    expect(compareColors(await evaluate(backend), await expected())).toMatchObject({ max: 0, different: 0 });
    expect(notices).toEqual(['wasm failed (out of memory); the work goes on with js.']);
  });

  it('goes down the list where the first does not run, and tells why', async () => {
    const missing: BackendCandidate = { name: 'webgpu', create: () => Promise.reject(new Error('no adapter')) };
    const { chosen, sentence, candidates, backend } = await selectBackend([missing, wasm], { budget: HASTY });
    expect(chosen).toBe('wasm');
    expect(sentence).toBe(
      'Using wasm, which passed its self-test; in a short run nothing is timed (webgpu: not available: no adapter).',
    );
    expect(candidates.map(({ name, selfTest }) => [name, selfTest])).toEqual([
      ['webgpu', 'not run'],
      ['wasm', 'passed'],
    ]);
    backend.dispose();
  });

  it('takes what was asked for, and says that', async () => {
    const { sentence, candidates } = await selectBackend([wasm, js], { budget: HASTY, preferred: 'js' });
    expect(sentence).toBe('Using js, as asked.');
    expect(candidates.map(({ name, why }) => `${name}: ${why}`)).toEqual(['js: it was asked for']);
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

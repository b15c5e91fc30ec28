import { describe, expect, it, vi } from 'vitest';
import { createGpuBackend } from '../../../src/backends/gpu/backend.js';
import { type GpuEngine, GpuFault } from '../../../src/backends/gpu/engine.js';
import type { GpuBackendOptions } from '../../../src/backends/gpu/options.js';
import { LARGE_TILE, MIN_TILE, SMALL_TILE } from '../../../src/backends/gpu/tiles.js';
import { createJsBackend } from '../../../src/backends/js/index.js';
import type { Plan } from '../../../src/core/index.js';
import { findCase, planOf, sampleColors } from '../../support/cases.js';
import { compareColors } from '../../support/compare.js';
import { createPlainEngine, runInJavaScript } from '../../support/plain-engine.js';

const PLAN = planOf({ rows: ['teal;80;150', 'orange;50;75'], census: 'spread' });
/** Two small tiles and a bit. */
const COLORS = sampleColors(2 * SMALL_TILE + 100);
type Run = GpuEngine['run'];

async function exact(colors: Uint32Array, plan: Plan): Promise<Uint32Array> {
  const out = new Uint32Array(colors.length);
  await createJsBackend().evaluate(colors, plan, out);
  return out;
}

/** A backend whose engines run `runs[k]` (the last one from then on); every call is counted. */
async function openWith(options: Partial<GpuBackendOptions>, ...runs: Run[]) {
  const seen = { engines: 0, disposed: 0, runs: 0, sizes: [] as number[], notices: [] as string[], released: 0 };
  const engine = (): GpuEngine => {
    seen.engines++;
    return createPlainEngine({
      run: (input, parameters) => {
        seen.sizes.push(input.length);
        const run = runs[Math.min(seen.runs++, runs.length - 1)] as Run;
        return run(input, parameters);
      },
      release: () => seen.released++,
      dispose: () => seen.disposed++,
    });
  };
  const onNotice = (sentence: string) => seen.notices.push(sentence);
  const backend = await createGpuBackend({ mode: 'webgl2', onNotice, ...options }, async () => engine());
  return { backend, seen };
}

const good: Run = async (input, parameters) => runInJavaScript(input, parameters);
const fail =
  (...fault: ConstructorParameters<typeof GpuFault>): Run =>
  () =>
    Promise.reject(new GpuFault(...fault));
/** A right answer, then spoiled. */
const spoiled =
  (spoil: (out: Float32Array) => Float32Array | undefined): Run =>
  async (input, parameters) => {
    const out = runInJavaScript(input, parameters);
    return spoil(out) ?? out;
  };

async function evaluate(opened: Awaited<ReturnType<typeof openWith>>, colors = COLORS) {
  const out = new Uint32Array(colors.length);
  await opened.backend.evaluate(colors, PLAN, out);
  return compareColors(out, await exact(colors, PLAN));
}

describe('createGpuBackend', () => {
  it('evaluates colors in tiles and leaves the input alone', async () => {
    const opened = await openWith({}, good);
    const colors = COLORS.slice();
    const { max, identical } = await evaluate(opened, colors);
    expect(max).toBeLessThanOrEqual(1);
    expect(identical).toBeGreaterThan(0.999);
    expect(colors).toEqual(COLORS);
    expect(opened.seen.sizes).toEqual([SMALL_TILE, SMALL_TILE, SMALL_TILE]);
    const { tiles, bytesUp, bytesDown, hostColors, device } = opened.backend.stats();
    expect({ tiles, device }).toEqual({ tiles: 3, device: 'plain JavaScript' });
    expect(bytesDown).toBe(3 * SMALL_TILE * 4);
    expect(bytesUp).toBeGreaterThan(bytesDown);
    expect(hostColors).toBeGreaterThan(0);
  });

  it('decides every borderline color in float64', async () => {
    // Both radii lie on colors of the census, as in a flat region; strength 200 makes membership visible.
    const colors = sampleColors(4096);
    const flat = planOf({ rows: ['teal;50;200', 'red;20;200'], census: 'flat' });
    const expected = await exact(colors, flat);
    const out = new Uint32Array(colors.length);
    const { backend } = await openWith({}, good);
    await backend.evaluate(colors, flat, out);
    expect(out.map((color, i) => Number(color === colors[i]))).toEqual(
      expected.map((color, i) => Number(color === colors[i])),
    );
  });

  it('notices an answer that left the only surface of a plan as it was', async () => {
    const narrow = planOf({ rows: ['keep #3060c0;~0.1;100', '#c05030 -> teal;~0.02;100'] });
    const unchanged: Run = async (input) => input.slice();
    const { backend } = await openWith({}, unchanged);
    const colors = Uint32Array.of(0, 0xffffff);
    await expect(backend.evaluate(colors, narrow, new Uint32Array(2))).rejects.toThrow(/differ from the exact ones/);
  });

  it('asks no GPU when nothing can act', async () => {
    const { backend, seen } = await openWith({}, fail('broken', 'must not be called'));
    const out = new Uint32Array(3);
    await backend.evaluate(Uint32Array.of(1, 2, 3), planOf({ rows: ['red;0;200'] }), out);
    expect([...out]).toEqual([1, 2, 3]);
    expect(seen.runs).toBe(0);
  });

  it('runs overlapping evaluations one after the other', async () => {
    let running = 0;
    const { backend } = await openWith({}, async (input, parameters) => {
      expect(running++).toBe(0);
      await new Promise((resolve) => setTimeout(resolve, 2));
      running--;
      return runInJavaScript(input, parameters);
    });
    const plans = ['one', 'three colors', 'grey'].map((name) => planOf(findCase(name)));
    const colors = sampleColors(3000);
    const outs = plans.map(() => new Uint32Array(colors.length));
    await Promise.all(plans.map((plan, i) => backend.evaluate(colors, plan, outs[i] as Uint32Array)));
    for (const [i, plan] of plans.entries()) {
      expect(compareColors(outs[i] as Uint32Array, await exact(colors, plan)).max).toBeLessThanOrEqual(1);
    }
  });

  it('stops between tiles when it is canceled', async () => {
    const signal = { aborted: false };
    const { backend, seen } = await openWith({ onTile: () => (signal.aborted = true) }, good);
    const out = new Uint32Array(COLORS.length);
    await expect(backend.evaluate(COLORS, PLAN, out, signal)).rejects.toMatchObject({ code: 'CANCELED' });
    expect(seen.runs).toBe(1);
    signal.aborted = false;
    await backend.evaluate(COLORS, PLAN, out);
  });
});

describe('dispose', () => {
  it('ends what is running and refuses what comes after', async () => {
    const opened = await openWith({ onTile: () => opened.backend.dispose() }, good);
    const message = 'webgl2: the backend was disposed';
    await expect(evaluate(opened)).rejects.toMatchObject({ code: 'BACKEND_FAILED', message });
    await expect(evaluate(opened)).rejects.toMatchObject({ code: 'BACKEND_FAILED', message });
    expect(opened.seen).toMatchObject({ engines: 1, disposed: 1, runs: 1 });
  });

  it('closes a device that opens too late for anyone to use', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let disposed = 0;
    const late = createPlainEngine({ dispose: () => disposed++ });
    const open = () => new Promise<GpuEngine>((resolve) => setTimeout(() => resolve(late), 30));
    const opening = expect(createGpuBackend({ mode: 'webgpu', deadline: 5 }, open)).rejects.toThrow(/did not answer/);
    await vi.advanceTimersByTimeAsync(5);
    await opening;
    expect(disposed).toBe(0);
    await vi.advanceTimersByTimeAsync(25);
    vi.useRealTimers();
    expect(disposed).toBe(1);
  });
});

describe('failures of the GPU', () => {
  const repaired: [string, Run, RegExp][] = [
    ['a lost context', fail('lost', 'the WebGL context was lost'), /context was lost; a new context/],
    ['zeros', spoiled((out) => out.fill(0)), /differ from the exact ones; a new context/],
    ['NaN', spoiled((out) => out.fill(Number.NaN, 7, 8)), /NaN, which is not a color/],
    ['a fraction', spoiled((out) => out.fill(0.5, 7, 8)), /0.5, which is not a color/],
    ['a number past white', spoiled((out) => out.fill(2 ** 24, 7, 8)), /16777216, which is not a color/],
    ['a flag of another color', spoiled((out) => out.fill(-12_345_678, 0, 1)), /-12345678, which is not/],
    ['a short answer', spoiled((out) => out.subarray(1)), /returned 65535 colors for 65536/],
  ];
  for (const [name, bad, sentence] of repaired) {
    it(`recomputes the tile in a new context after ${name}`, async () => {
      const opened = await openWith({}, good, bad, good);
      expect((await evaluate(opened)).max).toBeLessThanOrEqual(1);
      expect(opened.seen).toMatchObject({ engines: 2, disposed: 1, runs: 4 });
      expect(opened.seen.notices).toEqual([expect.stringMatching(sentence)]);
      expect(opened.backend.stats().restarts).toBe(1);
    });

    it(`gives up after ${name} twice in one image`, async () => {
      const opened = await openWith({}, good, bad);
      await expect(evaluate(opened)).rejects.toMatchObject({ code: 'BACKEND_FAILED' });
      expect(opened.seen).toMatchObject({ engines: 2, disposed: 2 });
    });
  }

  it('tells the user of a kind of trouble once', async () => {
    const lost = fail('lost', 'the WebGL context was lost');
    const opened = await openWith({}, lost, good, good, good, lost, good);
    await evaluate(opened);
    await evaluate(opened);
    expect(opened.backend.stats().restarts).toBe(2);
    expect(opened.seen.notices.length).toBe(1);
  });

  it('halves its tiles after an out-of-memory until they fit', async () => {
    const limited: Run = (input, parameters) =>
      input.length > SMALL_TILE / 2
        ? fail('memory', 'the GPU ran out of memory')(input, parameters)
        : good(input, parameters);
    const opened = await openWith({}, limited);
    expect((await evaluate(opened)).max).toBeLessThanOrEqual(1);
    expect(opened.backend.stats()).toMatchObject({ tileSize: SMALL_TILE / 2, halvings: 5, restarts: 0 });
    expect(opened.seen).toMatchObject({ engines: 1, notices: [expect.stringMatching(/smaller tiles/)] });
    expect(opened.seen.released).toBeGreaterThan(0);
  });

  it('gives up when not even the smallest tile fits', async () => {
    const opened = await openWith({}, fail('memory', 'the GPU ran out of memory'));
    await expect(evaluate(opened)).rejects.toMatchObject({
      code: 'BACKEND_FAILED',
      message: 'webgl2: the GPU ran out of memory',
    });
    expect(opened.seen.sizes.at(-1)).toBe(MIN_TILE);
  });

  it('fits its tiles into the memory it may use', async () => {
    const small = await openWith({ memoryLimit: 8 * 2 ** 20 }, good);
    expect(small.backend.stats().tileSize).toBeLessThan(LARGE_TILE);
    expect(small.backend.stats().estimatedBytes).toBeLessThanOrEqual(8 * 2 ** 20);
    expect((await openWith({}, good)).backend.stats().tileSize).toBe(LARGE_TILE);
  });

  it('does not wait for ever for a tile', async () => {
    const opened = await openWith({ deadline: 30 }, () => new Promise(() => {}));
    await expect(evaluate(opened)).rejects.toMatchObject({
      code: 'BACKEND_FAILED',
      message: 'webgl2: a tile of 65536 colors did not answer within 0.03 s',
    });
    expect(opened.seen.disposed).toBe(1);
  });

  it('does not wait for ever for a device', async () => {
    const opening = createGpuBackend({ mode: 'webgpu', deadline: 30 }, () => new Promise(() => {}));
    await expect(opening).rejects.toMatchObject({
      code: 'BACKEND_FAILED',
      message: 'webgpu: the device did not answer within 0.03 s',
    });
  });

  it('shortens what a driver says to one line', async () => {
    const opened = await openWith({}, () => Promise.reject(new Error(`Error compiling shader:\n${'x'.repeat(1e4)}`)));
    await expect(evaluate(opened)).rejects.toMatchObject({ message: 'webgl2: Error compiling shader:' });
  });

  it('says in one sentence that Node has no WebGL', async () => {
    await expect(createGpuBackend({ mode: 'webgl2' })).rejects.toMatchObject({
      code: 'BACKEND_FAILED',
      message: 'webgl2: this environment offers no webgl2',
    });
  });
});

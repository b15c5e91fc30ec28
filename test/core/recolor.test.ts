import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Choice, type ChoiceFacts, chooseStrategy } from '../../src/core/choose-strategy.js';
import { repaint } from '../../src/core/repaint.js';
import {
  type Backend,
  countColors,
  createColorTable,
  createJsBackend,
  createPull,
  makeRecipe,
  type Pixels,
  planFor,
  recolorPixels,
  type StrategyChoice,
} from '../../src/index.js';
import { pixelsArbitrary } from '../support/arbitraries.js';
import { messageOf } from '../support/errors.js';
import { rejection } from '../support/rejection.js';

const js = createJsBackend();
const recipe = makeRecipe(['tomato;80;90', 'teal;50;150']);

/** An RGBA picture with many colors. */
function noise(width: number, height: number): Pixels & { data: Uint8Array } {
  const data = Uint8Array.from({ length: width * height * 4 }, (_, i) => Math.imul(i ^ (i >>> 9), 0x9e3779b1) >>> 24);
  return { data, width, height, channels: 4 };
}

describe('strategy', () => {
  const facts = (more: Partial<ChoiceFacts> = {}): ChoiceFacts => ({
    pixels: 1e6,
    is16Bit: false,
    rows: 2,
    hasPlan: false,
    backend: 'js',
    ...more,
  });

  it('auto: direct for tiny and 16-bit pictures, else table', () => {
    expect(chooseStrategy(facts({ pixels: 1000 }), 'auto').strategy).toBe('direct');
    expect(chooseStrategy(facts({ pixels: 10_000 }), 'auto').strategy).toBe('table');
    expect(chooseStrategy(facts(), 'auto').strategy).toBe('table');
    expect(chooseStrategy(facts({ is16Bit: true }), 'auto').strategy).toBe('direct');
  });

  it('auto: direct where nearly every pixel has a color of its own, if the backend computes pixels fast', () => {
    const large = { backend: 'wasm', pixels: 16e6 } as const;
    expect(chooseStrategy(facts({ ...large, estimatedColors: 3e5 }), 'auto').strategy).toBe('table');
    expect(chooseStrategy(facts({ ...large, estimatedColors: 14e6 }), 'auto')).toMatchObject({
      strategy: 'direct',
      reason: expect.stringContaining('a color of their own'),
    });
  });

  it('auto weighs by the backend’s speed: a fast one computes more pixels before a table pays', () => {
    const largestDirect = (colorsPerSecond: number): number => {
      for (let pixels = 1e6; pixels > 1; pixels /= 1.1) {
        if (chooseStrategy(facts({ pixels, colorsPerSecond }), 'auto').strategy === 'direct') return pixels;
      }
      return 0;
    };
    expect(largestDirect(60e6)).toBeGreaterThan(largestDirect(1e6) * 2);
    const [slow, fast] = [1e6, 60e6].map((colorsPerSecond) => chooseStrategy(facts({ colorsPerSecond }), 'auto').ways);
    const direct = (ways: Choice['ways'] | undefined): number =>
      ways?.find(({ strategy }) => strategy === 'direct')?.milliseconds ?? Number.NaN;
    expect(direct(slow)).toBeGreaterThan(direct(fast) * 5);
  });

  it('auto is exact unless approximation is allowed, and then only where a table is faster', () => {
    fc.assert(
      fc.property(
        fc.record({
          pixels: fc.integer({ min: 1, max: 2 ** 28 }),
          is16Bit: fc.boolean(),
          rows: fc.integer({ min: 1, max: 64 }),
          hasPlan: fc.boolean(),
          backend: fc.constantFrom('js', 'wasm', 'webgpu'),
          colorsPerSecond: fc.option(fc.double({ min: 1e5, max: 1e9, noNaN: true }), { nil: undefined }),
        }),
        (random) => {
          const exact = chooseStrategy(random, 'auto');
          const allowed = chooseStrategy({ ...random, approximateSize: 33 }, 'auto');
          const cost = ({ strategy, ways }: Choice): number =>
            ways.find((way) => way.strategy === strategy)?.milliseconds ?? Number.NaN;
          expect(exact.strategy).not.toBe('lut');
          if (allowed.strategy === 'lut') expect(cost(allowed)).toBeLessThan(cost(exact));
          else expect(allowed.strategy).toBe(exact.strategy);
        },
      ),
    );
    const deep = facts({ is16Bit: true, pixels: 8e6, hasPlan: true, approximateSize: 33 });
    expect(chooseStrategy(deep, 'auto')).toMatchObject({
      strategy: 'lut',
      reason: expect.stringContaining('a lookup table of 33 nodes'),
    });
    expect(chooseStrategy(facts({ approximateSize: 33, pixels: 1000 }), 'auto').strategy).toBe('direct');
    // The second image of a batch on a slow backend: a table pays, unless its error is to be measured by the exact pull.
    const second = facts({ pixels: 1e6, backend: 'wasm', colorsPerSecond: 1e6, hasPlan: true, approximateSize: 17 });
    expect(chooseStrategy({ ...second, measuresError: false }, 'auto').strategy).toBe('lut');
    expect(chooseStrategy({ ...second, measuresError: true }, 'auto').strategy).toBe('table');
  });

  it('does as asked, and says so', () => {
    expect(chooseStrategy(facts({ pixels: 1 }), 'table')).toMatchObject({ strategy: 'table', reason: 'as asked' });
    expect(chooseStrategy(facts(), 'direct')).toMatchObject({ strategy: 'direct', reason: 'as asked' });
  });

  it('refuses the impossible', () => {
    expect(messageOf('INVALID_OPTION', () => chooseStrategy(facts({ is16Bit: true }), 'table'))).toContain('16 bits');
    expect(messageOf('INVALID_OPTION', () => chooseStrategy(facts(), 'fast' as StrategyChoice))).toContain(
      'got "fast"',
    );
  });

  it('is in the report, with plan, counts and times', async () => {
    const pixels = noise(100, 50);
    const report = await recolorPixels(pixels, recipe, { backend: js });
    expect(report).toMatchObject({ backend: 'js', strategy: 'table', pixels: 5000 });
    expect(report.distinctColors).toBeGreaterThan(1000);
    expect(report.plan.rows).toHaveLength(2);
    expect(Object.values(report.timings).every((t) => t >= 0)).toBe(true);
    expect(report.reason.length).toBeGreaterThan(10);
  });
});

describe('recolorPixels', () => {
  it('gives the same bytes by table and direct on a picture that spans blocks', async () => {
    const [table, direct] = [noise(301, 299), noise(301, 299)];
    await recolorPixels(table, recipe, { backend: js, strategy: 'table' });
    await recolorPixels(direct, recipe, { backend: js, strategy: 'direct' });
    expect(Buffer.compare(table.data, direct.data)).toBe(0);
    expect(Buffer.compare(table.data, noise(301, 299).data)).not.toBe(0);
  });

  it('works at any byte offset', async () => {
    const plain = noise(70, 70);
    await recolorPixels(plain, recipe, { backend: js, strategy: 'table' });
    for (const offset of [1, 2, 3, 4]) {
      const data = new Uint8ClampedArray(new ArrayBuffer(plain.data.length + 8), offset, plain.data.length);
      data.set(noise(70, 70).data);
      await recolorPixels({ ...plain, data }, recipe, { backend: js, strategy: 'table' });
      expect(Buffer.compare(Buffer.from(data), plain.data)).toBe(0);
    }
  });

  /** What a table that was left dirty would spoil: colors that are taken for counted, or for painted. */
  async function expectCleanTable(pixels: ReturnType<typeof noise>): Promise<void> {
    const [byTable, direct] = [
      { ...pixels, data: pixels.data.slice() },
      { ...pixels, data: pixels.data.slice() },
    ];
    const report = await recolorPixels(byTable, recipe, { backend: js, strategy: 'table' });
    await recolorPixels(direct, recipe, { backend: js, strategy: 'direct' });
    expect(Buffer.compare(byTable.data, direct.data)).toBe(0);
    const { colors } = countColors(pixels.data, pixels.channels, createColorTable());
    expect(report.distinctColors).toBe(colors.length);
  }

  it('leaves its table clean, so that it serves many pictures', async () => {
    await recolorPixels(noise(80, 80), recipe, { backend: js, strategy: 'table' });
    for (const next of [noise(80, 80), noise(90, 70)]) await expectCleanTable(next);
  });

  it('leaves it clean after a failure too', async () => {
    const broken: Backend = { ...js, evaluate: () => Promise.reject(new Error('lost')) };
    const pixels = noise(80, 80);
    const error = await rejection(recolorPixels(pixels, recipe, { backend: broken, strategy: 'table' }));
    expect(error.message).toBe('lost');
    expect(Buffer.compare(pixels.data, noise(80, 80).data)).toBe(0);
    await expectCleanTable(pixels);
  });

  it('takes a frozen plan, in the right gamut only', async () => {
    const plan = planFor(noise(100, 100), recipe);
    const part = noise(20, 20);
    expect((await recolorPixels(part, plan, { backend: js })).plan).toBe(plan);
    for (const strategy of ['table', 'direct'] as const) {
      const error = await rejection(recolorPixels({ ...part, gamut: 'display-p3' }, plan, { backend: js, strategy }));
      expect(error.code).toBe('INVALID_PLAN');
      expect(error.message).toContain('expected gamut display-p3');
    }
  });

  it.each([
    [{ width: 3 }],
    [{ width: 0, height: 0, data: new Uint8Array(0) }],
    [{ width: 1.5 }],
    [{ width: -2, height: -2 }],
    [{ channels: 2 }],
    [{ channels: 3 }],
    [{ data: new Uint8Array(15) }],
    [{ width: Number.NaN }],
  ])('refuses pixels that do not add up: %j', async (change) => {
    const pixels = { ...noise(2, 2), ...change } as Pixels;
    const error = await rejection(recolorPixels(pixels, recipe, { backend: js }));
    expect(error.code).toBe('INVALID_PIXELS');
    expect(error.message).toContain('width x height x channels');
    messageOf('INVALID_PIXELS', () => planFor(pixels, recipe));
  });

  it('refuses 16 bits on a backend that cannot', async () => {
    const { evaluate16: _, ...only8 } = js;
    const pixels: Pixels = { data: new Uint16Array(3), width: 1, height: 1, channels: 3 };
    expect((await rejection(recolorPixels(pixels, recipe, { backend: only8 }))).code).toBe('BACKEND_FAILED');
  });
});

describe('cancel', () => {
  it.each(['table', 'direct'] as const)('before the start leaves the pixels alone: %s', async (strategy) => {
    const pixels = noise(70, 70);
    const error = await rejection(recolorPixels(pixels, recipe, { backend: js, strategy, signal: { aborted: true } }));
    expect(error.code).toBe('CANCELED');
    expect(Buffer.compare(pixels.data, noise(70, 70).data)).toBe(0);
  });

  it('while the backend works leaves the pixels alone', async () => {
    const controller = new AbortController();
    const slow: Backend = {
      ...js,
      async evaluate(...args) {
        await js.evaluate(...args);
        controller.abort();
      },
    };
    const pixels = noise(70, 70);
    const run = recolorPixels(pixels, recipe, { backend: slow, strategy: 'table', signal: controller.signal });
    expect((await rejection(run)).code).toBe('CANCELED');
    expect(Buffer.compare(pixels.data, noise(70, 70).data)).toBe(0);
  });

  it('is looked at by the js backend', async () => {
    const colors = new Uint32Array(10);
    const plan = planFor(noise(10, 10), recipe);
    const signal = { aborted: true };
    expect((await rejection(js.evaluate(colors, plan, new Uint32Array(10), signal))).code).toBe('CANCELED');
    expect((await rejection(js.evaluate16?.(new Uint16Array(4), 4, plan, signal) ?? Promise.resolve())).code).toBe(
      'CANCELED',
    );
  });
});

describe('repaint', () => {
  it('looks each color up, alpha aside, at any length and offset', () => {
    const table = createColorTable();
    const invert = (color: number): number => color ^ 0xffffff;
    fc.assert(
      fc.property(pixelsArbitrary({ depth: 8 }), fc.integer({ min: 0, max: 3 }), ({ data, channels }, offset) => {
        const copy = new Uint8Array(new ArrayBuffer(data.length + offset), offset);
        copy.set(data);
        const { colors } = countColors(copy, channels, table);
        for (const color of colors) table.slots[color] = invert(color);
        repaint(copy, channels, table);
        for (const color of colors) table.slots[color] = 0;
        expect([...copy]).toEqual([...data].map((x, i) => (channels === 4 && i % 4 === 3 ? x : 255 - x)));
      }),
    );
  });
});

describe('16 bits', () => {
  it.each([3, 4] as const)('the js backend equals the reference on spread samples, %i channels', async (channels) => {
    const count = 20_000;
    const data = Uint16Array.from({ length: count * channels }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 16);
    const gamut = channels === 3 ? 'srgb' : 'display-p3';
    const pixels = { data, width: count, height: 1, channels, gamut } as const;
    const before = data.slice();
    const { plan, strategy } = await recolorPixels(pixels, recipe, { backend: js });
    expect(strategy).toBe('direct');
    const pull = createPull(plan, 65535);
    let max = 0;
    let moved = 0;
    for (let at = 0; at < data.length; at += channels) {
      const codes = [before[at], before[at + 1], before[at + 2]] as [number, number, number];
      const want = pull(codes);
      if (want !== codes) moved++;
      for (let k = 0; k < 3; k++) max = Math.max(max, Math.abs((data[at + k] as number) - want[k as 0 | 1 | 2]));
      if (channels === 4) expect(data[at + 3]).toBe(before[at + 3]);
    }
    expect(max).toBeLessThanOrEqual(1);
    expect(moved).toBeGreaterThan(count / 4);
  });

  it('keeps more than 8 bits', async () => {
    const data = Uint16Array.from({ length: 3 * 4096 }, (_, i) => Math.floor(i / 3) + 20_000);
    await recolorPixels({ data, width: 4096, height: 1, channels: 3 }, makeRecipe(['gold;100;50']), { backend: js });
    expect(new Set(data).size).toBeGreaterThan(2000);
  });
});

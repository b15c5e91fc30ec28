import { describe, expect, it } from 'vitest';
import { oklabOfColors } from '../../src/core/analysis/oklab-of-colors.js';
import { packColor } from '../../src/core/color/packed.js';
import { makeRecipe } from '../../src/index.js';
import type { SelectionInfo } from '../../src/protocol/replies.js';
import { createPacer } from '../../ui/codec/pacer.js';
import type { Host } from '../../ui/host.js';
import { createLayerColors } from '../../ui/state/layer-colors.js';
import { drawColorBoard } from '../../ui/worker/color-board.js';
import type { Engine } from '../../ui/worker/engine.js';
import { type CountedImage, makePool, type PoolSpec, thinCensus } from '../../ui/worker/pool.js';

const pacer = createPacer(undefined);
const grey = (code: number): number => packColor(code, code, code);
const image = (
  colors: readonly number[],
  counts: readonly number[],
  gamut: CountedImage['gamut'] = 'srgb',
): CountedImage => ({
  census: { colors: Uint32Array.from(colors), counts: Float64Array.from(counts) },
  gamut,
});
const spec = (colors: readonly number[], areas: readonly number[], images: PoolSpec['images'] = []): PoolSpec => ({
  colors: Uint32Array.from(colors),
  areas: Float64Array.from(areas),
  gamut: 'srgb',
  images,
});
/** Oklab lightness of a grey, which is its distance from black. */
const lightness = (code: number): number => oklabOfColors(Uint32Array.of(grey(code)), 'srgb')[0] as number;
const radius = async (
  given: PoolSpec,
  counted: ReadonlyMap<string, CountedImage>,
  tolerance: number,
): Promise<number> => {
  const plan = await makePool(given, counted).planner.plan(makeRecipe([`black;${tolerance};100`]), pacer);
  return plan.rows[0]?.radius as number;
};

describe('a pool', () => {
  it('weighs layers by area: the radius is the percentile of the area', async () => {
    const given = spec([grey(50), grey(100), grey(200)], [30, 30, 40]);
    expect(await radius(given, new Map(), 29)).toBeCloseTo(lightness(50), 6);
    expect(await radius(given, new Map(), 31)).toBeCloseTo(lightness(100), 6);
    expect(await radius(given, new Map(), 61)).toBeCloseTo(lightness(200), 6);
  });

  it('weighs an image by the area that it covers, however many pixels it has', async () => {
    const given = spec([grey(10)], [50], [{ hash: 'a', area: 50 }]);
    const few = new Map([['a', image([grey(100), grey(200)], [1, 1])]]);
    const many = new Map([['a', image([grey(100), grey(200)], [4e6, 4e6])]]);
    for (const counted of [few, many]) {
      expect(await radius(given, counted, 49)).toBeCloseTo(lightness(10), 6);
      expect(await radius(given, counted, 51)).toBeCloseTo(lightness(100), 6);
      expect(await radius(given, counted, 74)).toBeCloseTo(lightness(100), 6);
      expect(await radius(given, counted, 76)).toBeCloseTo(lightness(200), 6);
    }
  });

  it('counts hidden colors for nothing, unless everything is hidden', async () => {
    expect(await radius(spec([grey(10), grey(200)], [0, 5]), new Map(), 50)).toBeCloseTo(lightness(200), 6);
    expect(await radius(spec([grey(10), grey(200)], [0, 0]), new Map(), 100)).toBeGreaterThan(lightness(199));
  });

  it('leaves out images that were not counted, and such without a visible pixel', async () => {
    const given = spec(
      [grey(100)],
      [1],
      [
        { hash: 'a', area: 1e9 },
        { hash: 'b', area: 1e9 },
      ],
    );
    const counted = new Map([['b', image([grey(200)], [0])]]);
    expect(await radius(given, counted, 50)).toBeCloseTo(lightness(100), 6);
  });

  it('measures a Display P3 image in its own gamut, and gives a palette’s census in one', async () => {
    const red = packColor(255, 0, 0);
    const given = spec([red], [1], [{ hash: 'p3', area: 1 }]);
    const pool = makePool(given, new Map([['p3', image([red], [7], 'display-p3')]]));
    const plan = await pool.planner.plan(makeRecipe(['color(display-p3 1 0 0);50;100']), pacer);
    // Half of the area is exactly that color, the other half is sRGB's red.
    const [a, b] = [oklabOfColors(Uint32Array.of(red), 'display-p3'), oklabOfColors(Uint32Array.of(red), 'srgb')];
    const distance = Math.hypot(...[0, 1, 2].map((k) => (a[k] as number) - (b[k] as number)));
    expect(plan.rows[0]?.radius).toBeGreaterThan(0);
    expect(plan.rows[0]?.radius).toBeLessThan(distance);
    expect(pool.gamut).toBe('display-p3');
    expect([...pool.census.colors]).toEqual([packColor(234, 51, 35), red]);
  });
});

describe('thinning', () => {
  it('keeps every pixel and at most so many colors', () => {
    const colors = Uint32Array.from({ length: 1000 }, (_, i) => (i * 7919) % 65536);
    const counts = Float64Array.from(colors, (_, i) => i);
    const thin = thinCensus({ colors, counts }, 100);
    expect(thin.colors.length).toBeLessThanOrEqual(100);
    expect(thin.counts.reduce((sum, n) => sum + n, 0)).toBe(counts.reduce((sum, n) => sum + n, 0));
    expect([...thin.colors].every((color) => colors.includes(color))).toBe(true);
    expect(thinCensus({ colors, counts }, 1000)).toEqual({ colors, counts });
  });
});

describe('the color board', () => {
  it('shows each color, the largest area first and widest, opaque', () => {
    const { data, width, height } = drawColorBoard(
      Uint32Array.of(grey(1), grey(2), grey(3)),
      Float64Array.of(0, 81, 16),
    );
    const words = new Uint32Array(data.buffer, 0, width);
    const widths = new Map<number, number>();
    for (const word of words) widths.set(word, (widths.get(word) ?? 0) + 1);
    const seen = [...widths.keys()].map((word) => word & 0xff);
    expect(seen).toEqual([2, 3, 1]);
    expect([...widths.keys()].every((word) => word >>> 24 === 255)).toBe(true);
    expect([...widths.values()][0]).toBeGreaterThan(width * 0.6);
    expect([...widths.values()][2]).toBeGreaterThanOrEqual(9);
    expect(data.length).toBe(width * height * 4);
  });
});

describe('an image that could not be read', () => {
  it('gets its part in the plan once it can be, and is tried again with the next selection', async () => {
    let isOffline = true;
    const counted: string[] = [];
    const host = {
      kind: 'figma',
      getLayerCensus: async (revision) => ({
        ...{ revision, colors: [{ color: 1, area: revision }], images: { a: 1, b: 1 } },
        ...{ layers: 1, styles: [], recolored: 0 },
      }),
      readImage: async () => {
        if (isOffline) throw new Error('network');
        return new Uint8Array(1);
      },
    } as Partial<Host> as Host;
    const engine = {
      pool: async (spec) => (spec?.images ?? []).map(({ hash }) => hash).filter((hash) => !counted.includes(hash)),
      count: async (hash) => void counted.push(hash),
    } as Partial<Engine> as Engine;
    const layers = createLayerColors(host, engine, () => 'srgb');
    const { signal } = new AbortController();
    layers.isOn.set(true);
    const show = async (revision: number): Promise<void> => {
      await layers.refresh({ revision, images: [{}, {}] } as unknown as SelectionInfo);
      await layers.ready(signal);
    };
    await show(1);
    expect(counted).toEqual([]);
    isOffline = false;
    layers.include('a');
    await layers.ready(signal);
    expect(counted).toEqual(['a', 'b']);
    layers.include('a');
    counted.length = 0;
    isOffline = true;
    await show(2);
    isOffline = false;
    await show(3);
    expect(counted).toEqual(['a', 'b']);
  });
});

/** One rule turns a tolerance into a radius; every finder of ranked distances answers it alike, bit for bit. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BandSource, Collected, DistanceBand } from '../../src/core/analysis/bands.js';
import { clearTable, countColors } from '../../src/core/analysis/census.js';
import { planFromSortedStream } from '../../src/core/analysis/deep-stream-plan.js';
import { oklabOfColors } from '../../src/core/analysis/oklab-of-colors.js';
import { planFromPixels } from '../../src/core/analysis/pixel-plan.js';
import { planFromBands } from '../../src/core/analysis/plan-from-bands.js';
import { FULL_TOLERANCE_MARGIN, radiusOf, wantedRanks } from '../../src/core/analysis/radius.js';
import { RankSearch } from '../../src/core/analysis/rank-search.js';
import { planFromStream } from '../../src/core/analysis/stream-plan.js';
import { StripCensus } from '../../src/core/analysis/strip-census.js';
import { type Center, distanceTo } from '../../src/core/row/distance.js';
import {
  type Census,
  createColorTable,
  makeRecipe,
  type Pixels,
  planFromCensus,
  type Recipe,
} from '../../src/index.js';
import { hardRecipes } from '../support/arbitraries.js';
import { plainPercentile } from '../support/independent-model.js';
import { makeNoise } from '../support/lut.js';
import { sortedStreamOf } from '../support/sorted-stream.js';

/** The rule on values in memory. */
function radiusAmong(values: Float64Array, counts: Float64Array | undefined, tolerance: number) {
  const search = RankSearch.upTo(Math.max(0, ...values), (total) => wantedRanks(total, { tolerance }));
  while (!search.isDone) {
    search.add(values, counts, values.length);
    search.finishLook();
  }
  return radiusOf(search.total, { tolerance }, search.values);
}

describe('the rule', () => {
  it('asks for the ranks of a percentile of type 7', () => {
    expect(wantedRanks(0, { tolerance: 50 })).toEqual([]);
    expect(wantedRanks(9, { tolerance: 0 })).toEqual([]);
    expect(wantedRanks(1, { tolerance: 50 })).toEqual([0]);
    expect(wantedRanks(5, { tolerance: 50 })).toEqual([2, 3]);
    expect(wantedRanks(4, { tolerance: 50 })).toEqual([1, 2]);
    expect(wantedRanks(9, { tolerance: 100 })).toEqual([8]);
    expect(wantedRanks(9, { tolerance: 1e-9 })).toEqual([0, 1]);
    expect(wantedRanks(9, { tolerance: 5e-324 })).toEqual([0, 1]);
    expect(wantedRanks(2 ** 40, { tolerance: 99.99999999999999 })).toEqual([2 ** 40 - 2, 2 ** 40 - 1]);
  });

  it('interpolates between order statistics', () => {
    const values = Float64Array.of(4, 1, 3, 2);
    expect(radiusAmong(values, undefined, 50)).toEqual({ radius: 2.5, inside: 2 });
    expect(radiusAmong(values, undefined, 40).radius).toBeCloseTo(2.2, 12);
    expect(radiusAmong(values, undefined, 1e-9).radius).toBeCloseTo(1, 9);
    expect(radiusAmong(values, undefined, 1e-9).inside).toBe(1);
    expect(radiusAmong(values, undefined, 0)).toEqual({ radius: 0, inside: 0 });
    expect(radiusAmong(values, undefined, 100)).toEqual({ radius: 4 + FULL_TOLERANCE_MARGIN, inside: 4 });
    expect(values).toEqual(Float64Array.of(4, 1, 3, 2));
  });

  it('knows one value, equal values and zeros', () => {
    expect(radiusAmong(Float64Array.of(7), undefined, 33)).toEqual({ radius: 7, inside: 0 });
    expect(radiusAmong(Float64Array.of(7, 7, 7), undefined, 33)).toEqual({ radius: 7, inside: 0 });
    expect(radiusAmong(Float64Array.of(0, 0), undefined, 50)).toEqual({ radius: 0, inside: 0 });
    expect(radiusAmong(Float64Array.of(0, 0, 0, 1), undefined, 50)).toEqual({ radius: 0, inside: 0 });
    expect(radiusAmong(new Float64Array(0), undefined, 50)).toEqual({ radius: 0, inside: 0 });
  });

  it('counts', () => {
    expect(radiusAmong(Float64Array.of(1, 9), Float64Array.of(99, 1), 50)).toEqual({ radius: 1, inside: 0 });
    expect(radiusAmong(Float64Array.of(1, 9), Float64Array.of(1, 1), 25)).toEqual({ radius: 3, inside: 1 });
    expect(radiusAmong(Float64Array.of(1, 9, 100), Float64Array.of(1, 1, 0), 100).radius).toBe(
      9 + FULL_TOLERANCE_MARGIN,
    );
  });

  it('equals plain sorting on any weighted values', () => {
    const value = fc.oneof(
      fc.double({ min: 0, max: 2, noNaN: true }),
      fc.constantFrom(0, 0.5, 0.5000000000000001, 1e-300, 2),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(value, fc.integer({ min: 0, max: 4 })), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 999 }),
        (weighted, tenths) => {
          const repeated = weighted.flatMap(([x, n]) => Array<number>(n).fill(x));
          fc.pre(repeated.length > 0);
          const values = Float64Array.from(weighted, ([x]) => x);
          const counts = Float64Array.from(weighted, ([, n]) => n);
          const { radius, inside } = radiusAmong(values, counts, tenths / 10);
          expect(Math.abs(radius - plainPercentile(repeated, tenths / 10))).toBeLessThanOrEqual(1e-12);
          expect(inside).toBe(repeated.filter((x) => x < radius).length);
          expect(radiusAmong(Float64Array.from(repeated), undefined, tenths / 10)).toEqual({ radius, inside });
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('finds its bucket among many values', () => {
    const random = makeNoise(1);
    const values = Float64Array.from({ length: 50_000 }, () => random() ** 3);
    for (const percent of [0.01, 1, 33.3, 50, 99, 99.99]) {
      expect(
        Math.abs(radiusAmong(values, undefined, percent).radius - plainPercentile([...values], percent)),
      ).toBeLessThan(1e-12);
    }
  });
});

const table = createColorTable();

function censusOf({ data, channels }: Pixels): Census {
  const census = countColors(data as Uint8Array, channels, table);
  clearTable(table, census.colors);
  return census;
}

/** A source as a kernel is one, in float32, whose sample holds every n-th color. */
function sourceOf({ colors, counts }: Census, every: number): BandSource {
  const lab = oklabOfColors(colors, 'srgb');
  const distanceOf = (center: Center, i: number): number =>
    Math.fround(distanceTo(center, lab[3 * i] as number, lab[3 * i + 1] as number, lab[3 * i + 2] as number));
  const scaleOf = (): number => 1000;
  return {
    scaleOf,
    sample: (centers) =>
      centers.map((center) => {
        const buckets = new Float64Array(4096);
        for (let i = 0; i < colors.length; i += every) {
          const bucket = Math.round(distanceOf(center, i) * scaleOf());
          if ((counts[i] as number) > 0) buckets[bucket] = (buckets[bucket] as number) + 1;
        }
        return buckets;
      }),
    collect: async (bands) => ({
      visible: counts.reduce((sum, count) => sum + count, 0),
      bands: bands.map(({ center, from, to }) => {
        let below = 0;
        const found: number[] = [];
        for (let i = 0; i < colors.length; i++) {
          const distance = distanceOf(center, i);
          if (distance < from) below += counts[i] as number;
          else if (distance < to && (counts[i] as number) > 0) found.push(i);
        }
        return {
          below,
          colors: Uint32Array.from(found, (i) => colors[i] as number),
          counts: Uint32Array.from(found, (i) => counts[i] as number),
          distances: Float32Array.from(found, (i) => distanceOf(center, i)),
        };
      }),
    }),
  };
}

/** An 8-bit picture at 16 bits: code / 255 is code * 257 / 65535, though linear values may differ in their last bit. */
const deepen = (pixels: Pixels): Pixels => ({ ...pixels, data: Uint16Array.from(pixels.data, (code) => code * 257) });

async function plansOf(pixels: Pixels, recipe: Recipe) {
  const census = censusOf(pixels);
  const strips = new StripCensus(table);
  strips.add(pixels.data as Uint8Array, pixels.channels);
  const streamed = await planFromStream(strips.toStream('srgb'), recipe, 'srgb');
  strips.clear();
  return {
    census: planFromCensus(census, recipe, 'srgb'),
    pixels: planFromPixels(pixels, recipe),
    stream: streamed,
    'sampled bands': await planFromBands(sourceOf(census, 7), recipe, 'srgb'),
    'bands without a sample': await planFromBands(sourceOf(census, Number.POSITIVE_INFINITY), recipe, 'srgb'),
  };
}

async function expectOnePlan(pixels: Pixels, recipe: Recipe): Promise<void> {
  const { census, ...others } = await plansOf(pixels, recipe);
  for (const [finder, plan] of Object.entries(others)) expect(plan, finder).toEqual(census);
  const deep = deepen(pixels);
  expect(await planFromSortedStream(sortedStreamOf(deep, 100).stream, recipe, 'srgb')).toEqual(
    planFromPixels(deep, recipe),
  );
}

const TOLERANCES = [0, 5e-324, 1e-9, 0.01, 25, 33.333, 50, 99.999, 99.99999999999999, 100];

describe('every finder gives the plan of the census', () => {
  const noise = makeNoise(5);
  const WIDTH = 3000;
  it.each<[string, (k: number, pixel: number) => number]>([
    ['noise', () => noise() * 256],
    ['a flat picture', () => 77],
    ['one black pixel', (_, pixel) => (pixel === 0 ? 0 : 200)],
    [
      'ties: mirrored colors of equal distance',
      (k, pixel) => (pixel % 2 === 0 ? [90, 30, 60] : [90, 60, 30])[k] as number,
    ],
    ['ties: few greys', (_, pixel) => (pixel % 5) * 60],
    ['mostly flat', (_, pixel) => (pixel % 9 === 0 ? noise() * 256 : 12)],
  ])('%s', async (_, codeOf) => {
    const recipe = makeRecipe(
      ['#4d4d4d', 'white', 'teal'].flatMap((color) =>
        TOLERANCES.map((tolerance) => ({ color, tolerance, strength: 70 })),
      ),
    );
    for (const channels of [3, 4] as const) {
      const data = Uint8Array.from({ length: WIDTH * channels }, (_, i) => {
        const [k, pixel] = [i % channels, Math.floor(i / channels)];
        return k === 3 ? (pixel % 3) * 100 : codeOf(k, pixel);
      });
      await expectOnePlan({ data, width: WIDTH, height: 1, channels }, recipe);
    }
  });

  it('all transparent, one pixel, no pixel', async () => {
    const recipe = makeRecipe(TOLERANCES.map((tolerance) => ({ color: 'teal', tolerance, strength: 70 })));
    await expectOnePlan({ data: new Uint8Array(400), width: 100, height: 1, channels: 4 }, recipe);
    await expectOnePlan({ data: Uint8Array.of(9, 8, 7), width: 1, height: 1, channels: 3 }, recipe);
    await expectOnePlan({ data: new Uint8Array(0), width: 0, height: 0, channels: 3 }, recipe);
  });

  it('any small picture, any recipe', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 255)), { minLength: 4, maxLength: 400 }),
        hardRecipes(5),
        fc.constantFrom(3 as const, 4 as const),
        async (codes, recipe, channels) => {
          const width = Math.floor(codes.length / channels);
          const data = Uint8Array.from(codes.slice(0, width * channels));
          await expectOnePlan({ data, width, height: 1, channels }, recipe);
        },
      ),
    );
  });
});

describe('planFromBands', () => {
  const random = makeNoise(8);
  const data = Uint8Array.from({ length: 30_000 }, () => random() * 256);
  const census = censusOf({ data, width: 10_000, height: 1, channels: 3 });
  const recipe = makeRecipe(['teal;30;70', 'white;100;70', 'red;0;70', 'blue;99.9;70']);

  /** A source that answers as `change` has it. */
  function changed(change: (found: Collected, asked: readonly DistanceBand[]) => Collected) {
    const source = sourceOf(census, 7);
    let looks = 0;
    const collect: BandSource['collect'] = async (bands) => {
      looks++;
      return change(await source.collect(bands), bands);
    };
    return { source: { ...source, collect }, looks: () => looks };
  }

  it('takes one look where the sample is fair', async () => {
    const { source, looks } = changed((found) => found);
    expect(await planFromBands(source, recipe, 'srgb')).toEqual(planFromCensus(census, recipe, 'srgb'));
    expect(looks()).toBe(1);
  });

  it('is right where a kernel gives no distances', async () => {
    const { source } = changed(({ visible, bands }) => ({
      visible,
      bands: bands.map((band) => ({ ...band, distances: band.distances.map(() => Number.NaN) })),
    }));
    expect(await planFromBands(source, recipe, 'srgb')).toEqual(planFromCensus(census, recipe, 'srgb'));
  });

  it('looks again where bands come back empty', async () => {
    const empty = { colors: new Uint32Array(0), counts: new Uint32Array(0), distances: new Float32Array(0) };
    const { source, looks } = changed(({ visible, bands }, asked) => ({
      visible,
      bands: bands.map((band, i) => (asked[i]?.to === Number.POSITIVE_INFINITY ? band : { ...band, ...empty })),
    }));
    expect(await planFromBands(source, recipe, 'srgb')).toEqual(planFromCensus(census, recipe, 'srgb'));
    expect(looks()).toBe(3);
  });

  it('hears a cancel after the look, before the rows are settled', async () => {
    const signal = { aborted: false };
    const { source } = changed((found) => {
      signal.aborted = true;
      return found;
    });
    await expect(planFromBands(source, recipe, 'srgb', signal)).rejects.toMatchObject({ code: 'CANCELED' });
  });

  it('says so when pixels are missing, in words', async () => {
    const { source } = changed(({ visible, bands }) => ({
      visible: visible + 1_000_000,
      bands: bands.map((band) => ({ ...band, below: 0 })),
    }));
    await expect(planFromBands(source, recipe, 'srgb')).rejects.toMatchObject({ code: 'BACKEND_FAILED' });
  });
});

/** Radii found by looking at a stream a few times equal those found on all distances at once, bit for bit. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJsBackend } from '../../src/backends/js/index.js';
import { clearTable, countColors } from '../../src/core/analysis/census.js';
import type { LabStream } from '../../src/core/analysis/lab-stream.js';
import type { RankedValue } from '../../src/core/analysis/radius.js';
import { RankSearch } from '../../src/core/analysis/rank-search.js';
import { planFromStream } from '../../src/core/analysis/stream-plan.js';
import { StripCensus } from '../../src/core/analysis/strip-census.js';
import { LMS_FROM_LINEAR_SRGB } from '../../src/core/color/matrices.js';
import { oklabFromLinear } from '../../src/core/color/oklab.js';
import { linearTable } from '../../src/core/color/srgb.js';
import { createColorTable, makeRecipe, type Pixels, planFor, planFromCensus } from '../../src/core/index.js';
import { deepSamples, hardRecipes } from '../support/arbitraries.js';

const table = createColorTable();

/** A stream of the visible pixels of a 16-bit picture. */
function streamOf({ data, channels }: Pixels, blockPixels = 1000): LabStream {
  const linear = linearTable(65535);
  return {
    async each(visit) {
      const lab: number[] = [];
      const flush = (): void => visit(Float64Array.from(lab), undefined, lab.length / 3);
      for (let i = 0; i < data.length; i += channels) {
        if (channels === 4 && data[i + 3] === 0) continue;
        const [r, g, b] = [0, 1, 2].map((k) => linear[data[i + k] as number] as number) as [number, number, number];
        lab.push(...oklabFromLinear(r, g, b, LMS_FROM_LINEAR_SRGB));
        if (lab.length < blockPixels * 3) continue;
        flush();
        lab.length = 0;
      }
      flush();
    },
  };
}

const recipes = hardRecipes(4);

describe('planFromStream', () => {
  it('equals planFor on 16-bit pictures: smooth, flat, transparent', async () => {
    await fc.assert(
      fc.asyncProperty(
        deepSamples,
        recipes,
        fc.constantFrom(3 as const, 4 as const),
        async (values, recipe, channels) => {
          const width = Math.floor(values.length / channels);
          fc.pre(width > 0);
          const picture = { data: Uint16Array.from(values.slice(0, width * channels)), width, height: 1, channels };
          expect(await planFromStream(streamOf(picture, 7), recipe, 'srgb')).toEqual(planFor(picture, recipe));
        },
      ),
    );
  });

  it('splits buckets that are too full to sort, and stops at values that are all equal', async () => {
    const pixels = 300_000;
    const data = new Uint16Array(pixels * 3);
    // Two thirds of all pixels within a hundred-thousandth of each other, the rest one color.
    for (let i = 0; i < pixels; i++) data.fill(i % 3 === 0 ? 100 : 40_000 + ((i * 7919) % 3), i * 3, i * 3 + 3);
    for (let i = 0; i < pixels; i += 3) data[i * 3 + 4] = 40_000 + ((i * 31) % 9);
    const picture = { data, width: pixels, height: 1, channels: 3 as const };
    const recipe = makeRecipe(['teal;10;70', 'teal;34;70', 'black;33.3334;70', 'white;66;70', 'white;99;70']);
    expect(await planFromStream(streamOf(picture), recipe, 'srgb')).toEqual(planFor(picture, recipe));
  });

  it('of an empty stream touches nothing, as for a picture that is all transparent', async () => {
    const recipe = makeRecipe(['teal;50;70', 'red;100;70']);
    const picture = { data: new Uint16Array(40), width: 10, height: 1, channels: 4 as const };
    expect(await planFromStream(streamOf(picture), recipe, 'srgb')).toEqual(planFor(picture, recipe));
  });
});

describe('RankSearch', () => {
  it('finds every rank of weighted values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0, max: 3, noNaN: true }), fc.integer({ min: 1, max: 100_000 })), {
          minLength: 1,
          maxLength: 30,
        }),
        (weighted) => {
          const sorted = [...weighted].sort(([p], [q]) => p - q);
          const ends: number[] = [];
          for (const [, weight] of sorted) ends.push((ends.at(-1) ?? 0) + weight);
          const ranks = ends.flatMap((end, i) => [end - 1, ends[i - 1] ?? 0]);
          const search = RankSearch.upTo(3, () => ranks);
          const values = Float64Array.from(weighted, ([value]) => value);
          const weights = Float64Array.from(weighted, ([, weight]) => weight);
          while (!search.isDone) {
            // In two blocks, the second one empty now and then.
            const half = weighted.length >> 1;
            search.add(values.subarray(half), weights.subarray(half), values.length - half);
            search.add(values, weights, half);
            search.finishLook();
          }
          const found = search.values;
          expect(found).toHaveLength(ranks.length);
          for (const [i, rank] of ranks.entries()) {
            const { value, below, equal } = found[i] as RankedValue;
            expect(value).toBe(sorted[ends.findIndex((end) => end > rank)]?.[0]);
            const sum = (keep: (v: number) => boolean): number =>
              weighted.reduce((total, [v, weight]) => total + (keep(v) ? weight : 0), 0);
            expect([below, equal]).toEqual([sum((v) => v < value), sum((v) => v === value)]);
          }
        },
      ),
    );
  });
});

describe('StripCensus', () => {
  const pixels = (channels: 3 | 4): Uint8Array =>
    Uint8Array.from({ length: 4000 * channels }, (_, i) => ((i * i) % 61) * ((i % 5) % 2));

  it.each([3, 4] as const)(
    'counts %d channels in strips as the whole at once, and past what a slot holds',
    async (channels) => {
      const data = pixels(channels);
      const whole = countColors(data, channels, table);
      const wanted = new Map(Array.from(whole.colors, (color, i) => [color, whole.counts[i]]));
      const recipe = makeRecipe(['teal;40;60', 'white;70;90']);
      const plan = planFromCensus(whole, recipe, 'srgb');
      clearTable(table, whole.colors);
      for (const unit of [2 ** 30, 1024]) {
        const census = new StripCensus(table, unit);
        for (let at = 0; at < data.length; at += 200 * channels)
          census.add(data.subarray(at, at + 200 * channels), channels);
        expect(census.countDistinct()).toBe(wanted.size);
        const counted = new Map<number, number>();
        for (const block of census.blocks(100)) for (const color of block) counted.set(color, census.countOf(color));
        expect(counted).toEqual(new Map([...wanted].sort(([p], [q]) => p - q)));
        expect(await planFromStream(census.toStream('srgb'), recipe, 'srgb')).toEqual(plan);
        const expected = new Uint32Array(wanted.size);
        const colors = Uint32Array.from(wanted.keys());
        const js = createJsBackend();
        await js.evaluate(colors, plan, expected);
        await census.recolor(100, (from, to) => js.evaluate(from, plan, to));
        expect(Array.from(colors, (color) => table.slots[color])).toEqual([...expected]);
        census.clear();
        expect(table.slots.every((slot) => slot === 0)).toBe(true);
      }
    },
  );
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCountable, clearTable, MAX_COUNTED_PIXELS, PRESENT, readCounts } from '../../src/core/analysis/census.js';
import { planFromPixels } from '../../src/core/analysis/pixel-plan.js';
import {
  type Census,
  countColors,
  createColorTable,
  makeRecipe,
  mergeCensuses,
  packColor,
  planFor,
  planFromCensus,
  unpackColor,
} from '../../src/index.js';
import { pixelsArbitrary, recipeArbitrary } from '../support/arbitraries.js';
import { messageOf } from '../support/errors.js';

const table = createColorTable();

/** A census as sorted [color, count] pairs, the table cleared behind it. */
function count(data: Uint8Array | Uint8ClampedArray, channels: 3 | 4): [number, number][] {
  const census = countColors(data, channels, table);
  clearTable(table, census.colors);
  return pairs(census);
}

function pairs({ colors, counts }: Census): [number, number][] {
  return [...colors].map((color, i): [number, number] => [color, counts[i] as number]).sort(([p], [q]) => p - q);
}

function countNaively(data: ArrayLike<number>, channels: 3 | 4): [number, number][] {
  const counts = new Map<number, number>();
  for (let i = 0; i + channels <= data.length; i += channels) {
    const color = (data[i] as number) + 256 * (data[i + 1] as number) + 65536 * (data[i + 2] as number);
    counts.set(color, (counts.get(color) ?? 0) + (channels === 4 && data[i + 3] === 0 ? 0 : 1));
  }
  return [...counts].sort(([p], [q]) => p - q);
}

describe('countColors', () => {
  it('counts RGB', () => {
    expect(count(Uint8Array.of(1, 2, 3, 1, 2, 3, 0, 0, 0), 3)).toEqual([
      [0, 1],
      [0x030201, 2],
    ]);
  });

  it('keeps colors that only occur at alpha 0, with count 0', () => {
    expect(count(Uint8Array.of(9, 9, 9, 0, 1, 1, 1, 1, 1, 1, 1, 0), 4)).toEqual([
      [0x010101, 1],
      [0x090909, 0],
    ]);
  });

  it('counts a color that is first seen transparent', () => {
    expect(count(Uint8Array.of(5, 5, 5, 0, 5, 5, 5, 255, 5, 5, 5, 0), 4)).toEqual([[0x050505, 1]]);
  });

  it('knows nothing of an empty picture', () => {
    expect(count(new Uint8Array(0), 4)).toEqual([]);
  });

  it('agrees with a naive count at any length and byte offset', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(3 as const, 4 as const),
        fc.integer({ min: 0, max: 7 }),
        fc.integer({ min: 0, max: 40 }),
        fc.infiniteStream(fc.constantFrom(0, 0, 1, 255, 128)),
        fc.boolean(),
        (channels, offset, pixels, stream, clamped) => {
          const bytes = new Uint8Array(offset + pixels * channels + 5).map(() => stream.next().value ?? 0);
          const Type = clamped ? Uint8ClampedArray : Uint8Array;
          const data = new Type(bytes.buffer, offset, pixels * channels);
          const before = data.slice();
          expect(count(data, channels)).toEqual(countNaively(data, channels));
          expect(data).toEqual(before);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('grows past its first list of colors', () => {
    const data = new Uint8Array(200_000 * 3);
    for (let i = 0; i < 200_000; i++) data.set(unpackColor(i * 83), i * 3);
    expect(count(data, 3)).toEqual(countNaively(data, 3));
  });

  it('refuses more pixels than a slot can count of one color', () => {
    expect(MAX_COUNTED_PIXELS).toBe(2 ** 31 - 1);
    expect(() => checkCountable(0)).not.toThrow();
    expect(() => checkCountable(MAX_COUNTED_PIXELS)).not.toThrow();
    const message = messageOf('INVALID_PIXELS', () => checkCountable(MAX_COUNTED_PIXELS + 1));
    expect(message).toContain('expected at most 2147483647 at once, got 2147483648');
  });

  it('counts a color up to what a slot holds', () => {
    const own = createColorTable();
    own.slots[0x030201] = MAX_COUNTED_PIXELS - 1 + PRESENT;
    countColors(Uint8Array.of(1, 2, 3), 3, own);
    expect(readCounts(own, Uint32Array.of(0x030201))[0]).toBe(MAX_COUNTED_PIXELS);
  });

  it('leaves a clean table after clearTable', () => {
    const own = createColorTable();
    const census = countColors(Uint8Array.of(1, 2, 3, 255, 255, 255), 3, own);
    expect(own.slots.some((slot) => slot !== 0)).toBe(true);
    clearTable(own, census.colors);
    expect(own.slots.some((slot) => slot !== 0)).toBe(false);
  });
});

describe('mergeCensuses', () => {
  const census = (...entries: [number, number][]): Census => ({
    colors: Uint32Array.from(entries, ([color]) => color),
    counts: Float64Array.from(entries, ([, n]) => n),
  });

  it('adds counts', () => {
    expect(pairs(mergeCensuses([census([1, 2], [5, 0]), census([5, 3], [7, 1]), census()]))).toEqual([
      [1, 2],
      [5, 3],
      [7, 1],
    ]);
  });

  it('takes none, one, and counts past 32 bits', () => {
    expect(pairs(mergeCensuses([]))).toEqual([]);
    expect(pairs(mergeCensuses([census([1, 2])]))).toEqual([[1, 2]]);
    expect(pairs(mergeCensuses([census([1, 2 ** 31]), census([1, 2 ** 40])]))).toEqual([[1, 2 ** 31 + 2 ** 40]]);
  });
});

describe('plans', () => {
  const two = { data: Uint8Array.of(255, 0, 0, 0, 0, 0), width: 2, height: 1, channels: 3 } as const;

  it('report radius, share and pixels', () => {
    const { rows: attractors, pixels } = planFor(two, makeRecipe(['black;100;50', 'black;50;50', 'black;0;50']));
    const red = Math.hypot(...(planFor(two, makeRecipe(['red;50;50'])).rows[0]?.oklab ?? []));
    expect(pixels).toBe(2);
    expect(attractors.map(({ share }) => share)).toEqual([1, 0.5, 0]);
    expect(attractors[0]?.radius).toBeCloseTo(red + 1e-6, 12);
    expect(attractors[1]?.radius).toBeCloseTo(red / 2, 12);
    expect(attractors[2]?.radius).toBe(0);
  });

  it('a flat picture lies on the radius, not within it', () => {
    const flat = { ...two, data: Uint8Array.of(9, 9, 9, 9, 9, 9) };
    expect(planFor(flat, makeRecipe(['red;50;100'])).rows[0]?.share).toBe(0);
  });

  it('of a fully transparent picture do nothing', () => {
    const clear = { data: Uint8Array.of(255, 0, 0, 0), width: 1, height: 1, channels: 4 } as const;
    const { rows: attractors, pixels } = planFor(clear, makeRecipe(['red;100;100', 'blue;50;100']));
    expect(pixels).toBe(0);
    expect(attractors.map(({ radius, share }) => [radius, share])).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it('leave out attractors that are off', () => {
    const off = { color: 'red', tolerance: 50, strength: 50, enabled: false };
    expect(planFor(two, makeRecipe(['blue;1;1', off])).rows).toHaveLength(1);
    messageOf('NO_ROWS', () => planFor(two, makeRecipe([off])));
  });

  it('from pixels and from a census are the same to the last bit', () => {
    fc.assert(
      fc.property(pixelsArbitrary({ depth: 8 }), recipeArbitrary(), (pixels, recipe) => {
        const { data, channels, gamut = 'srgb' } = pixels;
        const census = countColors(data as Uint8Array, channels, table);
        clearTable(table, census.colors);
        const plan = planFromCensus(census, recipe, gamut);
        expect(planFromPixels(pixels, recipe)).toEqual(plan);
        expect(planFor(pixels, recipe)).toEqual(plan);
      }),
    );
  });

  it('do not depend on the order of a census', () => {
    const colors = [packColor(1, 2, 3), packColor(200, 100, 50), packColor(0, 255, 0)];
    const recipe = makeRecipe(['red;37;70', 'tan;80;20']);
    const plan = (order: number[]) =>
      planFromCensus(
        { colors: Uint32Array.from(order, (i) => colors[i] as number), counts: Float64Array.from(order, (i) => i + 1) },
        recipe,
        'srgb',
      );
    expect(plan([2, 0, 1])).toEqual(plan([0, 1, 2]));
  });
});

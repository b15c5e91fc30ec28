import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../scripts/random.js';
import type { Census } from '../../src/core/analysis/census.js';
import { extractPalette } from '../../src/core/analysis/palette.js';
import { oklabDistance } from '../../src/core/color/oklab.js';
import { countColors, createColorTable, packColor, parseColor, unpackColor } from '../../src/index.js';

function censusOf(...entries: readonly (readonly [color: number, count: number])[]): Census {
  return { colors: Uint32Array.from(entries, ([c]) => c), counts: Float64Array.from(entries, ([, n]) => n) };
}
const RED = packColor(200, 30, 30);
const GREEN = packColor(20, 140, 60);
const BLUE = packColor(30, 60, 190);

describe('extractPalette', () => {
  it('finds three flat colors, most frequent first, with their shares', () => {
    const palette = extractPalette(censusOf([RED, 10], [GREEN, 60], [BLUE, 30]), 'srgb', 8);
    expect(palette.map(({ color }) => color)).toEqual([GREEN, BLUE, RED]);
    expect(palette.map(({ share }) => share)).toEqual([0.6, 0.3, 0.1]);
  });

  it('finds the centers of noisy clusters', () => {
    const random = createRandom(4);
    const entries = [RED, GREEN, BLUE].flatMap((color) =>
      Array.from({ length: 2000 }, () => {
        const noisy = unpackColor(color).map((code) => Math.round(code + (random() - 0.5) * 24));
        return [packColor(...(noisy as [number, number, number])), 1] as const;
      }),
    );
    const palette = extractPalette(censusOf(...entries), 'srgb', 3);
    expect(palette).toHaveLength(3);
    for (const wanted of [RED, GREEN, BLUE]) {
      const nearest = Math.min(...palette.map(({ color }) => distance(color, wanted)));
      expect(nearest).toBeLessThan(0.02);
    }
  });

  it('keeps a small accent apart from a large field', () => {
    const field = Array.from({ length: 500 }, (_, i) => [packColor(30 + (i % 20), 60 + (i % 25), 90), 100] as const);
    const palette = extractPalette(censusOf(...field, [RED, 200]), 'srgb', 5);
    expect(palette.some(({ color }) => distance(color, RED) < 0.02)).toBe(true);
  });

  it('counts visible pixels only', () => {
    const data = Uint8Array.of(200, 30, 30, 255, 20, 140, 60, 0);
    const census = countColors(data, 4, createColorTable());
    expect(extractPalette(census, 'srgb', 4)).toEqual([{ color: RED, share: 1 }]);
    expect(extractPalette(censusOf([RED, 0]), 'srgb', 4)).toEqual([]);
  });

  it('gives shares that add up to 1, sorted, and never too many colors', () => {
    const entry = fc.tuple(fc.integer({ min: 0, max: 0xffffff }), fc.integer({ min: 1, max: 1000 }));
    fc.assert(
      fc.property(
        fc.uniqueArray(entry, { minLength: 1, maxLength: 60, selector: ([c]) => c }),
        fc.integer({ min: 1, max: 12 }),
        (entries, count) => {
          const palette = extractPalette(censusOf(...entries), 'srgb', count);
          expect(palette.length).toBeGreaterThan(0);
          expect(palette.length).toBeLessThanOrEqual(count);
          expect(palette.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
          expect(palette.every(({ share }, i) => i === 0 || share <= (palette[i - 1]?.share ?? 0))).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });
});

function distance(p: number, q: number): number {
  const lab = (color: number) => parseColor(`rgb(${unpackColor(color).join(' ')})`).oklab;
  return oklabDistance(lab(p), lab(q));
}

import { describe, expect, it } from 'vitest';
import { compareOnAllColors } from './exactness.js';
import { CASES } from './recipes.js';

const MIN_IDENTICAL = 0.999;

/** The js backend against the reference on all 2^24 colors, for the cases whose index is wanted. */
export function describeExactness(isWanted: (index: number) => boolean): void {
  describe('js backend and reference on all 2^24 colors', () => {
    for (const recipe of CASES.filter((_, index) => isWanted(index))) {
      it(recipe.name, { timeout: 600_000 }, async () => {
        const { max, identical, moved, tableEqualsDirect } = await compareOnAllColors(recipe);
        console.info(
          `${recipe.name}: max ${max}/255, ${(identical * 100).toFixed(5)} % identical, ${moved} colors moved`,
        );
        expect(moved).toBeGreaterThan(1e5);
        expect(max).toBeLessThanOrEqual(1);
        expect(identical).toBeGreaterThanOrEqual(MIN_IDENTICAL);
        expect(tableEqualsDirect).toBe(true);
      });
    }
  });
}

import { beforeAll, describe, expect, it } from 'vitest';
import { spreadColors } from '../../src/backends/self-test.js';
import { compileKernel } from '../../src/backends/wasm/compile.js';
import { createKernel } from '../../src/backends/wasm/kernel.js';
import { measureColors } from '../../src/backends/wasm/measure.js';
import { type Measure, planFromBuckets } from '../../src/backends/wasm/plan.js';
import { type Census, makeRecipe, planFromCensus } from '../../src/index.js';
import { PLAN_CASES } from '../support/plans.js';

const measures: Record<string, Measure> = {};
beforeAll(async () => {
  for (const variant of ['simd', 'scalar'] as const) {
    const kernel = await createKernel(await compileKernel(variant));
    measures[variant] = ({ colors, counts }, targets, gamut) => measureColors(kernel, colors, counts, targets, gamut);
  }
});

/** Counts from 0 (seen only under alpha 0) to 12, a few of them huge, as in a picture with flat regions. */
function censusOf(colors: Uint32Array): Census {
  const counts = Float64Array.from(colors, (color, i) => (i % 997 === 5 ? 50_000 : (color * 7 + i) % 13));
  return { colors, counts };
}

const CENSUSES: Record<string, Census> = {
  'spread colors': censusOf(spreadColors(50_000)),
  'a gradient': censusOf(Uint32Array.from({ length: 256 }, (_, i) => i * 0x010101)),
  'one color': { colors: Uint32Array.of(0x3a6fb2), counts: Float64Array.of(12) },
  'two colors, one invisible': { colors: Uint32Array.of(0x3a6fb2, 0xffffff), counts: Float64Array.of(5, 0) },
  'nothing visible': { colors: Uint32Array.of(1, 2), counts: Float64Array.of(0, 0) },
  'a dense cluster': censusOf(
    Uint32Array.from(
      { length: 20 ** 3 },
      (_, i) => 0x506070 + (i % 20) + 256 * (((i / 20) % 20) | 0) + 65536 * ((i / 400) | 0),
    ),
  ),
};

describe.each(['simd', 'scalar'])('planFromBuckets (%s) is planFromCensus, bit for bit', (variant) => {
  describe.each(Object.entries(CENSUSES))('%s', (_, census) => {
    it.each(PLAN_CASES)('$name', async ({ attractors, gamut = 'srgb' }) => {
      const recipe = makeRecipe(attractors);
      expect(await planFromBuckets(census, recipe, gamut, measures[variant] as Measure)).toEqual(
        planFromCensus(census, recipe, gamut),
      );
    });

    it('every tolerance', async () => {
      const tolerances = [0, 0.001, 1, 7.3, 25, 33.333, 50, 66, 90, 99, 99.999, 100];
      const recipe = makeRecipe(tolerances.map((tolerance) => `#b0703a;${tolerance};150`));
      expect(await planFromBuckets(census, recipe, 'srgb', measures[variant] as Measure)).toEqual(
        planFromCensus(census, recipe, 'srgb'),
      );
    });

    it('a target far outside every gamut', async () => {
      const recipe = makeRecipe(['oklch(0.9 4 30);50;100', 'oklab(0.1 -3 2);10;100']);
      expect(await planFromBuckets(census, recipe, 'srgb', measures[variant] as Measure)).toEqual(
        planFromCensus(census, recipe, 'srgb'),
      );
    });
  });
});

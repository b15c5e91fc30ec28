import { beforeAll, describe, expect, it } from 'vitest';
import { spreadColors } from '../../src/backends/self-test.js';
import { collectColors, collectPixels } from '../../src/backends/wasm/collect-jobs.js';
import { compileKernel } from '../../src/backends/wasm/compile.js';
import { createKernel, type Kernel } from '../../src/backends/wasm/kernel.js';
import { bucketScale } from '../../src/backends/wasm/parameters.js';
import { bucketColors } from '../../src/backends/wasm/sample.js';
import { planFromPixels } from '../../src/core/analysis/pixel-plan.js';
import { planFromBands } from '../../src/core/analysis/plan-from-bands.js';
import { type Census, type Gamut, makeRecipe, type Plan, planFromCensus, type Recipe } from '../../src/index.js';
import { PLAN_CASES } from '../support/plans.js';

const kernels: Record<string, Kernel> = {};
beforeAll(async () => {
  for (const variant of ['simd', 'scalar'] as const) {
    kernels[variant] = await createKernel(await compileKernel(variant));
  }
});

/** What the wasm backend does with a census. @param size pixels in the sample */
function planByBands(kernel: Kernel, census: Census, recipe: Recipe, gamut: Gamut, size: number): Promise<Plan> {
  const counts = Uint32Array.from(census.counts);
  const sample = samplePixels(census, size);
  return planFromBands(
    {
      sample: (targets) => bucketColors(kernel, sample, targets, gamut),
      scaleOf: bucketScale,
      collect: async (bands) =>
        collectColors(kernel, { kind: 'collect-colors', colors: census.colors, counts, bands, gamut }),
    },
    recipe,
    gamut,
  );
}

/** Colors of pixels at even steps through all of them. */
function samplePixels({ colors, counts }: Census, size: number): Uint32Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const sample: number[] = [];
  let seen = 0;
  for (const [i, color] of colors.entries()) {
    seen += counts[i] as number;
    while (sample.length < (seen / total) * size) sample.push(color);
  }
  return Uint32Array.from(sample);
}

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

describe.each(['simd', 'scalar'])('planFromBands (%s) of a census is planFromCensus, bit for bit', (variant) => {
  describe.each(Object.entries(CENSUSES))('%s', (_, census) => {
    async function expectSame(recipe: Recipe, gamut: Gamut = 'srgb'): Promise<void> {
      const wanted = planFromCensus(census, recipe, gamut);
      for (const size of [0, 3000]) {
        expect(await planByBands(kernels[variant] as Kernel, census, recipe, gamut, size)).toEqual(wanted);
      }
    }

    it.each(PLAN_CASES)('$name', ({ attractors, gamut }) => expectSame(makeRecipe(attractors), gamut));

    it('every tolerance', () => {
      const tolerances = [0, 0.001, 1, 7.3, 25, 33.333, 50, 66, 90, 99, 99.999, 100];
      return expectSame(makeRecipe(tolerances.map((tolerance) => `#b0703a;${tolerance};150`)));
    });

    it('a target far outside every gamut', () =>
      expectSame(makeRecipe(['oklch(0.9 1.5 30);50;100', 'oklab(0.1 -1.5 1.5);10;100'])));
  });
});

describe('planFromBands of pixels', () => {
  const pixels = Uint8Array.from(spreadColors(40_000), (color) => color & 255);
  const picture = { data: pixels.subarray(0, 39_999), width: 13_333, height: 1, channels: 3 as const };
  const recipe = makeRecipe(['#b0703a;50;150', 'blue;0;100', 'lime;100;60', 'white;3;90']);

  /** Looks at the real pixels, and counts the looks. */
  async function search(sampled: Uint32Array) {
    const kernel = kernels.simd as Kernel;
    let looks = 0;
    const plan = await planFromBands(
      {
        sample: (targets) => bucketColors(kernel, sampled, targets, 'srgb'),
        scaleOf: bucketScale,
        async collect(bands) {
          looks++;
          return collectPixels(kernel, {
            kind: 'collect-pixels',
            data: picture.data,
            channels: 3,
            bands,
            gamut: 'srgb',
          });
        },
      },
      recipe,
      'srgb',
    );
    return { plan, looks };
  }

  it('takes one look where the sample is fair', async () => {
    const fair = Uint32Array.from({ length: 6000 }, (_, i) => {
      const at = i * 6;
      return (pixels[at] as number) | ((pixels[at + 1] as number) << 8) | ((pixels[at + 2] as number) << 16);
    });
    const { plan, looks } = await search(fair);
    expect(plan).toEqual(planFromPixels(picture, recipe));
    expect(looks).toBe(1);
  });

  it('looks again where it misleads, and everywhere where there is none', async () => {
    const misleading = await search(new Uint32Array(60_000).fill(0x808080));
    expect(misleading.plan).toEqual(planFromPixels(picture, recipe));
    expect(misleading.looks).toBeGreaterThan(1);
    const none = await search(new Uint32Array(0));
    expect(none.plan).toEqual(planFromPixels(picture, recipe));
  });
});

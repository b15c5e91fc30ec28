/** Radii of a 16-bit picture that is sorted strip by strip equal those of the picture in memory, bit for bit. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planFromSortedStream } from '../../src/core/analysis/deep-stream-plan.js';
import { planFromPixels } from '../../src/core/analysis/pixel-plan.js';
import { makeRecipe } from '../../src/index.js';
import { deepSamples, hardRecipes } from '../support/arbitraries.js';
import { makeNoise } from '../support/lut.js';
import { type Shift, sortedStreamOf } from '../support/sorted-stream.js';

// Rounding may put what lies at a border to either side of it, so equal distances are in two neighboring buckets.
const perhaps = (pixel: number): number => Math.imul(pixel, 2654435761) >>> 31;
const up: Shift = (pixel) => perhaps(pixel);
const down: Shift = (pixel) => -perhaps(pixel);

const recipes = hardRecipes(9);

describe('planFromSortedStream', () => {
  it('equals planFromPixels, whoever sorts and however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        deepSamples,
        recipes,
        fc.constantFrom(3 as const, 4 as const),
        fc.constantFrom('srgb' as const, 'display-p3' as const),
        fc.constantFrom<Shift>(() => 0, up, down),
        async (values, recipe, channels, gamut, shift) => {
          const width = Math.floor(values.length / channels);
          fc.pre(width > 0);
          const data = Uint16Array.from(values.slice(0, width * channels));
          const picture = { data, width, height: 1, channels, gamut };
          const plan = await planFromSortedStream(sortedStreamOf(picture, 7, shift).stream, recipe, gamut);
          expect(plan).toEqual(planFromPixels(picture, recipe));
        },
      ),
    );
  });

  it('takes one more look where a rank lies among few pixels or equals, at most two where among many', async () => {
    const pixels = 300_000;
    const random = makeNoise(3);
    const data = new Uint16Array(pixels * 3);
    for (let i = 0; i < pixels; i++) {
      // A third noise, a third within one bucket, a third one color.
      if (i % 3 === 0) for (let k = 0; k < 3; k++) data[i * 3 + k] = random() * 65536;
      else data.fill(i % 3 === 1 ? 40_000 : 100, i * 3, i * 3 + 3);
      if (i % 3 === 1) data[i * 3 + 1] = 40_000 + random() * 9;
    }
    const picture = { data, width: pixels, height: 1, channels: 3 as const };
    for (const [attractors, wanted] of [
      [['white;0;70'], 1],
      [['teal;100;70'], 2],
      [['#9c9c9c;90;70', 'lime;1;70'], 2],
      [['black;10;70'], 2],
      [['#9c9c9c;20;70'], 3],
      [['teal;10;70', 'teal;34;70', 'black;33.3334;70', 'white;66;70', 'white;99;70', '#9c9c9c;30;1'], 3],
    ] as const) {
      const { stream, looks } = sortedStreamOf(picture, 9973, up);
      const recipe = makeRecipe([...attractors]);
      expect(await planFromSortedStream(stream, recipe, 'srgb')).toEqual(planFromPixels(picture, recipe));
      expect(looks(), attractors.join(' ')).toBeLessThanOrEqual(wanted);
      if (wanted < 3) expect(looks(), attractors.join(' ')).toBe(wanted);
    }
  });

  it('of a picture that is all transparent touches nothing', async () => {
    const recipe = makeRecipe(['teal;50;70', 'red;100;70']);
    const picture = { data: new Uint16Array(40), width: 10, height: 1, channels: 4 as const };
    expect(await planFromSortedStream(sortedStreamOf(picture, 3).stream, recipe, 'srgb')).toEqual(
      planFromPixels(picture, recipe),
    );
  });

  it('notices a picture that has more pixels near the rank the second time', async () => {
    const random = makeNoise(4);
    const data = Uint16Array.from({ length: 30_000 }, () => random() * 65536);
    const picture = { data, width: 10_000, height: 1, channels: 3 as const };
    const { stream } = sortedStreamOf(picture, 1000);
    let looks = 0;
    const growing: typeof stream = {
      async each(targets, visit) {
        looks++;
        await stream.each(targets, visit);
        if (looks > 1) await stream.each(targets, visit);
      },
    };
    await expect(planFromSortedStream(growing, makeRecipe(['teal;50;70']), 'srgb')).rejects.toThrow('in another way');
  });

  it('notices a picture that is sorted differently the second time', async () => {
    const random = makeNoise(4);
    const data = Uint16Array.from({ length: 30_000 }, () => random() * 65536);
    const picture = { data, width: 10_000, height: 1, channels: 3 as const };
    let calls = 0;
    const { stream } = sortedStreamOf(picture, 1000, () => (++calls > 10_000 ? 40 : 0));
    await expect(planFromSortedStream(stream, makeRecipe(['teal;50;70']), 'srgb')).rejects.toThrow('in another way');
  });
});

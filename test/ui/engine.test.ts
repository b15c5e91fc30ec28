import { describe, expect, it } from 'vitest';
import { oklabOfColors } from '../../src/core/analysis/oklab-of-colors.js';
import { countVisible, radiusInCensus } from '../../src/core/analysis/plan.js';
import { unpackColor } from '../../src/core/color/packed.js';
import { centerOf, createPull } from '../../src/core/pull.js';
import { parseColor } from '../../src/core/row/color.js';
import { distanceTo } from '../../src/core/row/distance.js';
import type { PlanRow } from '../../src/core/types.js';
import {
  type Backend,
  countColors,
  createColorTable,
  createJsBackend,
  makeRecipe,
  planFromCensus,
  recolorPixels,
  takeCensus,
} from '../../src/index.js';
import { createPacer } from '../../ui/codec/pacer.js';
import { EXACT_VALUES, evaluateExactly } from '../../ui/worker/exact-colors.js';
import { recolorPaced } from '../../ui/worker/paced-census.js';
import { createPlanner } from '../../ui/worker/planner.js';
import { preparePreview } from '../../ui/worker/preview-image.js';
import { shrink } from '../../ui/worker/shrink.js';
import { makePhotoLike, makeTranslucentNoise } from '../support/png-images.js';

const RECIPE = makeRecipe(['teal;60;90', 'orange;40;120', 'teal;60;30']);
const pacer = createPacer();

describe('the window computes what the core computes', () => {
  const width = 700;
  const height = 600; // more than one strip
  const data = makeTranslucentNoise(width, height);
  const backend = createJsBackend();
  const pixels = { data, width, height, channels: 4 } as const;

  it('takes the same census in strips', async () => {
    /** Color and count in one number each, sorted: an order to compare in. */
    const sorted = ({ colors, counts }: { colors: Uint32Array; counts: Float64Array }): Buffer =>
      Buffer.from(Float64Array.from(colors, (color, i) => color * 2 ** 24 + (counts[i] as number)).sort().buffer);
    const whole = countColors(data, 4, createColorTable());
    expect(sorted(await takeCensus(pixels, { backend })).equals(sorted(whole))).toBe(true);
    // The table is clean again.
    expect(sorted(await takeCensus(pixels, { backend })).equals(sorted(whole))).toBe(true);
  });

  it('plans the same, also from what it remembers', async () => {
    const census = countColors(makePhotoLike(200, 200), 4, createColorTable());
    const planner = createPlanner(census, 'srgb');
    const expected = planFromCensus(census, RECIPE, 'srgb');
    expect(await planner.plan(RECIPE, pacer)).toEqual(expected);
    expect(await planner.plan(RECIPE, pacer)).toEqual(expected);
    const stronger = { ...RECIPE, rows: RECIPE.rows.map((row) => ({ ...row, strength: 7 })) };
    expect(await planner.plan(stronger, pacer)).toEqual(planFromCensus(census, stronger, 'srgb'));
  });

  it('plans the same while a reach is being moved, of every kind of row and on what is hardly visible', async () => {
    const census = countColors(makeTranslucentNoise(90, 70), 4, createColorTable());
    const lab = oklabOfColors(census.colors, 'srgb');
    let asked = 0;
    const planner = createPlanner(census, 'srgb', {
      async measureCensus(_, targets) {
        asked += targets.length;
        return targets.map((target) => radiusInCensus(target, lab, census.counts));
      },
    });
    for (const [place, row] of ['teal', 'teal -> red', 'keep teal'].entries()) {
      for (const reach of ['40', '0', '0.001', '33.3', '99.99', '100', '~0', '~0.07', '~1']) {
        const recipe = makeRecipe([`${row};${reach};80`]);
        const [found] = (await planner.plan(recipe, pacer)).rows;
        const [row0] = planFromCensus(census, recipe, 'srgb').rows;
        const inside = census.counts.reduce((sum, count, i) => {
          const [L, a, b] = lab.subarray(i * 3) as unknown as [number, number, number];
          return distanceTo(centerOf(row0 as PlanRow), L, a, b) < (row0 as PlanRow).radius ? sum + count : sum;
        }, 0);
        expect(found).toEqual({ ...row0, share: inside / countVisible(census) });
      }
      // Once by the backend; what follows is a slider on its way.
      expect(asked).toBe(place + 1);
    }
  });

  it('rounds nothing for documents that keep OKLCH: the codes are those of the pull, between which it lies', () => {
    const colors = Uint32Array.of(0x3c64c8, 0x101010, 0xff0000);
    const plan = planFromCensus({ colors, counts: Float64Array.of(1, 1, 1) }, makeRecipe(['teal;60;70']), 'srgb');
    const exact = evaluateExactly(colors, plan);
    const pull = createPull(plan);
    for (const [i, color] of colors.entries()) {
      const [r = 0, g = 0, b = 0, l, c = 0, h = 0] = exact.subarray(i * EXACT_VALUES, (i + 1) * EXACT_VALUES);
      expect([r, g, b].map((channel) => Math.round(channel * 255))).toEqual([...pull(unpackColor(color))]);
      const { oklab } = parseColor(`color(srgb ${r} ${g} ${b})`);
      expect(l).toBeCloseTo(oklab[0], 3);
      expect(c * Math.cos((h * Math.PI) / 180)).toBeCloseTo(oklab[1], 3);
      expect(c * Math.sin((h * Math.PI) / 180)).toBeCloseTo(oklab[2], 3);
    }
  });

  it('recolors to the same bytes', async () => {
    const mine = data.slice();
    await recolorPaced({ ...pixels, data: mine }, RECIPE, backend, pacer);
    const expected = data.slice();
    await recolorPixels({ data: expected, width, height, channels: 4 }, RECIPE, { backend });
    expect(Buffer.from(mine).equals(Buffer.from(expected))).toBe(true);
  });

  it('stops when it is canceled, and leaves the pixels alone', async () => {
    const signal = { aborted: false };
    const mine = data.slice();
    const job = recolorPaced({ ...pixels, data: mine }, RECIPE, backend, createPacer(signal), async () => {
      signal.aborted = true;
      return planFromCensus(countColors(data, 4, createColorTable()), RECIPE, 'srgb');
    });
    await expect(job).rejects.toMatchObject({ code: 'CANCELED' });
    expect(Buffer.from(mine).equals(Buffer.from(data))).toBe(true);
  });

  it.each(['census', 'radii', 'colors'])('hears a cancel that comes by the event loop: %s', async (stage) => {
    // Half a million colors and 64 rows: each stage takes many turns of the loop.
    const many = makeRecipe(Array.from({ length: 64 }, (_, i) => `hsl(${(i * 47) % 360} 80% 50%);100;30`));
    let lateLooks = 0;
    let isAborted = false;
    const signal = {
      get aborted() {
        if (isAborted) lateLooks++;
        return isAborted;
      },
    };
    const abortSoon = (): unknown =>
      setTimeout(() => {
        isAborted = true;
      }, 1);
    let evaluated = 0;
    const watched: Backend = {
      ...backend,
      evaluate(colors, ...rest) {
        expect(isAborted).toBe(false);
        if (evaluated === 0 && stage === 'colors') abortSoon();
        evaluated += colors.length;
        return backend.evaluate(colors, ...rest);
      },
    };
    const paced = createPacer(signal);
    const mine = data.slice();
    if (stage === 'census') abortSoon();
    const planner = createPlanner(countColors(data, 4, createColorTable()), 'srgb');
    const job = recolorPaced({ ...pixels, data: mine }, many, watched, paced, async () => {
      if (stage === 'radii') abortSoon();
      return planner.plan(many, paced);
    });
    await expect(job).rejects.toMatchObject({ code: 'CANCELED' });
    expect(isAborted).toBe(true);
    expect(lateLooks).toBeLessThanOrEqual(2);
    expect(evaluated).toBeLessThan(stage === 'colors' ? (width * height) / 2 : 1);
    expect(Buffer.from(mine).equals(Buffer.from(data))).toBe(true);
  });
});

describe('preparePreview', () => {
  it('knows each color once, who uses it and how often it is seen', () => {
    for (const data of [makePhotoLike(90, 70), makeTranslucentNoise(50, 40), new Uint8Array(4)]) {
      const words = new Uint32Array(data.buffer);
      const { colors, index, counts } = preparePreview({ data, width: words.length, height: 1 }, 'srgb');
      expect(new Set(colors).size).toBe(colors.length);
      expect(Array.from(index, (place) => colors[place])).toEqual(Array.from(words, (word) => word & 0xffffff));
      const seen = new Float64Array(colors.length);
      words.forEach((word, i) => {
        if (word > 0xffffff) seen[index[i] as number] = (seen[index[i] as number] as number) + 1;
      });
      expect(counts).toEqual(seen);
    }
  });
});

describe('shrink', () => {
  it('weighs colors by alpha: a clear pixel lends no color', async () => {
    const data = Uint8Array.of(200, 100, 50, 255, 0, 0, 0, 0, 200, 100, 50, 255, 0, 0, 0, 0);
    expect([...(await shrink({ data, width: 2, height: 2 }, 1, pacer)).data]).toEqual([200, 100, 50, 128]);
  });

  it('keeps proportions, covers every pixel, and copies what fits', async () => {
    const source = { data: makePhotoLike(300, 200), width: 300, height: 200 };
    const small = await shrink(source, 96, pacer);
    expect(small).toMatchObject({ width: 96, height: 64 });
    const mean = (data: Uint8Array): number => data.reduce((sum, x) => sum + x, 0) / data.length;
    expect(mean(small.data)).toBeCloseTo(mean(source.data), 0);
    const same = await shrink(source, 512, pacer);
    expect(same).toMatchObject({ width: 300, height: 200 });
    expect(Buffer.from(same.data).equals(Buffer.from(source.data))).toBe(true);
    expect(same.data).not.toBe(source.data);
  });
});

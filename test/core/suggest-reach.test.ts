import { describe, expect, it } from 'vitest';
import { createJsBackend } from '../../src/backends/js/index.js';
import { oklabOfColors } from '../../src/core/analysis/oklab-of-colors.js';
import { settleOnColors, settleOnPixels, settleOnStream } from '../../src/core/analysis/settle-reaches.js';
import { SUGGESTED_REACH } from '../../src/core/analysis/suggest-reach.js';
import {
  countColors,
  createColorTable,
  makeRecipe,
  measurePlan,
  planFor,
  type Recipe,
  recolorPixels,
} from '../../src/core/index.js';
import { labStreamOf } from '../../src/core/measure-plan.js';

const WIDTH = 160;
const HEIGHT = 100;

/** Left a blue surface from light to shade, right a grey wall in the same light, with grain. */
function scene(bits: 8 | 16 = 8) {
  const data = bits === 8 ? new Uint8Array(WIDTH * HEIGHT * 3) : new Uint16Array(WIDTH * HEIGHT * 3);
  let state = 1;
  const grain = (): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return ((state >>> 16) % 7) - 3;
  };
  for (let y = 0, at = 0; y < HEIGHT; y++) {
    const light = (1 - 0.6 * (y / HEIGHT)) ** (1 / 2.2);
    for (let x = 0; x < WIDTH; x++) {
      for (const code of x < WIDTH * 0.4 ? [60, 96, 170] : [190, 182, 170]) {
        data[at++] = Math.round((code * light + grain()) * (bits === 8 ? 1 : 257));
      }
    }
  }
  return { data, width: WIDTH, height: HEIGHT, channels: 3 as const };
}

const blue = makeRecipe(['#3c60aa -> crimson;auto;100']);
const reachOf = ({ rows }: Pick<Recipe, 'rows'>): unknown => rows[0]?.reach;

describe('a suggested reach', () => {
  it('takes a surface with its shades, and leaves the one beside it', async () => {
    const picture = scene();
    const before = picture.data.slice();
    await recolorPixels(picture, blue, { backend: createJsBackend() });
    let [taken, spared] = [0, 0];
    for (let i = 0; i < WIDTH * HEIGHT; i++) {
      const isMoved = picture.data
        .subarray(3 * i, 3 * i + 3)
        .some((code, k) => Math.abs(code - (before[3 * i + k] as number)) > 8);
      if (i % WIDTH < WIDTH * 0.4) taken += Number(isMoved);
      else spared += Number(!isMoved);
    }
    expect(taken / (WIDTH * HEIGHT * 0.4)).toBeGreaterThan(0.99);
    expect(spared / (WIDTH * HEIGHT * 0.6)).toBeGreaterThan(0.99);
  });

  it('is the same from pixels, from a census in any order and split, and for every way to a plan', async () => {
    const picture = scene();
    const backend = createJsBackend();
    const { colors, counts } = countColors(picture.data as Uint8Array, 3, createColorTable());
    const reversed = { colors: colors.slice().reverse(), counts: counts.slice().reverse() };
    const expected = reachOf(settleOnPixels(blue, picture));
    expect(expected).toBeGreaterThan(SUGGESTED_REACH.min);
    expect(reachOf(settleOnColors(blue, oklabOfColors(colors, 'srgb'), counts))).toBe(expected);
    expect(reachOf(settleOnColors(blue, oklabOfColors(reversed.colors, 'srgb'), reversed.counts))).toBe(expected);
    const stream = labStreamOf(picture, { backend });
    expect(reachOf(await settleOnStream(blue, stream))).toBe(expected);
    const plan = planFor(picture, blue);
    expect(plan.rows[0]).toMatchObject({ reach: expected, radius: expected });
    expect(await measurePlan(picture, blue, { backend })).toEqual({ ...plan });
  });

  it('is about the same with 16 bits', () => {
    const deep = reachOf(settleOnPixels(blue, scene(16))) as number;
    expect(Math.abs(deep - (reachOf(settleOnPixels(blue, scene())) as number))).toBeLessThanOrEqual(0.01);
  });

  it('is modest where nothing parts greys from greys, or nothing is there', () => {
    const grey = makeRecipe(['keep #777;auto;100']);
    const ramp = Uint8Array.from({ length: 256 * 3 }, (_, i) => Math.floor(i / 3));
    expect(reachOf(settleOnPixels(grey, { data: ramp, width: 256, height: 1, channels: 3 }))).toBeLessThan(0.06);
    const clear = { data: new Uint8Array(16), width: 4, height: 1, channels: 4 as const };
    expect(reachOf(settleOnPixels(grey, clear))).toBe(SUGGESTED_REACH.min);
  });

  it('is for rows that act', () => {
    const { rows } = settleOnPixels(
      makeRecipe([
        'red;10;20',
        '#3c60aa -> crimson;auto;100',
        { color: 'red', keep: true, reach: 'auto', strength: 1, enabled: false },
      ]),
      scene(),
    );
    expect(rows.map(({ reach }) => typeof reach)).toEqual(['undefined', 'number', 'string']);
  });
});

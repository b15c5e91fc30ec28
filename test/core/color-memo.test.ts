import { describe, expect, it } from 'vitest';
import { ColorMemo } from '../../src/core/color-memo.js';
import { createColorTable, createJsBackend, makeRecipe, type Pixels, planFor, recolorPixels } from '../../src/index.js';

/** Noise, so that strips bring more new colors than are evaluated at once; with 4 channels every alpha. */
function noise(channels: 3 | 4, width: number, height: number): Pixels {
  const data = new Uint8Array(width * height * channels);
  let state = 11;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = state >>> 24;
  }
  return { data, width, height, channels };
}

describe('ColorMemo', () => {
  it.each([3, 4] as const)('gives the bytes of the whole picture in any strips (%d channels)', async (channels) => {
    // Black pulls so hard that many colors become it: their slots look as if they had not been met.
    const recipe = makeRecipe(['black;60;200', 'teal;40;150']);
    const source = noise(channels, 701, 311);
    const plan = planFor(source, recipe);
    const backend = createJsBackend();
    const wanted = { ...source, data: source.data.slice() };
    const { distinctColors } = await recolorPixels(wanted, plan, { backend, strategy: 'table' });
    for (const stripPixels of [701 * 311, 701 * 100, 5003, 97]) {
      let evaluated = 0;
      const memo = new ColorMemo(createColorTable(), (colors, newColors) => {
        evaluated += colors.length;
        return backend.evaluate(colors, plan, newColors);
      });
      const got = (source.data as Uint8Array).slice();
      for (let at = 0; at < got.length; at += stripPixels * channels) {
        await memo.recolor(got.subarray(at, at + stripPixels * channels), channels);
      }
      expect(Buffer.compare(got, wanted.data as Uint8Array)).toBe(0);
      expect(memo.distinctColors).toBe(distinctColors);
      expect(evaluated).toBeGreaterThanOrEqual(distinctColors as number);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { createWasmBackend } from '../../src/backends/wasm/index.js';
import {
  countColors,
  createColorTable,
  createJsBackend,
  makeRecipe,
  measurePlan,
  type Pixels,
  planFor,
  takeCensus,
} from '../../src/index.js';
import { makeNoise } from '../support/lut.js';

const RECIPE = makeRecipe(['teal;50;70', 'orange;20;60']);

/** RGBA with some pixels under alpha 0. @param codes values of a component */
function picture(side: number, codes: number): Pixels & { data: Uint8Array } {
  const random = makeNoise(side + codes);
  const data = Uint8Array.from({ length: side * side * 4 }, (_, i) =>
    i % 4 === 3 ? (i % 28 === 3 ? 0 : 255) : Math.floor(random() * codes),
  );
  return { data, width: side, height: side, channels: 4 };
}

/** Below and above the sizes and shares of colors at which another way is taken. */
const PICTURES = { small: picture(40, 256), 'few colors': picture(400, 24), 'many colors': picture(400, 256) };

for (const [name, open] of [
  ['js', async () => createJsBackend()],
  ['wasm', () => createWasmBackend()],
] as const) {
  describe.each(Object.entries(PICTURES))(`${name}, %s`, (_, pixels) => {
    it('freezes the radii of planFor, bit for bit', async () => {
      const backend = await open();
      expect(await measurePlan(pixels, RECIPE, { backend })).toEqual(planFor(pixels, RECIPE));
      backend.dispose();
    });

    it('counts the colors of countColors, again and again', async () => {
      const backend = await open();
      const wanted = countColors(pixels.data, 4, createColorTable());
      for (let turn = 0; turn < 2; turn++) {
        const { colors, counts } = await takeCensus(pixels, { backend });
        expect(colors.length).toBe(wanted.colors.length);
        expect(new Map([...colors].map((color, i) => [color, counts[i]]))).toEqual(
          new Map([...wanted.colors].map((color, i) => [color, wanted.counts[i]])),
        );
      }
      backend.dispose();
    });
  });
}

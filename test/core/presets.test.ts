import { describe, expect, it } from 'vitest';
import { unpackColor } from '../../src/core/color/packed.js';
import { PRESET_NAMES } from '../../src/core/preset-names.js';
import { PRESETS } from '../../src/core/presets.js';
import { createJsBackend, makeRecipe, type Pixels, recolorPixels } from '../../src/index.js';
import { makePhotoLike } from '../support/png-images.js';

const SIDE = 96;
const SOURCE = makePhotoLike(SIDE, SIDE, 11);

async function shine(recipe: Parameters<typeof recolorPixels>[1]): Promise<Uint8Array> {
  const pixels: Pixels = { data: SOURCE.slice(), width: SIDE, height: SIDE, channels: 4 };
  await recolorPixels(pixels, recipe, { backend: createJsBackend() });
  return pixels.data as Uint8Array;
}

describe('PRESETS', () => {
  it('offers at least twelve looks with ids and names of their own', () => {
    expect(PRESETS.length).toBeGreaterThanOrEqual(12);
    expect(PRESETS.map(({ id }) => id)).toEqual(Object.keys(PRESET_NAMES));
    expect(new Set(PRESETS.map(({ id }) => id)).size).toBe(PRESETS.length);
    expect(new Set(PRESETS.map(({ name }) => name)).size).toBe(PRESETS.length);
    for (const { id, name, recipe } of PRESETS) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(recipe.name).toBe(name);
    }
  });

  it('holds recipes that read back as they are', () => {
    for (const { recipe } of PRESETS) expect(makeRecipe(recipe)).toEqual(recipe);
  });

  it('holds looks that differ from the picture and from each other', async () => {
    const results = [SOURCE, ...(await Promise.all(PRESETS.map(({ recipe }) => shine(recipe))))];
    results.forEach((a, i) => {
      for (const b of results.slice(i + 1)) expect(meanDifference(a, b)).toBeGreaterThan(2);
    });
  });

  it('leaves no strong color in noir and one hue in sepia', async () => {
    const find = (id: string) => PRESETS.find((preset) => preset.id === id)?.recipe ?? expect.fail(id);
    const noir = await shine(find('noir'));
    const spread = colorsOf(noir).map(([r, g, b]) => Math.max(r, g, b) - Math.min(r, g, b));
    expect(spread.reduce((sum, x) => sum + x, 0) / spread.length).toBeLessThan(20);
    const sepia = await shine(find('sepia'));
    expect(colorsOf(sepia).every(([r, g, b]) => r >= g && g >= b)).toBe(true);
  });
});

function colorsOf(data: Uint8Array): [number, number, number][] {
  return Array.from(new Uint32Array(data.buffer, data.byteOffset, data.length / 4), (word) =>
    unpackColor(word & 0xffffff),
  );
}

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, x, i) => sum + Math.abs(x - (b[i] as number)), 0) / a.length;
}

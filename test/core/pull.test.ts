import { describe, expect, it } from 'vitest';
import {
  createJsBackend,
  makeRecipe,
  type Plan,
  packColor,
  planFromCensus,
  pull,
  recolorPixels,
} from '../../src/index.js';

/** Every color of a coarse cube, each once: a stand-in for a picture that has everything. */
const STEP = 51;
const CUBE = Uint32Array.from({ length: 6 ** 3 }, (_, i) =>
  packColor((i % 6) * STEP, (Math.floor(i / 6) % 6) * STEP, Math.floor(i / 36) * STEP),
);
const planOf = (...attractors: string[]): Plan =>
  planFromCensus({ colors: CUBE, counts: new Float64Array(CUBE.length).fill(1) }, makeRecipe(attractors), 'srgb');

describe('pull', () => {
  it('returns an untouched color as the same array', () => {
    const black = [0, 0, 0] as const;
    expect(pull(black, planOf('white;10;100'))).toBe(black);
  });

  it('turns every pixel into the attractor at strength 200, tolerance 100', () => {
    expect(pull([10, 200, 30], planOf('rgb(90 120 200);100;200'))).toEqual([90, 120, 200]);
  });
});

describe('recolorPixels', () => {
  it('recolors a 3 x 1 picture in place and leaves alpha alone', async () => {
    const data = Uint8Array.of(255, 0, 0, 255, 0, 255, 0, 7, 9, 9, 9, 0);
    const report = await recolorPixels({ data, width: 3, height: 1, channels: 4 }, makeRecipe(['rgb(1 2 3);100;200']), {
      backend: createJsBackend(),
    });
    expect([...data]).toEqual([1, 2, 3, 255, 1, 2, 3, 7, 1, 2, 3, 0]);
    expect(report.plan.pixels).toBe(2);
  });
});

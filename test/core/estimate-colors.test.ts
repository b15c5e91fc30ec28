import { describe, expect, it } from 'vitest';
import { estimateColors } from '../../src/core/analysis/estimate-colors.js';
import { chooseStrategy } from '../../src/core/choose-strategy.js';
import type { Pixels } from '../../src/index.js';

const WIDTH = 1500;
const HEIGHT = 1000;

function paint(channels: 3 | 4, colorOf: (n: number) => number): Pixels {
  const data = new Uint8Array(WIDTH * HEIGHT * channels);
  for (let n = 0; n < WIDTH * HEIGHT; n++) {
    const color = colorOf(n);
    data.set([color & 255, (color >>> 8) & 255, color >>> 16, 255].slice(0, channels), n * channels);
  }
  return { data, width: WIDTH, height: HEIGHT, channels };
}

/** As good as random, and each number below `colors` about as often. */
const scattered = (n: number, colors: number): number => (Math.imul(n ^ (n >>> 7), 0x9e3779b1) >>> 4) % colors;

describe('transparent pictures', () => {
  const clear = { data: new Uint8Array(600 * 600 * 4), width: 600, height: 600, channels: 4 } as const;

  it('have no colors that anybody sees, when a sample was taken', () => {
    expect(estimateColors(clear)).toBe(0);
    const { data } = clear;
    expect(estimateColors({ ...clear, data: data.map((_, i) => (i % 4 === 3 ? 0 : i * 7)) })).toBe(0);
  });

  it('take the table', () => {
    const facts = {
      pixels: 360_000,
      is16Bit: false,
      rows: 1,
      hasPlan: false,
      estimatedColors: estimateColors(clear),
    };
    for (const backend of ['js', 'wasm']) expect(chooseStrategy({ ...facts, backend }, 'auto').strategy).toBe('table');
  });

  it('with a few visible pixels have few colors', () => {
    const data = clear.data.map((_, i) => (i % 4000 === 3 ? 255 : 0));
    expect(estimateColors({ ...clear, data })).toBeLessThanOrEqual(1);
  });

  it('too small to be sampled are counted as though every pixel differed', () => {
    expect(estimateColors({ data: new Uint8Array(400), width: 10, height: 10, channels: 4 })).toBe(100);
  });
});

describe.each([3, 4] as const)('estimateColors, %d channels', (channels) => {
  it('knows few colors exactly', () => {
    expect(estimateColors(paint(channels, () => 0x123456))).toBe(1);
    const estimate = estimateColors(paint(channels, (n) => scattered(n, 200)));
    expect(estimate).toBe(200);
  });

  it('comes near to many', () => {
    const estimate = estimateColors(paint(channels, (n) => scattered(n, 50_000)));
    expect(estimate).toBeGreaterThan(35_000);
    expect(estimate).toBeLessThan(70_000);
  });

  it('says that all may differ where they do, and never more than there are pixels', () => {
    const estimate = estimateColors(paint(channels, (n) => n * 7));
    expect(estimate).toBeGreaterThan(WIDTH * HEIGHT * 0.9);
    expect(estimate).toBeLessThanOrEqual(WIDTH * HEIGHT);
    const half = estimateColors(paint(channels, (n) => (n % 2 === 0 ? 0 : n * 7)));
    expect(half).toBeGreaterThan(WIDTH * HEIGHT * 0.25);
  });

  it('takes small pictures as though every pixel differed', () => {
    expect(estimateColors({ data: new Uint8Array(12 * channels), width: 4, height: 3, channels })).toBe(12);
  });
});

/** The measures of `npm run quality`, on pictures whose answer is plain. */
import { describe, expect, it } from 'vitest';
import { measureBands } from '../bench/quality/bands.js';
import { measureGrain } from '../bench/quality/grain.js';
import { measureHalos } from '../bench/quality/halos.js';
import { type LabPicture, toLabPicture } from '../bench/quality/lab-picture.js';
import { tileOrders } from '../bench/quality/lightness-order.js';
import { makeNoise } from './support/lut.js';

const WIDTH = 96;
const HEIGHT = 64;

type Rgb = readonly [number, number, number];

function paint(colorAt: (x: number, y: number) => Rgb): LabPicture {
  const rgb = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let y = 0, at = 0; y < HEIGHT; y++) for (let x = 0; x < WIDTH; x++, at += 3) rgb.set(colorAt(x, y), at);
  return toLabPicture(rgb, WIDTH, HEIGHT);
}

const ramp = paint((x) => [40 + 2 * x, 40 + 2 * x, 40 + 2 * x]);

describe('order of lightness', () => {
  it('is 1 where every darker pixel stays darker, -1 where all are turned around', () => {
    for (const order of tileOrders(
      ramp,
      paint((x) => [x, x, x]),
      3,
      2,
    ))
      expect(order).toBeCloseTo(1, 9);
    for (const order of tileOrders(
      ramp,
      paint((x) => [200 - x, 200 - x, 200 - x]),
      3,
      2,
    )) {
      expect(order).toBeCloseTo(-1, 9);
    }
  });

  it('leaves out tiles that are even, and sees the one tile that is inverted', () => {
    const half = (sign: number) =>
      paint((x) => (x < 48 ? [90, 90, 90] : ([1, 1, 1].map(() => 90 + sign * (x - 48)) as never)));
    expect(tileOrders(half(1), half(-1), 2, 1)).toEqual([expect.closeTo(-1, 9)]);
  });
});

describe('grain', () => {
  const grainy = (amount: number, tint: number): LabPicture => {
    const random = makeNoise(7);
    return paint(() => {
      const step = Math.round(amount * (random() - 0.5));
      return [128 + step, 128 + step, 128 + step + Math.round(tint * (random() - 0.5))];
    });
  };

  it('is 1 for the same picture, and grows as the noise does', () => {
    const before = grainy(8, 0);
    expect(measureGrain(before, before)).toEqual({ lightness: 1, chroma: 1 });
    const { lightness, chroma } = measureGrain(before, grainy(24, 0));
    expect(lightness).toBeGreaterThan(2.7);
    expect(lightness).toBeLessThan(3.3);
    expect(chroma).toBe(1);
  });

  it('tells noise of chroma from noise of lightness', () => {
    const { lightness, chroma } = measureGrain(grainy(8, 0), grainy(8, 40));
    expect(lightness).toBeLessThan(1.3);
    expect(chroma).toBeGreaterThan(5);
  });

  it('does not count edges', () => {
    const checks = (light: number) => paint((x) => (x < 48 ? [60, 60, 60] : [light, light, light]));
    expect(measureGrain(checks(90), checks(220))).toEqual({ lightness: 1, chroma: 1 });
  });
});

describe('bands', () => {
  it('are runs that have grown in a smooth gradient, along rows or columns', () => {
    const posterized = paint((x) => [1, 1, 1].map(() => 40 + 2 * (x - (x % 12))) as never);
    expect(measureBands(ramp, ramp)).toEqual({ before: 1, after: 1 });
    expect(measureBands(ramp, posterized)).toEqual({ before: 1, after: 12 });
    const down = paint((_, y) => [20 + y, 30, 40]);
    const banded = paint((_, y) => [20 + y - (y % 8), 30, 40]);
    expect(measureBands(down, banded)).toEqual({ before: 1, after: 8 });
  });

  it('are not looked for in flat areas and across edges', () => {
    const flat = paint((x) => (x < 50 ? [10, 10, 10] : [200, 200, 200]));
    expect(measureBands(flat, flat)).toEqual({ before: 0, after: 0 });
  });
});

describe('halos', () => {
  const edge = (middle: Rgb) => paint((x) => (x < 47 ? [60, 90, 170] : x < 49 ? middle : [40, 60, 90]));

  it('are hues at an edge that neither side has, and the original had not', () => {
    const before = edge([50, 75, 130]);
    expect(measureHalos(before, before)).toBe(0);
    const fringed = measureHalos(before, edge([90, 160, 60]));
    // Seen from the two columns of the fringe alone; the others near the edge have the hue of their side.
    expect(fringed).toBeGreaterThan(0.3);
    expect(fringed).toBeLessThan(0.7);
    expect(measureHalos(edge([90, 160, 60]), edge([90, 160, 60]))).toBe(0);
  });

  it('are not seen where there is no edge or no hue', () => {
    const grey = edge([60, 60, 60]);
    expect(measureHalos(grey, grey)).toBe(0);
    expect(
      measureHalos(
        ramp,
        paint((x) => (x % 9 === 4 ? [90, 160, 60] : [60, 90, 170])),
      ),
    ).toBe(0);
  });
});

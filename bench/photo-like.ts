/**
 * A photo-like picture made by code: 1/f noise in lightness and, weaker, in the two color directions, a few hard edges,
 * and a little sensor noise. At 4096 x 4096 it has about a million distinct colors; a real photograph has a tenth.
 */

import { createRandom } from '../scripts/random.js';

/** Octaves of the lightness field; each halves in amplitude and doubles in detail. */
const LIGHT_OCTAVES = 10;
const COLOR_OCTAVES = 8;
/** Peak of the uniform sensor noise, in codes. */
const SENSOR_NOISE = 6.5;

/** Adds one octave of bilinear noise to a field. @param cells grid cells across the picture */
function addOctave(field: Float32Array, size: number, cells: number, amplitude: number, random: () => number): void {
  const side = cells + 1;
  const grid = Float32Array.from({ length: side * side }, () => (random() - 0.5) * amplitude);
  const step = cells / size;
  for (let y = 0; y < size; y++) {
    const gy = y * step;
    const row = Math.floor(gy) * side;
    const fy = gy - Math.floor(gy);
    for (let x = 0; x < size; x++) {
      const gx = x * step;
      const at = row + Math.floor(gx);
      const fx = gx - Math.floor(gx);
      const top = (grid[at] as number) * (1 - fx) + (grid[at + 1] as number) * fx;
      const bottom = (grid[at + side] as number) * (1 - fx) + (grid[at + side + 1] as number) * fx;
      const index = y * size + x;
      field[index] = (field[index] as number) + top * (1 - fy) + bottom * fy;
    }
  }
}

function makeField(size: number, octaves: number, amplitude: number, random: () => number): Float32Array {
  const field = new Float32Array(size * size);
  for (let octave = 0; octave < octaves; octave++) {
    addOctave(field, size, Math.min(size, 3 << octave), amplitude * 0.5 ** octave, random);
  }
  return field;
}

/** @returns RGB, 8 bits, size x size */
export function makePhotoLike(size: number, seed = 1): Uint8Array {
  const random = createRandom(seed);
  const light = makeField(size, LIGHT_OCTAVES, 180, random);
  const warm = makeField(size, COLOR_OCTAVES, 100, random);
  const green = makeField(size, COLOR_OCTAVES, 70, random);
  const edges = Array.from({ length: 5 }, () => ({
    nx: random() - 0.5,
    ny: random() - 0.5,
    offset: (random() - 0.5) * 0.3,
    step: (random() - 0.5) * 70,
    tint: (random() - 0.5) * 40,
  }));
  const data = new Uint8Array(size * size * 3);
  for (let y = 0, i = 0; y < size; y++) {
    for (let x = 0; x < size; x++, i++) {
      let lightness = 118 + (light[i] as number);
      let warmth = warm[i] as number;
      for (const { nx, ny, offset, step, tint } of edges) {
        if ((x / size - 0.5) * nx + (y / size - 0.5) * ny > offset) {
          lightness += step;
          warmth += tint;
        }
      }
      const noise = (): number => (random() + random() - 1) * SENSOR_NOISE;
      const g = green[i] as number;
      data[i * 3] = clampByte(lightness + warmth + noise());
      data[i * 3 + 1] = clampByte(lightness + g + noise());
      data[i * 3 + 2] = clampByte(lightness - warmth + noise());
    }
  }
  return data;
}

function clampByte(x: number): number {
  return x < 0 ? 0 : x > 255 ? 255 : x;
}

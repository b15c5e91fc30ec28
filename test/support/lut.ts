import type { Interpolation, Lut, Samples } from '../../src/index.js';

/** Random numbers in [0, 1), the same on every run (a linear congruence, Numerical Recipes). */
export function makeNoise(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Equality of long arrays, which `toEqual` takes seconds for. */
export function isSame(p: Samples, q: Samples): boolean {
  const bytes = (data: Samples): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return bytes(p).equals(bytes(q));
}

/**
 * Interpolation written from its definition: trilinear as a sum over eight corners, tetrahedral as a walk from the low
 * corner along the axes in falling order of their fractions.
 *
 * @param color encoded, 0 to 1
 */
export function interpolate({ size, nodes }: Lut, color: readonly number[], kind: Interpolation): number[] {
  const place = color.map((x) => x * (size - 1));
  const cell = place.map((p) => Math.min(size - 2, Math.floor(p)));
  const part = place.map((p, k) => p - (cell[k] ?? 0));
  const node = (corner: readonly number[]): number[] => {
    const [r = 0, g = 0, b = 0] = corner.map((step, k) => step + (cell[k] ?? 0));
    const at = 3 * (r + size * (g + size * b));
    return [nodes[at] ?? 0, nodes[at + 1] ?? 0, nodes[at + 2] ?? 0];
  };
  const sum = [0, 0, 0];
  const add = (weight: number, corner: readonly number[]): void => {
    node(corner).forEach((value, k) => {
      sum[k] = (sum[k] ?? 0) + weight * value;
    });
  };
  if (kind === 'trilinear') {
    for (let bits = 0; bits < 8; bits++) {
      const corner = [bits & 1, (bits >> 1) & 1, (bits >> 2) & 1];
      const weight = corner.reduce((w, on, k) => w * (on ? (part[k] ?? 0) : 1 - (part[k] ?? 0)), 1);
      add(weight, corner);
    }
    return sum;
  }
  const order = [0, 1, 2].sort((p, q) => (part[q] ?? 0) - (part[p] ?? 0));
  const corner = [0, 0, 0];
  let before = 1;
  for (const axis of order) {
    add(before - (part[axis] ?? 0), corner);
    before = part[axis] ?? 0;
    corner[axis] = 1;
  }
  add(before, corner);
  return sum;
}

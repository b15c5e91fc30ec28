import { ColorshineError } from '../errors.js';
import type { Cancel, Samples } from '../types.js';

/** Largest grid that is read from files, as in Adobe's specification of .cube. */
export const MAX_FILE_LUT_SIZE = 256;

/** Three curves, one for each component, applied before the grid: the 1D part of a .cube file. */
export interface Shaper {
  /** Samples of each curve, at least 2. */
  readonly size: number;
  /** Encoded input of the first and the last sample, for red, green and blue. Input beyond is clamped. */
  readonly min: readonly [number, number, number];
  /** Encoded input of the last sample. */
  readonly max: readonly [number, number, number];
  /** RGB of sample i at 3 i. */
  readonly values: Float32Array;
}

/**
 * A 3D lookup table: new colors at the nodes of a grid over the color cube. All values are encoded components, where
 * [0, 1] is the gamut; tables from elsewhere may hold values outside it, which are clamped after interpolation.
 */
export interface Lut {
  /** Nodes on one axis. */
  readonly size: number;
  /** Encoded input at each node of the red, green and blue axis: ascending, `size` values each. */
  readonly axes: readonly [Float64Array, Float64Array, Float64Array];
  /** RGB of each node, `size`^3 nodes, red fastest, then green, then blue. */
  readonly nodes: Float32Array;
  /** Curves before the grid, of a .cube file that has them. */
  readonly shaper?: Shaper;
}

/** Interpolates a table at pixels. Keep it for a batch: it holds tables of its own. */
export interface LutSampler {
  /**
   * Gives each pixel its new color, in place; alpha is left alone.
   *
   * @param data RGB or RGBA of the sampler's bit depth
   */
  apply(data: Samples, channels: 3 | 4): void;
  /** The same by several threads. Absent where there are none. @throws CANCELED */
  applyTogether?(data: Samples, channels: 3 | 4, signal?: Cancel): Promise<void>;
}

/** An evenly spaced axis. @param size at least 2 */
export function uniformAxis(size: number, min = 0, max = 1): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => min + ((max - min) * i) / (size - 1));
}

/** The table that changes nothing. */
export function identityLut(size: number): Lut {
  const axis = uniformAxis(size);
  const nodes = new Float32Array(size ** 3 * 3);
  for (let i = 0, at = 0; i < size ** 3; i++, at += 3) {
    nodes[at] = axis[i % size] as number;
    nodes[at + 1] = axis[Math.floor(i / size) % size] as number;
    nodes[at + 2] = axis[Math.floor(i / size ** 2)] as number;
  }
  return { size, axes: [axis, axis, axis], nodes };
}

/** @throws INVALID_LUT when array lengths do not fit the size */
export function checkLutShape({ size, axes, nodes }: Lut): void {
  const isWhole = Number.isInteger(size) && size >= 2 && size <= MAX_FILE_LUT_SIZE;
  if (isWhole && nodes.length === size ** 3 * 3 && axes.every((axis) => axis.length === size)) return;
  throw new ColorshineError('INVALID_LUT', `lut: expected ${size}^3 nodes of 3 values, got ${nodes.length} values`);
}

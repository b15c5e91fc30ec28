/**
 * Hald images: a table as a square picture that any program can grade. At level L the picture is L^3 pixels wide and holds
 * L^2 nodes on each axis, row by row, red fastest, then green, then blue.
 */
import { ColorshineError } from '../errors.js';
import { LUT_SIZE_RANGE } from '../options.js';
import type { Pixels } from '../types.js';
import { type Lut, uniformAxis } from './lut.js';
import { toCode } from './tetrahedral.js';

/** 64 nodes, 512 x 512 pixels, as ImageMagick's default; ffmpeg's is level 6. */
export const DEFAULT_HALD_LEVEL = 8;
/** Level 16 is 256 nodes, 4096 x 4096 pixels. */
const MAX_LEVEL = 16;

/** Sizes that a Hald image can have: squares. */
export function haldSizes(): number[] {
  const sizes: number[] = [];
  for (let level = 2; level ** 2 <= LUT_SIZE_RANGE.max; level++) sizes.push(level ** 2);
  return sizes;
}

/** @returns undefined when no Hald image is that large */
function haldLevel(width: number, height: number): number | undefined {
  const level = Math.round(Math.cbrt(width));
  return width === height && level ** 3 === width && level >= 2 && level <= MAX_LEVEL ? level : undefined;
}

/** Reads a Hald image; alpha is ignored. @param name how the error calls it. @throws INVALID_LUT */
export function lutFromHald({ data, width, height, channels }: Pixels, name: string): Lut {
  const level = haldLevel(width, height);
  if (level === undefined) {
    throw new ColorshineError(
      'INVALID_LUT',
      `${name}: expected a Hald image, a square of 8, 27, 64, 125, 216, 343, 512 ... pixels, got ${width} x ${height}`,
    );
  }
  const maxCode = data instanceof Uint16Array ? 65535 : 255;
  const size = level ** 2;
  const axis = uniformAxis(size);
  const nodes = new Float32Array(size ** 3 * 3);
  for (let from = 0, at = 0; at < nodes.length; from += channels, at += 3) {
    for (let k = 0; k < 3; k++) nodes[at + k] = (data[from + k] as number) / maxCode;
  }
  return { size, axes: [axis, axis, axis], nodes };
}

/** Pixels of a Hald image. @throws INVALID_OPTION when the size is no square */
export function haldFromLut({ size, nodes }: Lut, bits: 8 | 16): Pixels {
  const level = Math.round(Math.sqrt(size));
  if (level ** 2 !== size) {
    throw new ColorshineError(
      'INVALID_OPTION',
      `size: expected ${haldSizes().join(', ')} for a Hald image, got ${size}; a .cube file takes any size`,
    );
  }
  const maxCode = bits === 16 ? 65535 : 255;
  const data = bits === 16 ? new Uint16Array(nodes.length) : new Uint8Array(nodes.length);
  for (let i = 0; i < nodes.length; i++) data[i] = toCode(nodes[i] as number, maxCode);
  return { data, width: level ** 3, height: level ** 3, channels: 3 };
}

import { oklabOfColors } from '../../src/core/analysis/oklab-of-colors.js';

/** An sRGB picture with the Oklab of its pixels, row by row. */
export interface LabPicture {
  readonly width: number;
  readonly height: number;
  /** 3 bytes a pixel. */
  readonly rgb: Uint8Array;
  /** L, a, b of pixel i at 3 i. */
  readonly lab: Float64Array;
}

/** @param rgb width * height * 3 bytes */
export function toLabPicture(rgb: Uint8Array, width: number, height: number): LabPicture {
  const count = width * height;
  if (rgb.length !== count * 3) throw new RangeError(`rgb: expected ${count * 3} bytes, got ${rgb.length}`);
  const packed = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    packed[i] = (rgb[3 * i] as number) | ((rgb[3 * i + 1] as number) << 8) | ((rgb[3 * i + 2] as number) << 16);
  }
  return { width, height, rgb, lab: oklabOfColors(packed, 'srgb') };
}

export function lightnessOf(picture: LabPicture): Float64Array {
  return planeOf(picture, (L) => L);
}

export function chromaOf(picture: LabPicture): Float64Array {
  return planeOf(picture, (_, a, b) => Math.sqrt(a * a + b * b));
}

/** Degrees, -180 to 180. */
export function hueOf(picture: LabPicture): Float64Array {
  return planeOf(picture, (_, a, b) => (Math.atan2(b, a) * 180) / Math.PI);
}

function planeOf({ lab }: LabPicture, measure: (L: number, a: number, b: number) => number): Float64Array {
  const plane = new Float64Array(lab.length / 3);
  for (let i = 0, at = 0; i < plane.length; i++, at += 3) {
    plane[i] = measure(lab[at] as number, lab[at + 1] as number, lab[at + 2] as number);
  }
  return plane;
}

/** Oklab distance between two pixels. */
export function distanceBetween({ lab }: LabPicture, p: number, q: number): number {
  const L = (lab[3 * p] as number) - (lab[3 * q] as number);
  const a = (lab[3 * p + 1] as number) - (lab[3 * q + 1] as number);
  const b = (lab[3 * p + 2] as number) - (lab[3 * q + 2] as number);
  return Math.sqrt(L * L + a * a + b * b);
}

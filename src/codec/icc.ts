import type { Gamut } from '../core/types.js';
import type { CodePoints } from './color-space.js';

/**
 * What a profile means for the pull: numbers that can be used as they are (sRGB, Display P3), or a profile from which the
 * decoder, libvips or the browser, has to convert first.
 */
export type FileGamut = Gamut | 'other';

/** Colorants (D50) that a profile may differ by and still be the same space: rounding to s15Fixed16 and back. */
const COLORANT_TOLERANCE = 0.003;
/** Tone curves are compared at these encoded values. */
const CURVE_PROBES: readonly (readonly [encoded: number, linear: number])[] = [
  [0.25, 0.0508761],
  [0.5, 0.2140411],
  [0.75, 0.5225216],
];
const CURVE_TOLERANCE = 0.006;

/** Red, green and blue colorants, X Y Z each, adapted to D50 as ICC profiles hold them. */
const COLORANTS: Record<Gamut, readonly number[]> = {
  srgb: [0.4361, 0.2225, 0.0139, 0.3851, 0.7169, 0.0971, 0.1431, 0.0606, 0.7141],
  'display-p3': [0.5151, 0.2412, -0.0011, 0.292, 0.6922, 0.0419, 0.1571, 0.0666, 0.7841],
};

/** What a profile says, as far as it is understood here. */
export interface IccFacts {
  /** `other` for anything but sRGB and Display P3: another space, a LUT profile, CMYK, grey, or a broken file. */
  readonly gamut: FileGamut;
  /** X Y Z of red, green and blue, adapted to D50; of RGB profiles. */
  readonly colorants?: readonly number[];
  /** Of its cicp tag. */
  readonly codePoints?: CodePoints;
}

/**
 * Classifies a profile by its numbers, not its name.
 *
 * @param profile its bytes, alone
 * @see ICC.1:2022, sections 7 (header, tag table) and 10 (cicpType, curveType, parametricCurveType, XYZType)
 */
export function readIcc(profile: Uint8Array): IccFacts {
  const icc = new DataView(profile.buffer, profile.byteOffset, profile.byteLength);
  try {
    if (nameAt(icc, 16) !== 'RGB ' || nameAt(icc, 36) !== 'acsp') return { gamut: 'other' };
    const tags = readTags(icc);
    const colorants = ['rXYZ', 'gXYZ', 'bXYZ'].flatMap((name) => readXyz(icc, tags.get(name)));
    const cicp = tags.get('cicp');
    const facts = {
      ...(colorants.every(Number.isFinite) && { colorants }),
      ...(cicp !== undefined && {
        codePoints: { primaries: icc.getUint8(cicp + 8), transfer: icc.getUint8(cicp + 9) },
      }),
    };
    const isMatrix = !tags.has('A2B0') && ['rTRC', 'gTRC', 'bTRC'].every((name) => isSrgbCurve(icc, tags.get(name)));
    if (!isMatrix) return { gamut: 'other', ...facts };
    const match = (Object.keys(COLORANTS) as Gamut[]).find((gamut) =>
      COLORANTS[gamut].every((x, i) => Math.abs(x - (colorants[i] ?? Number.NaN)) < COLORANT_TOLERANCE),
    );
    return { gamut: match ?? 'other', ...facts };
  } catch {
    return { gamut: 'other' }; // a read past the end: broken
  }
}

function isSrgbCurve(icc: DataView, at: number | undefined): boolean {
  if (at === undefined) return false;
  try {
    const curve = readCurve(icc, at);
    return CURVE_PROBES.every(([x, y]) => Math.abs(curve(x) - y) < CURVE_TOLERANCE);
  } catch {
    return false;
  }
}

/** Four letters. */
function nameAt(icc: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => icc.getUint8(at + i)));
}

function readTags(icc: DataView): Map<string, number> {
  const tags = new Map<string, number>();
  const count = Math.min(icc.getUint32(128), 100);
  for (let i = 0; i < count; i++) {
    const at = 132 + i * 12;
    tags.set(nameAt(icc, at), icc.getUint32(at + 4));
  }
  return tags;
}

function readXyz(icc: DataView, at: number | undefined): number[] {
  if (at === undefined) return [Number.NaN, Number.NaN, Number.NaN];
  return [8, 12, 16].map((offset) => s15Fixed16(icc, at + offset));
}

function s15Fixed16(icc: DataView, at: number): number {
  return icc.getInt32(at) / 65536;
}

function readCurve(icc: DataView, at: number): (x: number) => number {
  const type = nameAt(icc, at);
  if (type === 'curv') {
    const count = icc.getUint32(at + 8);
    if (count === 0) return (x) => x;
    if (count === 1) {
      const power = icc.getUint16(at + 12) / 256;
      return (x) => x ** power;
    }
    const entry = (i: number): number => icc.getUint16(at + 12 + 2 * Math.min(i, count - 1)) / 65535;
    return (x) => {
      const position = x * (count - 1);
      const i = Math.floor(position);
      return entry(i) + (entry(i + 1) - entry(i)) * (position - i);
    };
  }
  if (type !== 'para') throw new RangeError(`curve type ${type}`);
  const kind = icc.getUint16(at + 8);
  const parameter = (i: number): number => s15Fixed16(icc, at + 12 + 4 * i);
  const g = parameter(0);
  if (kind === 0) return (x) => x ** g;
  if (kind !== 3 && kind !== 4) throw new RangeError(`parametric curve ${kind}`);
  const [a, b, c, d] = [1, 2, 3, 4].map(parameter) as [number, number, number, number];
  const [e, f] = kind === 4 ? [parameter(5), parameter(6)] : [0, 0];
  return (x) => (x >= d ? (a * x + b) ** g + e : c * x + f);
}

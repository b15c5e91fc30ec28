import type { Gamut } from '../../core/index.js';

/**
 * What an ICC profile means for the pull: numbers that can be used as they are (sRGB, Display P3), or a profile from
 * which libvips has to convert first.
 */
export type ProfileKind = Gamut | 'other';

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

/**
 * Classifies an RGB matrix profile by its numbers, not its name.
 *
 * @param icc profile bytes
 * @returns `other` for anything else: another space, a LUT profile, CMYK, grey, or a broken file
 * @see ICC.1:2022, sections 7 (header, tag table) and 10 (curveType, parametricCurveType, XYZType)
 */
export function classifyProfile(icc: Buffer): ProfileKind {
  try {
    if (icc.toString('latin1', 16, 20) !== 'RGB ' || icc.toString('latin1', 36, 40) !== 'acsp') return 'other';
    const tags = readTags(icc);
    if (tags.has('A2B0')) return 'other';
    const colorants = ['rXYZ', 'gXYZ', 'bXYZ'].flatMap((name) => readXyz(icc, tags.get(name)));
    for (const name of ['rTRC', 'gTRC', 'bTRC']) {
      const at = tags.get(name);
      if (at === undefined) return 'other';
      const curve = readCurve(icc, at);
      if (!CURVE_PROBES.every(([x, y]) => Math.abs(curve(x) - y) < CURVE_TOLERANCE)) return 'other';
    }
    const match = (Object.keys(COLORANTS) as Gamut[]).find((gamut) =>
      COLORANTS[gamut].every((x, i) => Math.abs(x - (colorants[i] ?? Number.NaN)) < COLORANT_TOLERANCE),
    );
    return match ?? 'other';
  } catch {
    return 'other'; // a read past the end: broken
  }
}

function readTags(icc: Buffer): Map<string, number> {
  const tags = new Map<string, number>();
  const count = Math.min(icc.readUInt32BE(128), 100);
  for (let i = 0; i < count; i++) {
    const at = 132 + i * 12;
    tags.set(icc.toString('latin1', at, at + 4), icc.readUInt32BE(at + 4));
  }
  return tags;
}

function readXyz(icc: Buffer, at: number | undefined): number[] {
  if (at === undefined) return [Number.NaN, Number.NaN, Number.NaN];
  return [8, 12, 16].map((offset) => s15Fixed16(icc, at + offset));
}

function s15Fixed16(icc: Buffer, at: number): number {
  return icc.readInt32BE(at) / 65536;
}

function readCurve(icc: Buffer, at: number): (x: number) => number {
  const type = icc.toString('latin1', at, at + 4);
  if (type === 'curv') {
    const count = icc.readUInt32BE(at + 8);
    if (count === 0) return (x) => x;
    if (count === 1) {
      const power = icc.readUInt16BE(at + 12) / 256;
      return (x) => x ** power;
    }
    const entry = (i: number): number => icc.readUInt16BE(at + 12 + 2 * Math.min(i, count - 1)) / 65535;
    return (x) => {
      const position = x * (count - 1);
      const i = Math.floor(position);
      return entry(i) + (entry(i + 1) - entry(i)) * (position - i);
    };
  }
  if (type !== 'para') throw new RangeError(`curve type ${type}`);
  const kind = icc.readUInt16BE(at + 8);
  const parameter = (i: number): number => s15Fixed16(icc, at + 12 + 4 * i);
  const g = parameter(0);
  if (kind === 0) return (x) => x ** g;
  if (kind !== 3 && kind !== 4) throw new RangeError(`parametric curve ${kind}`);
  const [a, b, c, d] = [1, 2, 3, 4].map(parameter) as [number, number, number, number];
  const [e, f] = kind === 4 ? [parameter(5), parameter(6)] : [0, 0];
  return (x) => (x >= d ? (a * x + b) ** g + e : c * x + f);
}

import type { Gamut } from '../../src/core/types.js';

/** The gamut a file is in; `other` must be converted by the browser before the model can read it. */
export type FileGamut = Gamut | 'other';

/** Colorants (XYZ, adapted to D50) as profiles hold them: red, green, blue. */
const COLORANTS: Readonly<Record<Gamut, readonly number[]>> = {
  srgb: [0.436, 0.2225, 0.0139, 0.3851, 0.7169, 0.0971, 0.1431, 0.0606, 0.7141],
  'display-p3': [0.5151, 0.2412, -0.0011, 0.292, 0.6922, 0.0419, 0.1571, 0.0666, 0.7841],
};
/** Profiles of one space differ by rounding only. */
const COLORANT_TOLERANCE = 0.003;
/** The sRGB transfer function at one half, and how far a sampled or parametric curve may lie from it. */
const HALF_LINEAR = 0.214;
const HALF_TOLERANCE = 0.004;

/** Reads which of the model's gamuts an RGB matrix profile describes. */
export function gamutOfIcc(profile: Uint8Array): FileGamut {
  try {
    const tags = readTags(profile);
    const given = ['rXYZ', 'gXYZ', 'bXYZ'].flatMap((name) => readXyz(tags, name));
    if (!['rTRC', 'gTRC', 'bTRC'].every((name) => hasSrgbCurve(tags, name))) return 'other';
    for (const gamut of ['srgb', 'display-p3'] as const) {
      if (COLORANTS[gamut].every((x, i) => Math.abs(x - (given[i] ?? Number.NaN)) < COLORANT_TOLERANCE)) return gamut;
    }
  } catch {
    // Cut off or not a matrix profile: let the browser make sense of it.
  }
  return 'other';
}

/** The gamut of coding-independent code points (ITU-T H.273), a PNG's cICP chunk. */
export function gamutOfCicp(cicp: Uint8Array): FileGamut {
  const [primaries, transfer, matrix, fullRange] = cicp;
  if (transfer !== 13 || matrix !== 0 || fullRange !== 1) return 'other';
  return primaries === 1 ? 'srgb' : primaries === 12 ? 'display-p3' : 'other';
}

type Tags = ReadonlyMap<string, DataView>;

function readTags(profile: Uint8Array): Tags {
  const view = new DataView(profile.buffer, profile.byteOffset, profile.byteLength);
  const tags = new Map<string, DataView>();
  const count = Math.min(view.getUint32(128), 100);
  for (let i = 0; i < count; i++) {
    const at = 132 + i * 12;
    const name = String.fromCharCode(...profile.subarray(at, at + 4));
    tags.set(name, new DataView(profile.buffer, profile.byteOffset + view.getUint32(at + 4), view.getUint32(at + 8)));
  }
  return tags;
}

function tag(tags: Tags, name: string): DataView {
  const view = tags.get(name);
  if (!view) throw new RangeError(`no ${name}`);
  return view;
}

function readXyz(tags: Tags, name: string): number[] {
  const view = tag(tags, name);
  return [8, 12, 16].map((at) => view.getInt32(at) / 65536);
}

function hasSrgbCurve(tags: Tags, name: string): boolean {
  const view = tag(tags, name);
  return Math.abs(curveAtHalf(view) - HALF_LINEAR) < HALF_TOLERANCE;
}

function curveAtHalf(view: DataView): number {
  if (view.getUint32(0) === 0x70617261) return parametricAtHalf(view); // "para"
  const count = view.getUint32(8);
  if (count === 0) return 0.5;
  if (count === 1) return 0.5 ** (view.getUint16(12) / 256);
  const at = (count - 1) / 2;
  const sample = (i: number): number => view.getUint16(12 + 2 * i) / 65535;
  return (sample(Math.floor(at)) + sample(Math.ceil(at))) / 2;
}

function parametricAtHalf(view: DataView): number {
  const kind = view.getUint16(8);
  const p = (i: number): number => view.getInt32(12 + 4 * i) / 65536;
  if (kind === 0) return 0.5 ** p(0);
  const offset = kind === 4 ? p(5) : kind === 2 ? p(3) : 0;
  return (p(1) * 0.5 + p(2)) ** p(0) + offset;
}

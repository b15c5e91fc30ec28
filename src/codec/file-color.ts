import {
  type CodePoints,
  DISPLAY_P3,
  isWiderThanSrgb,
  REC_709,
  REC_2020,
  type RgbSpace,
  spaceOfCodePoints,
  spaceOfGamma,
  toXyzD50,
} from './color-space.js';
import { type FileGamut, readIcc } from './icc.js';

/** What a file's color means for the pull, and for who converts it first. */
export interface FileColor {
  /** `other`: numbers that have to be converted. */
  readonly gamut: FileGamut;
  /** Of `other`: it holds colors that sRGB does not, so that it is converted to Display P3. */
  readonly isWide: boolean;
  /** Brighter than white: recolored as though it were not. */
  readonly hdr?: 'PQ' | 'HLG';
  /** Of `other` without a profile. */
  readonly space?: RgbSpace;
  /** What told it; undefined where nothing did. */
  readonly source?: 'profile' | 'tag';
}

/** All that a file may say of its colors. */
export interface ColorClaims {
  readonly icc?: Uint8Array | undefined;
  /** A PNG's cICP chunk; goes before a profile. */
  readonly cicp?: CodePoints | undefined;
  /** Of AVIF and HEIC; a profile goes before. */
  readonly nclx?: CodePoints | undefined;
  /** A PNG's sRGB chunk; goes before gAMA and cHRM. */
  readonly isSrgb?: boolean;
  /** Of gAMA: encoded to linear light. */
  readonly gamma?: number | undefined;
  /** Of cHRM: x and y of white, red, green, blue. */
  readonly chromaticities?: readonly number[] | undefined;
}

/**
 * The one place that decides which color space a file is in, in each format's own order of precedence.
 *
 * @see PNG third edition, section 4.3 (cICP, iCCP, sRGB, gAMA and cHRM); MIAF (a profile goes before nclx)
 */
export function readFileColor({ icc, cicp, nclx, isSrgb, gamma, chromaticities }: ColorClaims): FileColor {
  if (cicp) return { ...classifySpace(spaceOfCodePoints(cicp)), source: 'tag' };
  if (icc) {
    const { gamut, colorants, codePoints } = readIcc(icc);
    const hdr = codePoints && classifySpace(spaceOfCodePoints(codePoints)).hdr;
    const isWide = gamut === 'other' && colorants !== undefined && isWiderThanSrgb(colorants);
    return { gamut, isWide, ...(hdr && { hdr }), source: 'profile' };
  }
  if (nclx) return { ...classifySpace(spaceOfCodePoints(nclx)), source: 'tag' };
  if (isSrgb || (gamma === undefined && !chromaticities)) return { gamut: 'srgb', isWide: false };
  return { ...classifySpace(spaceOfGamma(gamma, chromaticities)), source: 'tag' };
}

const CHROMATICITY_TOLERANCE = 0.004;

/** What a space means for the pull. */
function classifySpace(space: RgbSpace): FileColor {
  const { chromaticities, transfer } = space;
  const isNear = (other: readonly number[]): boolean =>
    other.every((x, i) => Math.abs(x - (chromaticities[i] ?? Number.NaN)) < CHROMATICITY_TOLERANCE);
  const isP3 = isNear(DISPLAY_P3.chromaticities);
  // Numbers above what paper reflects have no place in 8 bits of sRGB: they are taken as they stand.
  if (transfer === 'pq' || transfer === 'hlg') {
    return {
      gamut: isP3 || isNear(REC_2020) ? 'display-p3' : 'srgb',
      isWide: false,
      hdr: transfer === 'pq' ? 'PQ' : 'HLG',
    };
  }
  if (transfer === 'srgb' && isNear(REC_709)) return { gamut: 'srgb', isWide: false };
  if (transfer === 'srgb' && isP3) return { gamut: 'display-p3', isWide: false };
  return { gamut: 'other', isWide: isWiderThanSrgb(toXyzD50(chromaticities)), space };
}

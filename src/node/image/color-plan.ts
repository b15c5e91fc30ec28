import type { Metadata, Sharp } from 'sharp';
import { type ColorClaims, type FileColor, readFileColor } from '../../codec/file-color.js';
import { makeIccProfile, profileOf } from '../../codec/make-icc.js';
import type { Gamut } from '../../core/index.js';
import type { ProfileChoice } from './reading-options.js';

/** How a file's numbers become those that are recolored, and what is said of them afterwards. */
export interface ColorPlan {
  /** Of the numbers that are recolored. */
  readonly gamut: Gamut;
  /** For sharp's constructor. */
  readonly ignoreIcc: boolean;
  /** Makes a pipeline give those numbers, but for `convertFrom`. */
  apply(image: Sharp): Sharp;
  /** A profile of what the pipeline gives, when sharp cannot convert it by itself: the pixels go through a file with it. */
  readonly convertFrom?: Uint8Array;
  /** To be attached: of the numbers that are recolored. */
  readonly icc?: Uint8Array;
  /** A tag instead of a profile says it, and goes on doing so where the output has a place for it. */
  readonly keepsTags: boolean;
  /** Of the file that is written, where it is another than that of the numbers. */
  readonly outputProfile?: Uint8Array;
  /** The numbers are others than the file's. */
  readonly isConverted: boolean;
  readonly notices: readonly string[];
}

const NAMES: Record<Gamut, string> = { srgb: 'sRGB', 'display-p3': 'Display P3' };

/**
 * Decides on a file's colors.
 *
 * @param choice `numbers`: whatever they mean, as lookup tables want them
 */
export function planColor(
  claims: ColorClaims,
  meta: Metadata,
  choice: ProfileChoice | 'numbers' | undefined,
): ColorPlan {
  const isRgb = meta.space === 'srgb' || meta.space === 'rgb16' || meta.space === 'rgb';
  const color = isRgb ? readFileColor(claims) : colorOfOtherModel(meta);
  const icc = isRgb ? claims.icc : undefined;
  if (isRgb && (choice === 'numbers' || color.hdr !== undefined)) return keepNumbers(color, icc);

  const own = color.gamut === 'other' ? undefined : color.gamut;
  const preferred = own ?? (color.isWide ? 'display-p3' : 'srgb');
  const gamut = choice === 'srgb' ? 'srgb' : choice === 'p3' ? 'display-p3' : preferred;
  if (own === gamut) return keepNumbers(color, icc);

  const isP3 = gamut === 'display-p3';
  const profile = icc ?? sourceProfile(color);
  const shared = {
    gamut,
    keepsTags: false,
    isConverted: true,
    notices: [describeConversion(meta, color, gamut)],
    ...(isP3 && { icc: profileOf('display-p3') }),
    ...(choice === 'keep' && isRgb && { outputProfile: profile }),
  };
  const isOnSharp = color.source === 'profile' && (meta.hasProfile || !isRgb);
  if (!isOnSharp) return { ...shared, ignoreIcc: true, apply: (image) => image, convertFrom: profile };
  // By itself sharp goes by way of sRGB at 8 bits, which cuts off what is wider, and of Display P3 at 16.
  const isNamed = isP3 || (meta.depth === 'ushort' && meta.hasProfile);
  return {
    ...shared,
    ignoreIcc: isRgb && isP3,
    apply: (image) => (isNamed ? image.withIccProfile(isP3 ? 'p3' : 'srgb') : image),
  };
}

/** Of grey, CMYK, Lab and linear floats: sharp makes sRGB of them, by their profile if there is one, which is used up then. */
function colorOfOtherModel({ space, hasProfile }: Metadata): FileColor {
  const isConverted = hasProfile || space === 'cmyk' || space === 'lab' || space === 'labs';
  return isConverted ? { gamut: 'other', isWide: false, source: 'profile' } : { gamut: 'srgb', isWide: false };
}

function keepNumbers(color: FileColor, icc: Uint8Array | undefined): ColorPlan {
  const { gamut, hdr, source } = color;
  const isP3 = gamut === 'display-p3';
  const profile = source === 'tag' ? (isP3 && !hdr ? profileOf('display-p3') : undefined) : icc;
  return {
    gamut: isP3 ? 'display-p3' : 'srgb',
    ignoreIcc: false,
    apply: (image) => (icc ? image.keepIccProfile() : image),
    ...(profile && { icc: profile }),
    keepsTags: true,
    isConverted: false,
    notices: hdr
      ? [`an HDR picture (${hdr}): recolored as though its brightest white were paper; only PNG keeps what says so`]
      : [],
  };
}

/** Of a space that a tag told, or that nothing told. */
function sourceProfile({ gamut, space }: FileColor): Uint8Array {
  return space ? makeIccProfile(space, 'as tagged') : profileOf(gamut === 'display-p3' ? gamut : 'srgb');
}

function describeConversion(meta: Metadata, { gamut, source }: FileColor, target: Gamut): string {
  const name = NAMES[target];
  if (meta.space === 'cmyk') return `CMYK was converted to ${name}`;
  if (meta.space === 'lab' || meta.space === 'labs') return `Lab was converted to ${name}`;
  if (gamut !== 'other') return `the colors were converted to ${name}, as asked`;
  return source === 'profile'
    ? `the embedded color profile was converted to ${name}`
    : `the tagged color space was converted to ${name}`;
}

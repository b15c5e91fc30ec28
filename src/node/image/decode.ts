import type { Metadata, Sharp } from 'sharp';
import { gamutOfIcc } from '../../codec/icc.js';
import { ColorshineError, type Gamut, type Pixels } from '../../core/index.js';
import type { InputFormat } from '../files/input.js';
import { DEFAULT_MAX_PIXELS, type ImageLimits } from './large-pixels.js';
import type { SourceOptions } from './source-options.js';

/** A decoded file: pixels in the numbers of the gamut they are in, and what is needed to write its like again. */
export interface DecodedImage {
  readonly format: InputFormat;
  /** All pages, one below the other. */
  readonly pixels: Pixels;
  readonly pages: number;
  readonly pageHeight: number;
  readonly delay?: readonly number[];
  readonly loop?: number;
  /** EXIF's, 2 to 8, when the picture is to be shown turned or mirrored. */
  readonly orientation?: number;
  /** Pixels an inch, when the file says. */
  readonly density?: number;
  /** libvips' names; only what may be attached again. */
  readonly blobs: ReadonlyMap<string, Uint8Array>;
  readonly source: SourceOptions;
  /** What was changed or left out, one sentence each. */
  readonly notices: readonly string[];
}

/** Formats whose pages belong together, as frames do. */
export function isPaged(format: InputFormat): boolean {
  return format === 'gif' || format === 'webp' || format === 'tiff';
}

export function countPages(format: InputFormat, meta: Metadata): number {
  return isPaged(format) ? (meta.pages ?? 1) : 1;
}

/** @throws INPUT_TOO_LARGE. @returns pixels over all pages */
export function checkPixelCount(
  meta: Metadata,
  pages: number,
  name: string,
  { maxPixels = DEFAULT_MAX_PIXELS, limitName = 'maxPixels' }: ImageLimits,
): number {
  const count = meta.width * (meta.pageHeight ?? meta.height) * pages;
  if (count <= maxPixels) return count;
  throw new ColorshineError(
    'INPUT_TOO_LARGE',
    `${name}: expected at most ${maxPixels} pixels, got ${count} (${meta.width} x ${meta.height}${pages > 1 ? ` x ${pages} pages` : ''}); raise it with ${limitName}`,
  );
}

/** What sharp says of a file that it cannot decode, as our error; our own errors stay what they are. */
export function corrupt(error: unknown, format: InputFormat, name: string): ColorshineError {
  if (error instanceof ColorshineError) return error;
  const reason = (error as Error).message.split('\n')[0] ?? '';
  return new ColorshineError(
    'INPUT_CORRUPT',
    `${name}: expected an intact ${format.toUpperCase()} image, got one that cannot be decoded (${reason})`,
    { cause: error },
  );
}

/** Makes a pipeline give the numbers that are recolored: the file's own, or sRGB. */
export function applyProfile(image: Sharp, meta: Metadata): Sharp {
  if (planProfile(meta).keepProfile) return image.keepIccProfile();
  // libvips works in P3 at 16 bits
  return meta.depth === 'ushort' && meta.hasProfile ? image.withIccProfile('srgb') : image;
}

/** The gamut that those numbers are in. */
export function gamutOf(meta: Metadata): Gamut {
  return planProfile(meta).kind === 'display-p3' ? 'display-p3' : 'srgb';
}

/** What a file says about itself, apart from its pixels. */
export function describeFile(
  format: InputFormat,
  meta: Metadata,
  pages: number,
  source: SourceOptions,
): Omit<DecodedImage, 'pixels' | 'pageHeight'> {
  const { kind, keepProfile } = planProfile(meta);
  const notices: string[] = [];
  if (meta.space === 'cmyk') notices.push('CMYK was converted to sRGB');
  else if (meta.hasProfile && kind === 'other') notices.push('the embedded color profile was converted to sRGB');
  if (meta.gainMap) notices.push('the HDR gain map was left out: it belongs to the original colors');
  return {
    format,
    pages,
    ...(meta.delay && { delay: meta.delay }),
    ...(meta.loop !== undefined && pages > 1 && { loop: meta.loop }),
    ...(meta.orientation !== undefined && meta.orientation > 1 && { orientation: meta.orientation }),
    ...(meta.density !== undefined && !isDefaultDensity(format, meta.density) && { density: meta.density }),
    blobs: collectBlobs(meta, keepProfile),
    source,
    notices,
  };
}

/** sharp writes 72 dots an inch into a JPEG by itself. */
function isDefaultDensity(format: InputFormat, density: number): boolean {
  return format === 'jpeg' && density === 72;
}

/** Whether the file's numbers are used as they are, and in which gamut. */
function planProfile(meta: Metadata): { kind: 'srgb' | 'display-p3' | 'other'; keepProfile: boolean } {
  if (!meta.icc) return { kind: 'srgb', keepProfile: false };
  const isRgb = meta.space === 'srgb' || meta.space === 'rgb16' || meta.space === 'rgb';
  const kind = isRgb ? gamutOfIcc(meta.icc) : 'other';
  return { kind, keepProfile: kind !== 'other' };
}

function collectBlobs(meta: Metadata, keepProfile: boolean): Map<string, Uint8Array> {
  const blobs = new Map<string, Uint8Array>();
  if (meta.exif) blobs.set('exif-data', meta.exif);
  if (meta.xmp) blobs.set('xmp-data', meta.xmp);
  if (meta.iptc) blobs.set('iptc-data', meta.iptc);
  if (meta.tifftagPhotoshop) blobs.set('photoshop-data', meta.tifftagPhotoshop);
  if (meta.icc && keepProfile) blobs.set('icc-profile-data', meta.icc);
  return blobs;
}

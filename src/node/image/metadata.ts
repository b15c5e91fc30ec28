import { createHash } from 'node:crypto';
import { bytesOf, concatBytes } from '../../codec/bytes.js';
import { cleanExif, setExif } from '../../codec/exif.js';
import { EXIF_MARK } from '../../codec/jpeg-segments.js';
import { cleanPhotoshop, joinIptc } from '../../codec/photoshop.js';
import type { PngChunk } from '../../codec/png-chunks.js';
import { cleanXmp, mergeExtendedXmp, withoutColor } from '../../codec/xmp.js';
import type { Pixels } from '../../core/index.js';
import type { ColorPlan } from './color-plan.js';
import type { OutputFormat } from './format-names.js';
import type { Inspected } from './inspect.js';

/**
 * What a picture carries beside its pixels, true of the new ones: no thumbnail of the old, no gain map or video that is no longer
 * there, no color space that has been converted away.
 */
export interface ImageMetadata {
  /** From the byte order mark on. */
  readonly exif?: Uint8Array;
  /** One packet, of any length. */
  readonly xmp?: Uint8Array;
  /** Of the pixels. */
  readonly icc?: Uint8Array;
  /** Photoshop's resource blocks, IPTC among them, without a mark. */
  readonly photoshop?: Uint8Array;
  /** IPTC's records alone, as a TIFF has them. */
  readonly iptc?: Uint8Array;
  /** Of a JPEG. */
  readonly comments?: readonly Uint8Array[];
  /** Of a PNG. */
  readonly texts?: readonly PngChunk[];
  /** A PNG's tags for its color space. */
  readonly colorChunks?: readonly PngChunk[];
}

/** The kinds, with the formats that have a place for each and the words that a notice uses. */
const KINDS: Record<keyof ImageMetadata, { readonly formats: readonly OutputFormat[]; readonly name: string }> = {
  exif: { formats: ['jpeg', 'png', 'webp', 'avif'], name: 'EXIF' },
  xmp: { formats: ['jpeg', 'png', 'webp', 'avif', 'tiff'], name: 'XMP' },
  icc: { formats: ['jpeg', 'png', 'webp', 'avif', 'tiff'], name: 'the color profile' },
  photoshop: { formats: ['jpeg', 'tiff'], name: 'Photoshop’s resources' },
  iptc: { formats: ['jpeg', 'tiff'], name: 'IPTC' },
  comments: { formats: ['jpeg'], name: 'the comment' },
  texts: { formats: ['png'], name: 'PNG texts' },
  colorChunks: { formats: ['png'], name: 'the color tag' },
};
/** A format without a place for them is no reason for a notice: the profile says the same, or colors are converted. */
const UNSAID: readonly (keyof ImageMetadata)[] = ['colorChunks', 'icc'];

/** Takes over what stays true. @param isStripped leaves everything but the color out */
export function takeMetadata(inspected: Inspected, color: ColorPlan, isStripped: boolean): ImageMetadata {
  const { icc, keepsTags, isConverted, gamut } = color;
  const isPlain = isStripped && gamut === 'srgb';
  const about = {
    ...(icc && !isPlain && { icc }),
    ...(keepsTags && !isPlain && inspected.colorChunks?.length && { colorChunks: inspected.colorChunks }),
  };
  if (isStripped) return about;
  const exif = inspected.exif && cleanExif(inspected.exif);
  if (exif && isConverted) setExif(exif, { isSrgb: gamut === 'srgb' });
  const xmp = takeXmp(inspected, isConverted);
  const { iptc, comments, texts } = inspected;
  const blocks = joinIptc(inspected.photoshop, iptc);
  const photoshop = blocks && cleanPhotoshop(blocks);
  return {
    ...about,
    ...(exif && { exif }),
    ...(xmp && { xmp }),
    ...(photoshop && { photoshop }),
    ...(iptc && { iptc }),
    ...(comments?.length && { comments }),
    ...(texts?.length && { texts }),
  };
}

function takeXmp({ xmp, extendedXmp }: Inspected, isConverted: boolean): Uint8Array | undefined {
  if (!xmp) return undefined;
  const decoder = new TextDecoder();
  const packet = decoder.decode(xmp);
  const whole = extendedXmp ? mergeExtendedXmp(packet, decoder.decode(extendedXmp)) : packet;
  const cleaned = isConverted ? withoutColor(cleanXmp(whole)) : cleanXmp(whole);
  // Bytes that are no UTF-8 stay as they are when there is nothing to clean.
  return cleaned === packet ? xmp : new TextEncoder().encode(cleaned);
}

/** What an output format has no place for, one sentence. */
export function lossNotices({ metadata, pixels }: LossyImage, format: OutputFormat): string[] {
  const lost = (Object.keys(metadata) as (keyof ImageMetadata)[]).filter(
    (kind) => metadata[kind] !== undefined && !UNSAID.includes(kind) && !KINDS[kind].formats.includes(format),
  );
  const notices: string[] = [];
  if (lost.length > 0)
    notices.push(`${format} has no place for ${lost.map((kind) => KINDS[kind].name).join(', ')}: left out`);
  if (metadata.icc && !KINDS.icc.formats.includes(format) && pixels.gamut === 'display-p3') {
    notices.push(`${format} has no place for the color profile: the colors were converted to sRGB`);
  }
  return notices;
}

interface LossyImage {
  readonly metadata: ImageMetadata;
  readonly pixels: Pick<Pixels, 'gamut'>;
}

/** Whether there is anything that a format holds. */
export function hasAny(metadata: ImageMetadata, format: OutputFormat): boolean {
  return (Object.keys(metadata) as (keyof ImageMetadata)[]).some((kind) => KINDS[kind].formats.includes(format));
}

/** By libvips' names, for the formats that only libvips can put metadata into. */
export function toBlobs({ exif, xmp, icc, photoshop, iptc }: ImageMetadata): Map<string, Uint8Array> {
  const blobs = new Map<string, Uint8Array>();
  if (exif) blobs.set('exif-data', concatBytes([bytesOf(EXIF_MARK), exif]));
  if (xmp) blobs.set('xmp-data', xmp);
  if (icc) blobs.set('icc-profile-data', icc);
  if (iptc) blobs.set('iptc-data', iptc);
  if (photoshop) blobs.set('photoshop-data', photoshop);
  return blobs;
}

/** As an extended XMP packet is called. */
export function digestOf(packet: Uint8Array): string {
  return createHash('md5').update(packet).digest('hex').toUpperCase();
}

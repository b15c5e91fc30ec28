import sharp, { type Sharp } from 'sharp';
import { DEFAULT_JPEG_QUALITY } from '../../codec/jpeg-quality.js';
import type { Pixels } from '../../core/index.js';
import { releaseTemp, reserveScratch } from '../files/temp.js';
import { isWrittenHere, makeFinish } from './attach.js';
import type { DecodedImage } from './decode.js';
import type { EncodeTarget } from './encode-target.js';
import { formatOf, type OutputFormat } from './formats.js';
import type { SourceOptions } from './inspect.js';
import { LARGE_PIXELS } from './large-pixels.js';
import { toBlobs } from './metadata.js';
import { SHARP_WAYS } from './png/sharp-packers.js';
import type { Finish } from './splice.js';
import { writeVipsFile } from './vips-file.js';

/** Above this, offsets of a TIFF may not fit 32 bits. */
const CLASSIC_TIFF_BYTES = 3.5e9;

export interface EncodeOptions {
  readonly format: OutputFormat;
  /** 1 to 100; default: the input's, as estimated, for JPEG and WebP, else sharp's default. */
  readonly quality?: number;
  /** For what we put together ourselves. Default: all cores. The bytes do not depend on it. */
  readonly threads?: number;
  /** Turns the pixels as the orientation says, and resets the tag. Default: only where the output could not say it. */
  readonly upright?: boolean;
  /** Shrinks the picture into this box of pixels, after turning; never enlarges. */
  readonly size?: { readonly width?: number; readonly height?: number };
  /** PNG: filters the rows before sharp compresses them. Default false, as in sharp. */
  readonly isFiltered?: boolean;
}

const MM_PER_INCH = 25.4;
/** What EXIF takes for granted where nothing is said; libvips would write 25.4. */
const UNTOLD_DENSITY = 72;

/**
 * @param image turned and shrunk as it is to be written
 * @param size of the picture, when `image` is a template for it
 */
export async function encodeWithSharp<T>(
  image: DecodedImage,
  options: EncodeOptions,
  target: EncodeTarget<T>,
  size = sizeOf(image),
): Promise<T> {
  const finish = finishFor(image, options.format, size);
  if (!isCarried(image, options.format)) return target.fromSharp(applyFormat(openRaw(image), image, options), finish);
  const temp = reserveScratch();
  try {
    await writeVipsFile(temp, toVipsImage(image));
    const carrier = sharp(temp, { limitInputPixels: false, ...(image.pages > 1 && { pages: -1 }) });
    return await target.fromSharp(applyFormat(keepMetadata(carrier, image, options.format), image, options), finish);
  } finally {
    await releaseTemp(temp);
  }
}

/** Of a page. */
export function sizeOf({ pixels, pageHeight }: DecodedImage): { width: number; height: number } {
  return { width: pixels.width, height: pageHeight };
}

/** Whether an image's metadata has to go through libvips, in a file of its own: no other way leads into AVIF and TIFF. */
export function isCarried({ metadata, density }: DecodedImage, format: OutputFormat): boolean {
  if (isWrittenHere(format) || format === 'gif') return false;
  return toBlobs(metadata).size > 0 || density !== undefined;
}

/** What puts an image's metadata into a file that sharp encoded without any, for the other formats. */
export function finishFor(
  { metadata, density, orientation = 1 }: DecodedImage,
  format: OutputFormat,
  size: { readonly width: number; readonly height: number },
): Finish | undefined {
  return makeFinish(format, { metadata, density, orientation, size });
}

/** A sharp instance over raw pixels, without metadata. */
export function openRaw({ pixels, pages, pageHeight }: Pick<DecodedImage, 'pixels' | 'pages' | 'pageHeight'>): Sharp {
  const { width, height, channels } = pixels;
  return sharp(pixels.data as Uint8Array, {
    limitInputPixels: false,
    raw: { width, height, channels, ...(pages > 1 && { pageHeight }) },
  });
}

/** Sets the output format with the source's options where the format stays, and the format's gentlest where it changes. */
export function applyFormat(pipeline: Sharp, image: DecodedImage, options: EncodeOptions): Sharp {
  const { format, quality, isFiltered } = options;
  const same = format === (image.format === 'heic' ? 'avif' : image.format);
  const source: SourceOptions = same ? image.source : {};
  const withQuality = quality === undefined ? {} : { quality };
  const animation = {
    ...(image.loop !== undefined && { loop: image.loop }),
    ...(image.delay && { delay: [...image.delay] }),
  };
  const is16Bit = image.pixels.data instanceof Uint16Array;
  const isLarge = weighPixels(image.pixels) > LARGE_PIXELS;
  const deep = is16Bit && formatOf(format).isDeep;
  const base = deep ? pipeline.toColourspace('rgb16') : pipeline.toColourspace('srgb');
  switch (format) {
    case 'jpeg':
      return base.flatten({ background: '#fff' }).jpeg({
        quality: source.quality ?? DEFAULT_JPEG_QUALITY,
        chromaSubsampling: source.chromaSubsampling ?? '4:2:0',
        progressive: !isLarge && (source.progressive ?? false),
        optimiseCoding: !isLarge,
        ...withQuality,
      });
    case 'png':
      return base.png({
        ...SHARP_WAYS[isFiltered ? 'filtered' : 'plain'],
        progressive: !isLarge && (source.progressive ?? false),
      });
    case 'webp':
      return base.webp({
        lossless: source.lossless ?? false,
        ...(source.quality !== undefined && { quality: source.quality }),
        ...animation,
        ...withQuality,
      });
    case 'gif':
      return base.gif({ keepDuplicateFrames: true, ...animation });
    case 'tiff':
      return base.tiff({
        compression: (source.compression ?? 'lzw') as 'lzw',
        predictor: 'horizontal',
        bigtiff: countBytes(image.pixels) > CLASSIC_TIFF_BYTES,
        // sharp sets these for a TIFF whatever the image brings along.
        ...(image.density && { xres: image.density / MM_PER_INCH, yres: image.density / MM_PER_INCH }),
        ...withQuality,
      });
    case 'avif':
      return base.avif({ bitdepth: deep ? (source.bitdepth ?? 10) : 8, ...withQuality });
  }
}

/** @param pipeline over a file of libvips' own that brings the metadata along */
export function keepMetadata(pipeline: Sharp, image: DecodedImage, format: OutputFormat): Sharp {
  let kept = pipeline;
  if (!isCarried(image, format)) return kept;
  const { metadata } = image;
  // It would make up an EXIF block where the source had none; but only it keeps IPTC.
  if (metadata.iptc || metadata.photoshop) return kept.keepMetadata();
  if (metadata.exif) kept = kept.keepExif();
  if (metadata.xmp) kept = kept.keepXmp();
  if (metadata.icc) kept = kept.keepIccProfile();
  return kept;
}

/** What the `.v` file of an image holds. */
export function toVipsImage(image: DecodedImage) {
  const numbers = new Map<string, number | readonly number[]>();
  if (image.pages > 1) numbers.set('page-height', image.pageHeight).set('n-pages', image.pages);
  // AVIF and HEIC are turned by their decoder, and their EXIF block still says how they had been.
  numbers.set('orientation', image.orientation ?? 1);
  const { data, width, height, channels } = image.pixels as Pixels & { data: Uint8Array | Uint16Array };
  return {
    data,
    width,
    height,
    channels,
    blobs: toBlobs(image.metadata),
    numbers,
    resolution: (image.density ?? UNTOLD_DENSITY) / MM_PER_INCH,
  };
}

/** Pixels, 16-bit ones twice. */
export function weighPixels({ data, width, height }: Pixels): number {
  return width * height * (data instanceof Uint16Array ? 2 : 1);
}

function countBytes(pixels: Pixels): number {
  return weighPixels(pixels) * pixels.channels;
}

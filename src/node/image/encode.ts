import { availableParallelism } from 'node:os';
import sharp, { type Sharp } from 'sharp';
import { DEFAULT_JPEG_QUALITY } from '../../codec/jpeg-quality.js';
import type { Pixels } from '../../core/index.js';
import { releaseTemp, reserveScratch } from '../files/temp.js';
import type { DecodedImage } from './decode.js';
import { BUFFER_TARGET, type EncodeTarget } from './encode-target.js';
import { checkFits, checkPages } from './format-limits.js';
import type { OutputFormat } from './format-names.js';
import { encodeJpeg } from './jpeg/encode-jpeg.js';
import { LARGE_PIXELS } from './large-pixels.js';
import { encodeIndexedPng, findPalette } from './png/encode-indexed.js';
import { openPngEncoder } from './png/encode-png.js';
import { packByNode, packBySharp } from './png/pack-rows.js';
import { patchExifChunk } from './png/patch-exif-chunk.js';
import type { PngRows } from './png/png-rows.js';
import type { SourceOptions } from './source-options.js';
import { writeVipsFile } from './vips-file.js';

/** Above this, offsets of a TIFF may not fit 32 bits. */
const CLASSIC_TIFF_BYTES = 3.5e9;

export interface EncodeOptions {
  readonly format: OutputFormat;
  /** 1 to 100; default: the input's, as estimated, for JPEG and WebP, else sharp's default. */
  readonly quality?: number;
  /** For what we compress ourselves. Default: all cores. The bytes do not depend on it. */
  readonly threads?: number;
  /** Turns the pixels as the orientation says, and resets the tag. Default: only where the output could not say it. */
  readonly upright?: boolean;
  /** Shrinks the picture into this box of pixels, after turning; never enlarges. */
  readonly size?: { readonly width?: number; readonly height?: number };
  /**
   * Compresses with sharp alone, so that the bytes depend on its version and not on Node's. Default false: large PNGs are
   * compressed by Node, on all cores.
   */
  readonly sharpOnly?: boolean;
}

/** From this size on a JPEG's Huffman tables are made by us; below it nothing is gained in a fresh process. */
const RECODED_JPEG_PIXELS = 1 << 21;

const MM_PER_INCH = 25.4;

/** From this size on a PNG is compressed by us. */
const OWN_PNG_PIXELS = 1 << 20;

/**
 * Encodes a recolored image with the metadata and the ways of its source.
 *
 * @param image what `decodeImage` gave, its pixels recolored in place
 */
export async function encodeImage<T>(image: DecodedImage, asked: EncodeOptions, target: EncodeTarget<T>): Promise<T> {
  if (asked.size) checkPages(image, asked.format, 'format');
  else checkFits(image, asked.format, 'format');
  const options = settleOrientation(image, asked);
  if (isRecodedJpeg(image, options)) return encodeRecodedJpeg(image, options, target);
  if (isOwnPng(image, options)) {
    const encode = await openOwnPng(image, rowsInMemory(image), options);
    if (encode) return encode(target);
  }
  return encodeWithSharp(image, options, target);
}

/** Only EXIF carries an orientation from file to file, and a GIF has none: the pixels are turned where it would be lost. */
export function settleOrientation({ orientation, blobs, pages }: DecodedImage, asked: EncodeOptions): EncodeOptions {
  if (orientation === undefined || pages > 1) return asked;
  const isLost = asked.format === 'gif' || !blobs.has('exif-data');
  return isLost ? { ...asked, upright: true } : asked;
}

/**
 * Looks at a picture for which `isOwnPng` holds: one that came with a palette keeps one, a large one is compressed as suits it.
 *
 * @param image whose metadata is written; its pixels are not looked at
 * @returns undefined when sharp does as well, and sooner
 */
export async function openOwnPng(
  image: DecodedImage,
  rows: PngRows,
  options: EncodeOptions,
): Promise<(<T>(target: EncodeTarget<T>) => Promise<T>) | undefined> {
  const encode = await choosePngEncoder(image, rows, options);
  if (!encode) return undefined;
  return async (target) => {
    const template = await encodeWithSharp(onePixel(image), options, BUFFER_TARGET);
    patchExifChunk(template, rows);
    return target.fromParts(encode(template));
  };
}

async function choosePngEncoder(
  { source }: DecodedImage,
  rows: PngRows,
  { threads = availableParallelism(), sharpOnly }: EncodeOptions,
) {
  const palette = source.palette ? findPalette(rows) : undefined;
  const pack = sharpOnly ? packBySharp : packByNode(threads);
  if (palette) return (template: Buffer) => encodeIndexedPng(rows, palette, template, pack);
  if (sharpOnly || rows.width * rows.height < OWN_PNG_PIXELS) return undefined;
  const encoder = await openPngEncoder(rows, threads);
  return encoder.isPlain ? undefined : encoder.encode;
}

/** Whether a PNG may be put together by us: one with a palette, or one whose pixels we compress rather than sharp. */
export function isOwnPng(image: DecodedImage, options: EncodeOptions): boolean {
  const { pixels, pages, format, source } = image;
  const isInterlaced = format === 'png' && source.progressive === true;
  const isLarge = pixels.width * pixels.height >= OWN_PNG_PIXELS && !options.sharpOnly;
  if (options.format !== 'png' || changesPixels(image, options) || isInterlaced) return false;
  return (source.palette === true || isLarge) && pages === 1 && !(pixels.data instanceof Uint16Array);
}

/** Whether the pixels that are written are others than those of the image. */
function changesPixels({ pixels, pageHeight, orientation }: DecodedImage, { upright, size }: EncodeOptions): boolean {
  const { width = Number.POSITIVE_INFINITY, height = Number.POSITIVE_INFINITY } = size ?? {};
  return (upright === true && orientation !== undefined) || pixels.width > width || pageHeight > height;
}

function rowsInMemory({ pixels }: DecodedImage): PngRows {
  const { data, width, height, channels } = pixels as Pixels & { readonly data: Uint8Array };
  const read = (row: number, count: number): Uint8Array =>
    data.subarray(row * width * channels, (row + count) * width * channels);
  return { width, height, channels, read };
}

/** Whether a JPEG's Huffman tables are made by us rather than by sharp. The bytes are the same, so `sharpOnly` may have it. */
function isRecodedJpeg({ pixels, format, source }: DecodedImage, options: EncodeOptions): boolean {
  const { width, height } = pixels;
  const isProgressive = format === 'jpeg' && source.progressive === true;
  const isReshaped = options.upright || options.size !== undefined;
  const isInRange = width * height >= RECODED_JPEG_PIXELS && weighPixels(pixels) <= LARGE_PIXELS;
  return options.format === 'jpeg' && !isProgressive && !isReshaped && isInRange;
}

async function encodeRecodedJpeg<T>(image: DecodedImage, options: EncodeOptions, target: EncodeTarget<T>): Promise<T> {
  const { data, width, height, channels } = image.pixels as Pixels & { readonly data: Uint8Array };
  const encode = (row: number, count: number): Promise<Buffer> => {
    const rows = data.subarray(row * width * channels, (row + count) * width * channels);
    const strip = { ...image, pixels: { ...image.pixels, data: rows, height: count }, pageHeight: count };
    return applyFormat(openRaw(strip), strip, options).jpeg({ optimiseCoding: false }).toBuffer();
  };
  const template = encodeWithSharp(onePixel(image), options, BUFFER_TARGET);
  const threads = options.threads ?? availableParallelism();
  try {
    return await target.fromParts(encodeJpeg({ width, height, encode }, template, { threads }));
  } catch (error) {
    // No memory for WebAssembly, which is asked for before the first part. sharp's own way gives the same bytes.
    if (!(error instanceof RangeError)) throw error;
    template.catch(() => undefined);
    return encodeWithSharp(image, options, target);
  }
}

/** An image of one black pixel with the same metadata. */
function onePixel(image: DecodedImage): DecodedImage {
  const data = new Uint8Array(image.pixels.channels);
  return { ...image, pixels: { ...image.pixels, data, width: 1, height: 1 }, pageHeight: 1 };
}

async function encodeWithSharp<T>(image: DecodedImage, options: EncodeOptions, target: EncodeTarget<T>): Promise<T> {
  // sharp resizes the pages of a file one by one, raw ones as a whole.
  const isPagedResize = options.size !== undefined && image.pages > 1;
  const isTurned = options.upright && image.orientation !== undefined;
  if (image.blobs.size === 0 && image.density === undefined && !isPagedResize && !isTurned) {
    return target.fromSharp(applyFormat(reshape(openRaw(image), image, options), image, options));
  }
  const temp = reserveScratch();
  try {
    await writeVipsFile(temp, toVipsImage(image));
    const carrier = sharp(temp, { limitInputPixels: false, ...(image.pages > 1 && { pages: -1 }) });
    return await target.fromSharp(
      applyFormat(reshape(keepMetadata(carrier, image, options), image, options), image, options),
    );
  } finally {
    await releaseTemp(temp);
  }
}

/** A sharp instance over raw pixels, without metadata. */
export function openRaw({ pixels, pages, pageHeight }: Pick<DecodedImage, 'pixels' | 'pages' | 'pageHeight'>): Sharp {
  const { width, height, channels } = pixels;
  return sharp(pixels.data as Uint8Array, {
    limitInputPixels: false,
    raw: { width, height, channels, ...(pages > 1 && { pageHeight }) },
  });
}

/** Turns and shrinks, as asked. */
export function reshape(pipeline: Sharp, image: DecodedImage, { upright, size }: EncodeOptions): Sharp {
  const turned = upright && image.orientation && image.pages === 1 ? pipeline.autoOrient() : pipeline;
  return size ? turned.resize({ ...size, fit: 'inside', withoutEnlargement: true }) : turned;
}

/** Sets the output format with the source's options where the format stays, and the format's gentlest where it changes. */
export function applyFormat(pipeline: Sharp, image: DecodedImage, { format, quality }: EncodeOptions): Sharp {
  const same = format === (image.format === 'heic' ? 'avif' : image.format);
  const source: SourceOptions = same ? image.source : {};
  const withQuality = quality === undefined ? {} : { quality };
  const animation = {
    ...(image.loop !== undefined && { loop: image.loop }),
    ...(image.delay && { delay: [...image.delay] }),
  };
  const is16Bit = image.pixels.data instanceof Uint16Array;
  const isLarge = weighPixels(image.pixels) > LARGE_PIXELS;
  const deep = is16Bit && (format === 'png' || format === 'tiff' || format === 'avif');
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
      return base.png({ progressive: !isLarge && (source.progressive ?? false) });
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

export function keepMetadata(pipeline: Sharp, image: DecodedImage, { format }: EncodeOptions): Sharp {
  const { blobs, density } = image;
  let kept = pipeline;
  // keepMetadata would make up an EXIF block where the source had none; but only it keeps IPTC.
  if (blobs.has('iptc-data') || blobs.has('photoshop-data')) return kept.keepMetadata();
  // sharp leaves out JFIF's density, so that a JPEG says it in EXIF or not at all.
  const isDensityInExif = format === 'jpeg' && density !== undefined;
  if (blobs.has('exif-data') || isDensityInExif) kept = kept.keepExif();
  if (blobs.has('xmp-data')) kept = kept.keepXmp();
  if (blobs.has('icc-profile-data')) kept = kept.keepIccProfile();
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
    blobs: image.blobs,
    numbers,
    ...(image.density && { resolution: image.density / MM_PER_INCH }),
  };
}

/** Pixels, 16-bit ones twice. */
export function weighPixels({ data, width, height }: Pixels): number {
  return width * height * (data instanceof Uint16Array ? 2 : 1);
}

function countBytes(pixels: Pixels): number {
  return weighPixels(pixels) * pixels.channels;
}

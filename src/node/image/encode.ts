import sharp, { type Sharp } from 'sharp';
import { ColorshineError, type Pixels } from '../../core/index.js';
import { DEFAULT_JPEG_QUALITY } from '../../core/jpeg-quality.js';
import { releaseTemp, reserveTemp } from '../files/temp.js';
import type { DecodedImage } from './decode.js';
import type { OutputFormat } from './format-names.js';
import type { SourceOptions } from './source-options.js';
import { writeVipsFile } from './vips-file.js';

export interface EncodeOptions {
  readonly format: OutputFormat;
  /** 1 to 100; default: the input's for JPEG, else sharp's default. */
  readonly quality?: number;
  /** Shrinks the picture as it is seen into this box of pixels; never enlarges. */
  readonly size?: { readonly width?: number; readonly height?: number };
}

/**
 * Encodes a recolored image with the metadata and the ways of its source.
 *
 * @param image what `decodeImage` gave, its pixels recolored in place
 * @param finish runs the sharp pipeline, e.g. `(s) => s.toFile(path)`
 */
export async function encodeImage<T>(
  image: DecodedImage,
  options: EncodeOptions,
  finish: (pipeline: Sharp) => Promise<T>,
): Promise<T> {
  checkPages(image, options.format);
  // sharp resizes the pages of a file one by one, raw ones as a whole.
  const isPagedResize = options.size !== undefined && image.pages > 1;
  if (image.blobs.size === 0 && image.density === undefined && !isPagedResize) {
    return finish(applyFormat(shrink(openRaw(image), image, options), image, options));
  }
  const temp = reserveTemp();
  try {
    await writeVipsFile(temp, toVipsImage(image));
    const carrier = sharp(temp, { limitInputPixels: false, ...(image.pages > 1 && { pages: -1 }) });
    return await finish(applyFormat(shrink(keepMetadata(carrier, image), image, options), image, options));
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

/** Orientations 5 to 8 lie on their side, so the box does too: pixels are not rotated, the tag stays. */
function shrink(pipeline: Sharp, { orientation = 1 }: DecodedImage, { size }: EncodeOptions): Sharp {
  if (!size) return pipeline;
  const { width, height } = orientation >= 5 ? { width: size.height, height: size.width } : size;
  return pipeline.resize({
    ...(width && { width }),
    ...(height && { height }),
    fit: 'inside',
    withoutEnlargement: true,
  });
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
  const deep = is16Bit && (format === 'png' || format === 'tiff' || format === 'avif');
  const base = deep ? pipeline.toColourspace('rgb16') : pipeline.toColourspace('srgb');
  switch (format) {
    case 'jpeg':
      return base.flatten({ background: '#fff' }).jpeg({
        quality: source.quality ?? DEFAULT_JPEG_QUALITY,
        chromaSubsampling: source.chromaSubsampling ?? '4:2:0',
        progressive: source.progressive ?? false,
        ...withQuality,
      });
    case 'png':
      return base.png({ progressive: source.progressive ?? false });
    case 'webp':
      return base.webp({ lossless: source.lossless ?? false, ...animation, ...withQuality });
    case 'gif':
      return base.gif({ keepDuplicateFrames: true, ...animation });
    case 'tiff':
      return base.tiff({
        compression: (source.compression ?? 'lzw') as 'lzw',
        predictor: 'horizontal',
        ...withQuality,
      });
    case 'avif':
      return base.avif({ bitdepth: deep ? (source.bitdepth ?? 10) : 8, ...withQuality });
  }
}

function keepMetadata(pipeline: Sharp, image: DecodedImage): Sharp {
  const { blobs } = image;
  let kept = pipeline;
  // keepMetadata would make up an EXIF block where the source had none; but only it keeps IPTC.
  if (blobs.has('iptc-data') || blobs.has('photoshop-data')) return kept.keepMetadata();
  if (blobs.has('exif-data')) kept = kept.keepExif();
  if (blobs.has('xmp-data')) kept = kept.keepXmp();
  if (blobs.has('icc-profile-data')) kept = kept.keepIccProfile();
  return kept;
}

function toVipsImage(image: DecodedImage) {
  const numbers = new Map<string, number | readonly number[]>();
  if (image.pages > 1) numbers.set('page-height', image.pageHeight).set('n-pages', image.pages);
  const { data, width, height, channels } = image.pixels as Pixels & { data: Uint8Array | Uint16Array };
  // pixels an inch to pixels a millimeter
  return {
    data,
    width,
    height,
    channels,
    blobs: image.blobs,
    numbers,
    ...(image.density && { resolution: image.density / 25.4 }),
  };
}

function checkPages({ pages, format }: DecodedImage, output: OutputFormat): void {
  const holdsPages = output === 'webp' || output === 'gif' || output === 'tiff';
  if (pages === 1 || holdsPages) return;
  throw new ColorshineError(
    'OUTPUT_UNSUPPORTED',
    `format: expected webp, gif or tiff for a ${format.toUpperCase()} with ${pages} pages, got ${output}`,
  );
}

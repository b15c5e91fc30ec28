import type { Metadata, Sharp } from 'sharp';
import { ColorshineError, quote } from '../../core/index.js';
import type { DecodedImage } from './decode.js';
import { INPUT_FORMATS, type InputFormat } from './formats.js';
import { decodeImage } from './open-image.js';
import { readRawPixels } from './raw-pixels.js';

/**
 * Runs the operations queued on a sharp instance and decodes the outcome.
 *
 * With profile or metadata on board the outcome goes through a stored PNG: sharp itself then brings EXIF up to date
 * (`autoOrient` resets the orientation), and `decodeImage` handles the profile as for a file.
 *
 * @throws INVALID_OPTION for something else, INPUT_CORRUPT, INPUT_UNSUPPORTED
 */
export async function decodeBaked(image: Sharp): Promise<DecodedImage> {
  if (typeof image?.metadata !== 'function') {
    throw new ColorshineError('INVALID_OPTION', `image: expected a sharp instance, got ${quote(image)}`);
  }
  let meta: Metadata;
  try {
    meta = await image.metadata();
    const format = inputFormat(meta);
    const is16Bit = meta.depth === 'ushort';
    if ((meta.pages ?? 1) === 1 && (meta.icc || meta.exif || meta.xmp)) {
      const pipeline = keepWhatFits(is16Bit ? image.clone().toColourspace('rgb16') : image.clone(), meta);
      const png = await pipeline.png({ compressionLevel: 0 }).toBuffer();
      const decoded = await decodeImage(png, { name: 'image', maxPixels: Number.MAX_SAFE_INTEGER });
      return { ...decoded, format, source: {} };
    }
    return await decodeRaw(image, meta, format, is16Bit);
  } catch (error) {
    if (error instanceof ColorshineError) throw error;
    const reason = (error as Error).message.split('\n')[0] ?? '';
    throw new ColorshineError('INPUT_CORRUPT', `image: expected one that sharp can decode, got ${reason}`, {
      cause: error,
    });
  }
}

async function decodeRaw(image: Sharp, meta: Metadata, format: InputFormat, is16Bit: boolean): Promise<DecodedImage> {
  const { pixels, info } = await readRawPixels(image.clone(), is16Bit, 'srgb');
  const pages = info.pages ?? 1;
  return {
    format,
    pixels,
    pages,
    pageHeight: info.pageHeight ?? info.height,
    ...(pages > 1 && meta.delay && { delay: meta.delay }),
    ...(pages > 1 && meta.loop !== undefined && { loop: meta.loop }),
    metadata: {},
    source: {},
    notices: [],
  };
}

/** A CMYK profile must not be kept: the pixels become sRGB. */
function keepWhatFits(pipeline: Sharp, { space, icc, exif, xmp }: Metadata): Sharp {
  let kept = pipeline;
  if (exif) kept = kept.keepExif();
  if (xmp) kept = kept.keepXmp();
  if (icc && (space === 'srgb' || space === 'rgb16')) kept = kept.keepIccProfile();
  return kept;
}

function inputFormat({ format, compression }: Metadata): InputFormat {
  if (format === 'heif') return compression === 'av1' ? 'avif' : 'heic';
  if ((INPUT_FORMATS as readonly string[]).includes(format)) return format as InputFormat;
  if ((format as string) === 'raw') return 'png';
  throw new ColorshineError(
    'INPUT_UNSUPPORTED',
    `image: expected ${INPUT_FORMATS.join(', ')} or raw pixels, got ${format}`,
  );
}

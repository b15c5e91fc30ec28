import { corrupt } from '../../src/codec/corrupt.js';
import type { Gamut } from '../../src/core/types.js';
import { decodeBitmap, type RawImage, readBitmapByCanvas, readBitmapByWebgl } from './bitmap.js';
import { ImageError } from './errors.js';
import { checkSide, type ImageHead, inspectImage } from './inspect.js';
import type { Pacer } from './pacer.js';
import { decodePng } from './png-decode.js';

/** A picture with its file's traits, which `encodeImage` gives back to it. */
export interface DecodedImage extends RawImage {
  readonly head: ImageHead;
  /** Of `data`: a file in any other space was converted to sRGB. */
  readonly gamut: Gamut;
  readonly opaque: boolean;
}

/**
 * Decodes a file without touching a bit of a translucent pixel.
 *
 * @throws ImageError with the reason for the report; CANCELED
 */
export async function decodeImage(file: Uint8Array, pacer: Pacer): Promise<DecodedImage> {
  const head = await inspectImage(file);
  const raw = await decodeRaw(file, head, pacer);
  checkSide(raw.width, raw.height);
  return {
    ...raw,
    head,
    gamut: gamutOf(head),
    opaque: head.format === 'jpeg' || isOpaque(raw.data),
  };
}

/**
 * For looking at: what the browser decodes it also makes small, which is sooner than handing all pixels over.
 *
 * @param side about the longest side of the result, pixels; a PNG comes in its own size
 * @throws as `decodeImage`
 */
export async function decodeSmall(
  file: Uint8Array,
  side: number,
  pacer: Pacer,
): Promise<RawImage & Pick<DecodedImage, 'gamut'>> {
  const head = await inspectImage(file);
  const scale = side / Math.max(head.width, head.height);
  const width = scale < 1 ? Math.max(1, Math.round(head.width * scale)) : undefined;
  return { ...(await decodeRaw(file, head, pacer, width)), gamut: gamutOf(head) };
}

/**
 * Each kind in the fastest way that is exact for it: a PNG by ourselves, a JPEG through a canvas, which spoils translucent pixels alone;
 * what may be translucent and is the browser's to decode or to convert through WebGL2.
 */
async function decodeRaw(file: Uint8Array, head: ImageHead, pacer: Pacer, width?: number): Promise<RawImage> {
  const convert = head.gamut === 'other';
  if (head.format === 'png' && !convert) {
    return { data: await decodePng(head.chunks, pacer), width: head.width, height: head.height };
  }
  let bitmap: ImageBitmap;
  try {
    bitmap = await decodeBitmap(file, `image/${head.format}`, convert, width);
  } catch (cause) {
    if (head.format === 'png' || head.format === 'jpeg')
      throw corrupt(`the ${head.format.toUpperCase()} is broken`, cause);
    throw new ImageError('INPUT_UNSUPPORTED', 'unsupported', `image: this browser cannot read this ${head.format}`, {
      cause,
    });
  }
  try {
    checkSide(bitmap.width, bitmap.height);
    const raw = head.format === 'jpeg' ? undefined : await readBitmapByWebgl(bitmap, pacer);
    return raw ?? (await readBitmapByCanvas(bitmap, pacer));
  } finally {
    bitmap.close();
  }
}

function gamutOf(head: ImageHead): Gamut {
  return head.gamut === 'display-p3' ? 'display-p3' : 'srgb';
}

function isOpaque(data: Uint8Array): boolean {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return false;
  return true;
}

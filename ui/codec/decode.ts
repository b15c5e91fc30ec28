import { corrupt } from '../../src/codec/corrupt.js';
import type { Gamut } from '../../src/core/types.js';
import { decodeBitmap, type RawImage, readBitmapByCanvas, readBitmapByWebgl } from './bitmap.js';
import { ImageError } from './errors.js';
import { checkSide, type ImageHead, inspectImage } from './inspect.js';
import { createPacer, type Pacer } from './pacer.js';
import { decodePng } from './png-decode.js';
import { encodePng } from './png-encode.js';

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
    gamut: head.gamut === 'display-p3' ? 'display-p3' : 'srgb',
    opaque: head.format === 'jpeg' || isOpaque(raw.data),
  };
}

async function decodeRaw(file: Uint8Array, head: ImageHead, pacer: Pacer): Promise<RawImage> {
  const convert = head.gamut === 'other';
  // A PNG that needs no conversion can always be decoded here. The browser's way is a third faster where it is exact,
  // but a single long task: not for the page, which has to stay alive.
  if (head.format === 'png' && !convert && (IS_PAGE || !(await isWebglExact()))) {
    return { data: await decodePng(head.chunks, pacer), width: head.width, height: head.height };
  }
  let bitmap: ImageBitmap;
  try {
    bitmap = await decodeBitmap(file, `image/${head.format}`, convert);
  } catch (cause) {
    if (head.format === 'png' || head.format === 'jpeg')
      throw corrupt(`the ${head.format.toUpperCase()} is broken`, cause);
    throw new ImageError('INPUT_UNSUPPORTED', 'unsupported', `image: this browser cannot read this ${head.format}`, {
      cause,
    });
  }
  try {
    checkSide(bitmap.width, bitmap.height);
    const raw = await readBitmapByWebgl(bitmap, pacer);
    if (raw) return raw;
    if (head.format === 'png' && !convert) {
      return { data: await decodePng(head.chunks, pacer), width: head.width, height: head.height };
    }
    return readBitmapByCanvas(bitmap);
  } finally {
    bitmap.close();
  }
}

/** False in a worker. */
const IS_PAGE = typeof document !== 'undefined';

let exactWebgl: Promise<boolean> | undefined;

/** Tries the WebGL2 way once on pixels that a premultiplying path would damage. */
function isWebglExact(): Promise<boolean> {
  exactWebgl ??= probeWebgl().catch(() => false);
  return exactWebgl;
}

async function probeWebgl(): Promise<boolean> {
  const pacer = createPacer();
  // 17 x 17 pixels, all different, every 4th or so nearly transparent; more than a palette's 256; in strips, as pictures are.
  const pixels = new Uint8Array(17 * 17 * 4);
  for (let i = 0; i < pixels.length; i++) pixels[i] = (i * 89 + (i >> 3) * 31 + (i >> 8) * 7) & 255;
  const file = await encodePng(pixels, 17, 17, [], pacer);
  const bitmap = await decodeBitmap(file, 'image/png', false);
  const raw = await readBitmapByWebgl(bitmap, pacer, 5);
  bitmap.close();
  return raw?.data.every((byte, i) => byte === pixels[i]) ?? false;
}

function isOpaque(data: Uint8Array): boolean {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return false;
  return true;
}

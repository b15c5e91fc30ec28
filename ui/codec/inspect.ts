import { startsWithText } from '../../src/codec/bytes.js';
import { type FileColor, readFileColor } from '../../src/codec/file-color.js';
import type { FileGamut } from '../../src/codec/icc.js';
import { readJpegInfo } from '../../src/codec/jpeg-segments.js';
import { PNG_SIGNATURE, type PngChunk, readPngChunks, readPngHeader } from '../../src/codec/png-chunks.js';
import { readPngInfo } from '../../src/codec/png-info.js';
import { ImageError } from './errors.js';
import { inflate } from './zlib.js';

/** Longest side that Figma takes, and that the window works on. */
export const MAX_SIDE = 4096;

/** What must be known of a file before its pixels are. */
export type ImageHead = PngHead | JpegHead | OtherHead;

interface CommonHead {
  /** Pixels as stored; a JPEG's EXIF orientation may swap them. */
  readonly width: number;
  readonly height: number;
  readonly gamut: FileGamut;
}
export interface PngHead extends CommonHead {
  readonly format: 'png';
  readonly chunks: readonly PngChunk[];
  readonly bitDepth: number;
}
export interface JpegHead extends CommonHead {
  readonly format: 'jpeg';
  /** 1 to 100. */
  readonly quality: number;
  readonly components: number;
  readonly icc: Uint8Array | undefined;
}
/** Known to the browser alone; width and height are 0 until it is decoded. */
export interface OtherHead extends CommonHead {
  readonly format: 'webp' | 'avif' | 'bmp';
}

/**
 * Reads a file's kind, size, gamut and quality from its bytes.
 *
 * @throws ImageError: gif, unsupported (animations included), too-large, INPUT_CORRUPT
 */
export async function inspectImage(file: Uint8Array): Promise<ImageHead> {
  const head = await readHead(file);
  checkSide(head.width, head.height);
  return head;
}

/** @throws INPUT_TOO_LARGE */
export function checkSide(width: number, height: number): void {
  if (width <= MAX_SIDE && height <= MAX_SIDE) return;
  throw new ImageError(
    'INPUT_TOO_LARGE',
    'too-large',
    `image: expected at most ${MAX_SIDE} px a side, got ${width} x ${height}`,
  );
}

async function readHead(file: Uint8Array): Promise<ImageHead> {
  if (PNG_SIGNATURE.every((byte, i) => file[i] === byte)) return inspectPng(file);
  if (file[0] === 0xff && file[1] === 0xd8) return inspectJpeg(file);
  if (startsWithText(file, 'GIF8')) {
    throw new ImageError('INPUT_UNSUPPORTED', 'gif', 'image: expected a still image such as PNG or JPEG, got a GIF');
  }
  if (startsWithText(file, 'RIFF') && startsWithText(file, 'WEBP', 8)) {
    if (startsWithText(file, 'VP8X', 12) && ((file[20] ?? 0) & 2) !== 0) throw animated('WebP');
    return { format: 'webp', width: 0, height: 0, gamut: 'other' };
  }
  if (startsWithText(file, 'ftypavif', 4)) return { format: 'avif', width: 0, height: 0, gamut: 'other' };
  if (startsWithText(file, 'ftypavis', 4)) throw animated('AVIF');
  if (startsWithText(file, 'BM')) return { format: 'bmp', width: 0, height: 0, gamut: 'other' };
  throw new ImageError(
    'INPUT_UNSUPPORTED',
    'unsupported',
    file.length === 0 ? 'image: the file is empty' : 'image: expected PNG, JPEG, WebP or AVIF, got something else',
  );
}

function animated(kind: string): ImageError {
  return new ImageError('INPUT_UNSUPPORTED', 'gif', `image: expected a still image, got an animated ${kind}`);
}

async function inspectPng(file: Uint8Array): Promise<PngHead> {
  const chunks = readPngChunks(file);
  if (chunks.some(({ type }) => type === 'acTL')) throw animated('PNG');
  const { width, height, bitDepth } = readPngHeader(chunks);
  return { format: 'png', width, height, bitDepth, chunks, gamut: await gamutOfPng(chunks) };
}

async function gamutOfPng(chunks: readonly PngChunk[]): Promise<FileGamut> {
  const { color, deflatedIcc } = readPngInfo(chunks);
  // Browsers ignore a broken profile.
  const icc = deflatedIcc && (await inflate(deflatedIcc).catch(() => undefined));
  return gamutHere(readFileColor({ ...color, icc }));
}

/** The browser converts what is brighter than white, as it does all that is neither sRGB nor Display P3. */
function gamutHere({ gamut, hdr }: FileColor): FileGamut {
  return hdr ? 'other' : gamut;
}

function inspectJpeg(file: Uint8Array): JpegHead {
  const { width, height, components, quality, icc } = readJpegInfo(file);
  // A CMYK profile says nothing about RGB: the browser converts.
  const gamut = components === 4 ? 'other' : gamutHere(readFileColor({ icc: components === 3 ? icc : undefined }));
  return { format: 'jpeg', width, height, components, quality, icc, gamut };
}

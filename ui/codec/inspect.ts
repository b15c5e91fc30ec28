import { type FileGamut, gamutOfIcc } from '../../src/codec/icc.js';
import { gamutOfCicp } from './cicp.js';
import { ImageError } from './errors.js';
import { readJpegInfo, startsWithText } from './jpeg-info.js';
import { PNG_SIGNATURE, type PngChunk, readPngChunks, readPngHeader } from './png-chunks.js';
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

/** PNG's own order of precedence: cICP, then iCCP, then sRGB; gAMA and cHRM alone are how old tools said sRGB. */
async function gamutOfPng(chunks: readonly PngChunk[]): Promise<FileGamut> {
  const find = (name: string): Uint8Array | undefined => chunks.find(({ type }) => type === name)?.data;
  const cicp = find('cICP');
  if (cicp) return gamutOfCicp(cicp);
  const iccp = find('iCCP');
  if (!iccp) return 'srgb';
  try {
    return gamutOfIcc(await inflate(iccp.subarray(iccp.indexOf(0) + 2)));
  } catch {
    return 'srgb'; // browsers ignore a broken profile
  }
}

function inspectJpeg(file: Uint8Array): JpegHead {
  const info = readJpegInfo(file);
  // A CMYK profile says nothing about RGB: the browser converts.
  const gamut = info.components === 4 ? 'other' : info.icc && info.components === 3 ? gamutOfIcc(info.icc) : 'srgb';
  return { format: 'jpeg', ...info, gamut };
}

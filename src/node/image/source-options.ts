import type { Metadata } from 'sharp';
import type { InputFormat } from '../files/input.js';

/** What an encoder needs to keep the ways of the input file. */
export interface SourceOptions {
  /** Estimated from a JPEG's quantization tables, 1 to 100. */
  readonly quality?: number;
  readonly chromaSubsampling?: '4:2:0' | '4:4:4';
  readonly progressive?: boolean;
  /** A WebP without loss stays one. */
  readonly lossless?: boolean;
  /** AVIF and HEIC: bits a sample. */
  readonly bitdepth?: 8 | 10 | 12;
  readonly compression?: string;
}

export function readSourceOptions(bytes: Buffer, format: InputFormat, meta: Metadata): SourceOptions {
  const progressive = meta.isProgressive ?? false;
  const chromaSubsampling = meta.chromaSubsampling?.startsWith('4:4:4') ? '4:4:4' : '4:2:0';
  switch (format) {
    case 'jpeg':
      return { quality: estimateJpegQuality(bytes), chromaSubsampling, progressive };
    case 'png':
      return { progressive };
    case 'webp':
      return { lossless: isLosslessWebp(bytes) };
    case 'avif':
    case 'heic': {
      const bits = meta.bitsPerSample ?? 8;
      return { bitdepth: bits > 10 ? 12 : bits > 8 ? 10 : 8, compression: meta.compression ?? 'av1' };
    }
    case 'tiff':
      return { compression: readTiffCompression(bytes) };
    default:
      return {};
  }
}

/** Luminance quantization table of ITU-T T.81, annex K, in zigzag order as a JPEG file stores it. */
// biome-ignore format: eight entries a line
const STANDARD_LUMINANCE = [
  16, 11, 12, 14, 12, 10, 16, 14,
  13, 14, 18, 17, 16, 19, 24, 40,
  26, 24, 22, 22, 24, 49, 35, 37,
  29, 40, 58, 51, 61, 60, 57, 51,
  56, 55, 64, 72, 92, 78, 64, 68,
  87, 69, 55, 56, 80, 109, 81, 87,
  95, 98, 103, 104, 103, 62, 77, 113,
  121, 112, 100, 120, 92, 101, 103, 99,
];

/** What encoders use when a file gives no hint. */
const DEFAULT_JPEG_QUALITY = 90;

/**
 * The libjpeg quality whose luminance table is nearest to the file's; libjpeg scales the standard table by
 * 5000 / q percent below 50 and by 200 - 2 q percent from there on.
 */
export function estimateJpegQuality(bytes: Buffer): number {
  const table = readLuminanceTable(bytes);
  if (!table) return DEFAULT_JPEG_QUALITY;
  let best = DEFAULT_JPEG_QUALITY;
  let bestError = Number.POSITIVE_INFINITY;
  for (let quality = 100; quality >= 1; quality--) {
    const percent = quality < 50 ? 5000 / quality : 200 - 2 * quality;
    let error = 0;
    STANDARD_LUMINANCE.forEach((standard, i) => {
      const scaled = Math.min(255, Math.max(1, Math.floor((standard * percent + 50) / 100)));
      error += Math.abs(scaled - (table[i] as number));
    });
    if (error < bestError) {
      best = quality;
      bestError = error;
    }
  }
  return best;
}

/** 64 entries of quantization table 0, in file order. */
function readLuminanceTable(bytes: Buffer): number[] | undefined {
  for (const { marker, start, end } of jpegSegments(bytes)) {
    if (marker !== 0xdb) continue;
    for (let at = start; at < end; ) {
      const spec = bytes[at] as number;
      const size = spec >> 4 ? 2 : 1;
      if ((spec & 15) === 0 && at + 1 + 64 * size <= end) {
        return Array.from({ length: 64 }, (_, i) =>
          size === 2 ? bytes.readUInt16BE(at + 1 + 2 * i) : (bytes[at + 1 + i] as number),
        );
      }
      at += 1 + 64 * size;
    }
  }
  return undefined;
}

/** The marker segments before the first scan. */
function* jpegSegments(bytes: Buffer): Generator<{ marker: number; start: number; end: number }> {
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] as number;
    if (marker === 0xda) return;
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (end > bytes.length || end < at + 4) return;
    yield { marker, start: at + 4, end };
    at = end;
  }
}

/** True when the picture, or the first frame of an animation, is a VP8L bitstream. */
function isLosslessWebp(bytes: Buffer): boolean {
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = bytes.toString('latin1', at, at + 4);
    if (name === 'VP8L') return true;
    if (name === 'VP8 ') return false;
    // A frame is a chunk whose own chunks begin after 16 bytes of geometry.
    at += name === 'ANMF' ? 24 : 8 + bytes.readUInt32LE(at + 4) + (bytes.readUInt32LE(at + 4) & 1);
  }
  return false;
}

const TIFF_COMPRESSION_TAG = 259;
/** TIFF code to sharp's word. Lossy and fax codes are left out: they become LZW, which loses nothing. */
const TIFF_COMPRESSIONS: Readonly<Record<number, string>> = {
  1: 'none',
  5: 'lzw',
  8: 'deflate',
  32946: 'deflate',
  32773: 'packbits',
  50000: 'zstd',
};

/** The first page's compression. Big TIFF and anything odd give `lzw`. */
function readTiffCompression(bytes: Buffer): string {
  try {
    const little = bytes.toString('latin1', 0, 2) === 'II';
    const u16 = (at: number): number => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
    const u32 = (at: number): number => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
    if (u16(2) !== 42) return 'lzw';
    const directory = u32(4);
    for (let i = 0; i < u16(directory); i++) {
      const entry = directory + 2 + 12 * i;
      if (u16(entry) === TIFF_COMPRESSION_TAG) return TIFF_COMPRESSIONS[u16(entry + 8)] ?? 'lzw';
    }
  } catch {
    // A read past the end: the decoder will say more about it.
  }
  return 'lzw';
}

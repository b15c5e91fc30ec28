import type { Metadata } from 'sharp';
import { estimateJpegQuality } from '../../codec/jpeg-quality.js';
import type { InputFormat } from '../files/input.js';
import { estimateWebpQuality } from './webp-quality.js';

/** What an encoder needs to keep the ways of the input file. */
export interface SourceOptions {
  /** Estimated from the quantizers of a JPEG or a lossy WebP, 1 to 100. */
  readonly quality?: number;
  readonly chromaSubsampling?: '4:2:0' | '4:4:4';
  readonly progressive?: boolean;
  /** A WebP without loss stays one. */
  readonly lossless?: boolean;
  /** AVIF and HEIC: bits a sample. */
  readonly bitdepth?: 8 | 10 | 12;
  readonly compression?: string;
  /** A PNG whose pixels are places in a palette. */
  readonly palette?: boolean;
}

/** Reads part of a file; shorter at its end. */
export type ReadAt = (at: number, length: number) => Buffer;

/**
 * @param bytes of the file, at least up to a JPEG's first scan or a WebP's first bitstream
 * @param readAt where `bytes` are only the file's beginning: the directory of a TIFF may lie anywhere
 */
export function readSourceOptions(
  bytes: Buffer,
  format: InputFormat,
  meta: Metadata,
  readAt: ReadAt = (at, length) => bytes.subarray(at, at + length),
): SourceOptions {
  const progressive = meta.isProgressive ?? false;
  const chromaSubsampling = meta.chromaSubsampling?.startsWith('4:4:4') ? '4:4:4' : '4:2:0';
  switch (format) {
    case 'jpeg':
      return { quality: estimateJpegQuality(readQuantizationTables(bytes)), chromaSubsampling, progressive };
    case 'png':
      return { progressive, ...(meta.isPalette && { palette: true }) };
    case 'webp':
      return readWebpOptions(bytes);
    case 'avif':
    case 'heic': {
      const bits = meta.bitsPerSample ?? 8;
      return { bitdepth: bits > 10 ? 12 : bits > 8 ? 10 : 8, compression: meta.compression ?? 'av1' };
    }
    case 'tiff':
      return { compression: readTiffCompression(readAt) };
    default:
      return {};
  }
}

/** Quantization tables by number, 64 entries each, in file order. */
function readQuantizationTables(bytes: Buffer): number[][] {
  const tables: number[][] = [];
  for (const { marker, start, end } of jpegSegments(bytes)) {
    if (marker !== 0xdb) continue;
    for (let at = start; at < end; ) {
      const spec = bytes[at] as number;
      const size = spec >> 4 ? 2 : 1;
      if (at + 1 + 64 * size > end) break;
      tables[spec & 15] = Array.from({ length: 64 }, (_, i) =>
        size === 2 ? bytes.readUInt16BE(at + 1 + 2 * i) : (bytes[at + 1 + i] as number),
      );
      at += 1 + 64 * size;
    }
  }
  return tables;
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

/** Of the picture, or of an animation's first frame. */
function readWebpOptions(bytes: Buffer): SourceOptions {
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = bytes.toString('latin1', at, at + 4);
    if (name === 'VP8L') return { lossless: true };
    if (name === 'VP8 ') {
      const quality = estimateWebpQuality(bytes.subarray(at + 8));
      return { lossless: false, ...(quality !== undefined && { quality }) };
    }
    // A frame is a chunk whose own chunks begin after 16 bytes of geometry.
    at += name === 'ANMF' ? 24 : 8 + bytes.readUInt32LE(at + 4) + (bytes.readUInt32LE(at + 4) & 1);
  }
  return { lossless: false };
}

const TIFF_COMPRESSION_TAG = 259;
/** A broken file may claim any number. */
const MAX_TIFF_ENTRIES = 4096;
/** TIFF code to sharp's word. Lossy and fax codes are left out: they become LZW, which loses nothing. */
const TIFF_COMPRESSIONS: Readonly<Record<number, string>> = {
  1: 'none',
  5: 'lzw',
  8: 'deflate',
  32946: 'deflate',
  32773: 'packbits',
  50000: 'zstd',
};

/** The first page's compression, of classic and big TIFF. Anything odd gives `lzw`. */
function readTiffCompression(readAt: ReadAt): string {
  try {
    const little = readAt(0, 2).toString('latin1') === 'II';
    const u16 = (at: number): number => readAt(at, 2)[little ? 'readUInt16LE' : 'readUInt16BE'](0);
    const u32 = (at: number): number => readAt(at, 4)[little ? 'readUInt32LE' : 'readUInt32BE'](0);
    const u64 = (at: number): number => Number(readAt(at, 8)[little ? 'readBigUInt64LE' : 'readBigUInt64BE'](0));
    const isBig = u16(2) === 43;
    if (!isBig && u16(2) !== 42) return 'lzw';
    const directory = isBig ? u64(8) : u32(4);
    const [countBytes, entryBytes, valueAt] = isBig ? [8, 20, 12] : [2, 12, 8];
    const count = Math.min(isBig ? u64(directory) : u16(directory), MAX_TIFF_ENTRIES);
    for (let i = 0; i < count; i++) {
      const entry = directory + countBytes + entryBytes * i;
      if (u16(entry) === TIFF_COMPRESSION_TAG) return TIFF_COMPRESSIONS[u16(entry + valueAt)] ?? 'lzw';
    }
  } catch {
    // A read past the end: the decoder will say more about it.
  }
  return 'lzw';
}

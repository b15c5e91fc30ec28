import type { Metadata } from 'sharp';
import { readNclx } from '../../codec/bmff-color.js';
import { hasExifDensity } from '../../codec/exif.js';
import type { ColorClaims } from '../../codec/file-color.js';
import { EXIF_MARK, readJpegInfo } from '../../codec/jpeg-segments.js';
import type { PngChunk } from '../../codec/png-chunks.js';
import { readPngChunksAt, readPngInfo } from '../../codec/png-info.js';
import { openTiff, type ReadAt, TIFF, type Tiff, type TiffDirectory } from '../../codec/tiff-directories.js';
import { ColorshineError } from '../../core/index.js';
import type { InputFormat } from './formats.js';
import { estimateWebpQuality } from './webp-quality.js';

/** What an encoder needs to keep the ways of the input file. */
export interface SourceOptions {
  /** Estimated from the quantizers of a JPEG or a lossy WebP, 1 to 100. */
  readonly quality?: number;
  /** sharp writes no other: whatever is finer than 4:2:0 on an axis gets 4:4:4, which loses nothing of it. */
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

/** A file to look at, in memory or on disk. */
export interface FileBytes {
  readonly readAt: ReadAt;
  readonly length: number;
}

/** What stands in a file beside its pixels, as it stands there. */
export interface Inspected {
  readonly source: SourceOptions;
  readonly color: ColorClaims;
  /** From the byte order mark on. */
  readonly exif?: Uint8Array | undefined;
  readonly xmp?: Uint8Array | undefined;
  /** Of a JPEG: XMP's second packet. */
  readonly extendedXmp?: Uint8Array | undefined;
  /** IPTC's records, as they stand in a TIFF. */
  readonly iptc?: Uint8Array | undefined;
  /** Photoshop's resource blocks; a JPEG's with their mark. */
  readonly photoshop?: Uint8Array | undefined;
  /** Of a JPEG. */
  readonly comments?: readonly Uint8Array[];
  /** Of a PNG. */
  readonly texts?: readonly PngChunk[];
  readonly colorChunks?: readonly PngChunk[];
  /** Dots an inch. */
  readonly density?: number | undefined;
  /** Pages that can be decoded together, where they are not all. */
  readonly pages?: number;
  readonly notices?: readonly string[];
}

/** Enough of a file to reach a JPEG's picture past its metadata, or a WebP's bitstream. */
const HEAD_BYTES = 1 << 23;

/**
 * Looks at a file's structure.
 *
 * @param meta sharp's, of this file
 * @throws INPUT_UNSUPPORTED for samples that libvips reads wrongly
 */
export function inspectFile(format: InputFormat, file: FileBytes, meta: Metadata, name: string): Inspected {
  const common = commonOf(meta);
  switch (format) {
    case 'jpeg':
      return { ...common, ...inspectJpeg(file, meta) };
    case 'png':
      return { ...common, ...inspectPng(file, meta) };
    case 'webp':
      return { ...common, source: readWebpOptions(Buffer.from(file.readAt(0, Math.min(file.length, HEAD_BYTES)))) };
    case 'avif':
    case 'heic': {
      const bits = meta.bitsPerSample ?? 8;
      const source = { bitdepth: bits > 10 ? 12 : bits > 8 ? 10 : 8, compression: meta.compression ?? 'av1' } as const;
      return { ...common, source, color: { icc: meta.icc, nclx: readNclx(file.readAt, file.length) } };
    }
    case 'tiff':
      return { ...common, density: meta.density, ...inspectTiff(file, meta, name) };
    case 'gif':
      return common;
  }
}

/** What sharp says; it makes up a density where a file has none. */
function commonOf({ exif, xmp, iptc, tifftagPhotoshop, icc, density }: Metadata): Inspected {
  const block = exif && withoutMark(exif);
  return {
    source: {},
    color: { icc },
    exif: block,
    xmp,
    iptc,
    photoshop: tifftagPhotoshop,
    ...(block && hasExifDensity(block) && { density }),
  };
}

/** An EXIF block from its byte order mark on: libvips keeps the form that a JPEG has. */
export function withoutMark(exif: Buffer): Uint8Array {
  return exif.toString('latin1', 0, EXIF_MARK.length) === EXIF_MARK ? exif.subarray(EXIF_MARK.length) : exif;
}

/** sharp calls every subsampled JPEG 4:2:0, and says nothing of one with a gain map. */
function inspectJpeg(file: FileBytes, meta: Metadata): Partial<Inspected> {
  let info: ReturnType<typeof readJpegInfo>;
  try {
    info = readJpegInfo(file.readAt(0, Math.min(file.length, HEAD_BYTES)));
  } catch {
    return {}; // the decoder will say more about it
  }
  const { quality, components, subsampling, progressive, exif, xmp, extendedXmp, photoshop, comments, icc, density } =
    info;
  const isCoarse = components === 1 || subsampling === '4:2:0' || subsampling === '4:1:0';
  return {
    source: { quality, progressive, chromaSubsampling: isCoarse ? '4:2:0' : '4:4:4' },
    color: { icc },
    exif,
    xmp,
    extendedXmp,
    iptc: undefined,
    photoshop,
    comments,
    density: density ?? (exif && hasExifDensity(exif) ? meta.density : undefined),
  };
}

function inspectPng({ readAt }: FileBytes, meta: Metadata): Partial<Inspected> {
  const { color, exif, texts, colorChunks, density, frames } = readPngInfo(readPngChunksAt(readAt));
  return {
    source: { progressive: meta.isProgressive ?? false, ...(meta.isPalette && { palette: true }) },
    color: { ...color, icc: meta.icc },
    exif: exif ?? (meta.exif && withoutMark(meta.exif)),
    texts,
    colorChunks,
    density,
    notices:
      frames > 1
        ? [
            `an animated PNG: only its still picture was recolored, ${frames} frames were left out (convert it to WebP or GIF first)`,
          ]
        : [],
  };
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

/** Of a TIFF with more pages than people have, no further ones are compared. */
const MAX_PAGES = 1000;
const FLOAT = 3;

function inspectTiff({ readAt }: FileBytes, meta: Metadata, name: string): Partial<Inspected> {
  const tiff = openTiff(readAt);
  const [first] = tiff?.pages(1) ?? [];
  if (!tiff || !first) return { source: { compression: 'lzw' } };
  const numbers = (page: TiffDirectory, tag: number): number[] => numbersOf(tiff, page, tag);
  const [bits] = numbers(first, TIFF.bitsPerSample);
  if (bits === 16 && numbers(first, TIFF.sampleFormat)[0] === FLOAT) {
    throw new ColorshineError(
      'INPUT_UNSUPPORTED',
      `${name}: expected whole numbers or floats of 32 bits, got a TIFF with floats of 16 bits`,
    );
  }
  const layout = (page: TiffDirectory): string =>
    JSON.stringify(
      [TIFF.width, TIFF.height, TIFF.bitsPerSample, TIFF.samplesPerPixel].map((tag) => numbers(page, tag)),
    );
  const count = meta.pages ?? 1;
  let isMixed = false;
  for (const page of tiff.pages(count > 1 ? MAX_PAGES : 0)) {
    isMixed = layout(page) !== layout(first);
    if (isMixed) break;
  }
  return {
    source: { compression: TIFF_COMPRESSIONS[numbers(first, TIFF.compression)[0] ?? 0] ?? 'lzw' },
    ...(isMixed && {
      pages: 1,
      notices: [`the first of ${count} pages was recolored: the others differ in size, as smaller copies do`],
    }),
  };
}

function numbersOf(tiff: Tiff, page: TiffDirectory, tag: number): number[] {
  try {
    return tiff.numbers(page.entries.get(tag));
  } catch {
    return []; // a read past the end: the decoder will say more about it
  }
}

/** TIFF code to sharp's word. Lossy and fax codes are left out: they become LZW, which loses nothing. */
const TIFF_COMPRESSIONS: Readonly<Record<number, string>> = {
  1: 'none',
  5: 'lzw',
  8: 'deflate',
  32946: 'deflate',
  32773: 'packbits',
  50000: 'zstd',
};

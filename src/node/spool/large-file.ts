import { readSync } from 'node:fs';
import { type FileHandle, open, symlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import sharp, { type Metadata, type Sharp } from 'sharp';
import type { ColorshineError } from '../../core/index.js';
import { type InputFormat, sniffFormat, statInput, unreadable } from '../files/input.js';
import { releaseTemp, reserveTempName } from '../files/temp.js';
import {
  applyProfile,
  checkPixelCount,
  corrupt,
  countPages,
  type DecodedImage,
  describeFile,
  gamutOf,
  isPaged,
} from '../image/decode.js';
import { checkLoader } from '../image/loaders.js';
import { readSourceOptions } from '../image/source-options.js';

/** Enough of a file to reach a JPEG's quantization tables past its metadata. */
const HEAD_BYTES = 1 << 23;
/** Enough to tell the format. */
const MAGIC_BYTES = 512;

/** An image file that is read piece by piece; its pixels have been counted but not decoded. */
export interface LargeFile {
  /** How errors call it. */
  readonly name: string;
  readonly format: InputFormat;
  readonly bytes: number;
  readonly meta: Metadata;
  readonly pages: number;
  /** Over all pages, 16-bit ones twice. */
  readonly weight: number;
  /** Opens the decoder on the numbers that are recolored: 3 or 4 channels, 8 or 16 bits. */
  openDecoder(): Sharp;
  /** What the file says, with empty pixels of the right size and depth: they will be on disk. */
  describe(): DecodedImage;
  /** What the decoder said, as our error. */
  corrupt(error: unknown): ColorshineError;
  close(): Promise<void>;
}

/**
 * Looks at a file's head. The caller closes it.
 *
 * @throws INPUT_NOT_FOUND, INPUT_NOT_A_FILE, INPUT_UNREADABLE, INPUT_UNSUPPORTED, INPUT_CORRUPT, INPUT_TOO_LARGE
 */
export async function openLargeFile(path: string, maxPixels: number | undefined): Promise<LargeFile> {
  const { size } = await statInput(path);
  const file = await openInput(path);
  let alias: string | undefined;
  try {
    const format = sniffFormat(readAt(file, 0, MAGIC_BYTES), path);
    alias = await aliasFor(path);
    const decoderPath = alias ?? path;
    let meta: Metadata;
    try {
      meta = await sharp(decoderPath, { limitInputPixels: false }).metadata();
    } catch (error) {
      throw corrupt(error, format, path);
    }
    checkLoader(meta.format, format, path);
    const pages = countPages(format, meta);
    const is16Bit = meta.depth === 'ushort';
    const count = checkPixelCount(meta, pages, path, maxPixels);
    return {
      name: path,
      format,
      bytes: size,
      meta,
      pages,
      weight: is16Bit ? count * 2 : count,
      openDecoder() {
        const image = sharp(decoderPath, { limitInputPixels: false, ...(isPaged(format) && { pages: -1 }) });
        return applyProfile(image, meta).toColourspace(is16Bit ? 'rgb16' : 'srgb');
      },
      describe() {
        const head = readAt(file, 0, format === 'jpeg' || format === 'webp' ? HEAD_BYTES : MAGIC_BYTES);
        const source = readSourceOptions(head, format, meta, (at, length) => readAt(file, at, length));
        const pageHeight = meta.pageHeight ?? meta.height;
        const pixels = {
          data: is16Bit ? new Uint16Array(0) : new Uint8Array(0),
          width: meta.width,
          height: pageHeight * pages,
          channels: meta.hasAlpha ? (4 as const) : (3 as const),
          gamut: gamutOf(meta),
        };
        return { pixels, pageHeight, ...describeFile(format, meta, pages, source) };
      },
      corrupt: (error) => corrupt(error, format, path),
      async close() {
        await file.close();
        if (alias) await releaseTemp(alias);
      },
    };
  } catch (error) {
    await file.close();
    if (alias) await releaseTemp(alias);
    throw error;
  }
}

async function openInput(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** libvips takes what stands in brackets at the end of a path for options: such a file gets another name meanwhile. */
async function aliasFor(path: string): Promise<string | undefined> {
  if (!path.includes('[')) return undefined;
  const alias = reserveTempName();
  await symlink(resolve(path), alias);
  return alias;
}

function readAt({ fd }: FileHandle, at: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  return buffer.subarray(0, readSync(fd, buffer, 0, length, at));
}

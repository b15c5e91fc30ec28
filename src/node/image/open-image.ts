import { createHash } from 'node:crypto';
import { readSync } from 'node:fs';
import { type FileHandle, open, symlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import sharp, { type Metadata, type Sharp } from 'sharp';
import type { ColorshineError } from '../../core/index.js';
import { checkInteger } from '../../core/options.js';
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
} from './decode.js';
import { type ImageLimits, MAX_PIXELS_RANGE } from './large-pixels.js';
import { checkLoader } from './loaders.js';
import { readRawPixels } from './raw-pixels.js';
import { readSourceOptions } from './source-options.js';

/** Enough of a file to reach a JPEG's quantization tables past its metadata. */
const HEAD_BYTES = 1 << 23;
/** Enough to tell the format. */
const MAGIC_BYTES = 512;
/** Files of at most so many bytes are read at once: libvips opens a path a dozen times to find out what it is. */
const WHOLE_FILE_BYTES = 1 << 24;
/** Read at once of a file that is only hashed. */
const HASH_BYTES = 1 << 20;

/** An image that is open; its pixels have been counted but not decoded. */
export interface OpenImage {
  /** How errors call it. */
  readonly name: string;
  readonly format: InputFormat;
  readonly meta: Metadata;
  readonly pages: number;
  /** Over all pages. */
  readonly pixels: number;
  /** The same, 16-bit ones twice. */
  readonly weight: number;
  /** Opens the decoder on the numbers that are recolored: 3 or 4 channels, 8 or 16 bits. */
  openDecoder(): Sharp;
  /** What the file says, with empty pixels of the right size and depth. */
  describe(): DecodedImage;
  /**
   * Decodes into memory. sRGB and Display P3 files give their own numbers; other profiles and CMYK are converted to sRGB. Grey becomes
   * RGB. Orientation is not applied: it stays in EXIF. 16-bit files give 16-bit pixels.
   *
   * @param onStart called when libvips' threads are at work and this one is free
   * @throws INPUT_CORRUPT
   */
  decode(onStart?: () => void): Promise<DecodedImage>;
  /** SHA-256 of the file, 64 hex digits. */
  hash(): Promise<string>;
  /** What the decoder said, as our error. */
  corrupt(error: unknown): ColorshineError;
  close(): Promise<void>;
}

/**
 * Opens an image file once, whatever becomes of it, or takes its bytes. The caller closes it.
 *
 * @param input a path, or the bytes of a file
 * @param limits with `name`: how errors call the image; default: the path
 * @throws INVALID_OPTION, INPUT_NOT_FOUND, INPUT_NOT_A_FILE, INPUT_UNREADABLE, INPUT_UNSUPPORTED, INPUT_CORRUPT, INPUT_TOO_LARGE
 */
export async function openImage(
  input: string | Buffer,
  limits: ImageLimits & { readonly name?: string } = {},
): Promise<OpenImage> {
  const { maxPixels, limitName = 'maxPixels' } = limits;
  if (maxPixels !== undefined) checkInteger(maxPixels, limitName, MAX_PIXELS_RANGE);
  const source = typeof input === 'string' ? await openPath(input) : fromBytes(input);
  const name = limits.name ?? (typeof input === 'string' ? input : '(buffer)');
  try {
    return await look(source, name, limits);
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** `openImage`, decoded. @throws likewise */
export async function decodeImage(
  input: string | Buffer,
  limits: ImageLimits & { readonly name?: string } = {},
): Promise<DecodedImage> {
  const image = await openImage(input, limits);
  try {
    return await image.decode();
  } finally {
    await image.close();
  }
}

/** Where an image's bytes are. */
interface Source {
  readonly bytes: number;
  /** What sharp opens. */
  readonly forSharp: string | Buffer;
  /** Shorter at the end of the file. */
  readAt(at: number, length: number): Buffer;
  close(): Promise<void>;
}

function fromBytes(bytes: Buffer): Source {
  return {
    bytes: bytes.length,
    forSharp: bytes,
    readAt: (at, length) => bytes.subarray(at, at + length),
    close: async () => undefined,
  };
}

async function openPath(path: string): Promise<Source> {
  const { size } = await statInput(path);
  const file = await openFile(path);
  try {
    if (size <= WHOLE_FILE_BYTES) {
      const bytes = await file.readFile().catch((error: unknown) => {
        throw unreadable(path, error);
      });
      await file.close();
      return fromBytes(bytes);
    }
    const alias = await aliasFor(path);
    return {
      bytes: size,
      forSharp: alias ?? path,
      readAt: (at, length) => readAt(file, at, length),
      async close() {
        await file.close();
        if (alias) await releaseTemp(alias);
      },
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function look(source: Source, name: string, limits: ImageLimits): Promise<OpenImage> {
  const format = sniffFormat(source.readAt(0, MAGIC_BYTES), name);
  const openFor = (options: object): Sharp => sharp(source.forSharp, { limitInputPixels: false, ...options });
  let meta: Metadata;
  try {
    meta = await openFor({}).metadata();
  } catch (error) {
    throw corrupt(error, format, name);
  }
  checkLoader(meta.format, format, name);
  const pages = countPages(format, meta);
  const is16Bit = meta.depth === 'ushort';
  const pixels = checkPixelCount(meta, pages, name, limits);
  const openDecoder = (): Sharp =>
    applyProfile(openFor(isPaged(format) ? { pages: -1 } : {}), meta).toColourspace(is16Bit ? 'rgb16' : 'srgb');
  let described: DecodedImage | undefined;
  const describe = (): DecodedImage => (described ??= describeSource(source, format, meta, pages));
  return {
    name,
    format,
    meta,
    pages,
    pixels,
    weight: is16Bit ? pixels * 2 : pixels,
    openDecoder,
    describe,
    async decode(onStart) {
      try {
        const decoding = readRawPixels(openDecoder(), is16Bit, gamutOf(meta));
        onStart?.();
        const { pixels, info } = await decoding;
        return { ...describe(), pixels, pageHeight: info.height / pages };
      } catch (error) {
        throw corrupt(error, format, name);
      }
    },
    async hash() {
      const hash = createHash('sha256');
      for (let at = 0; at < source.bytes; at += HASH_BYTES) {
        hash.update(source.readAt(at, HASH_BYTES));
        await setImmediate(); // others have their turn
      }
      return hash.digest('hex');
    },
    corrupt: (error) => corrupt(error, format, name),
    close: source.close,
  };
}

function describeSource(source: Source, format: InputFormat, meta: Metadata, pages: number): DecodedImage {
  const head = source.readAt(0, format === 'jpeg' || format === 'webp' ? HEAD_BYTES : MAGIC_BYTES);
  const pageHeight = meta.pageHeight ?? meta.height;
  const pixels = {
    data: meta.depth === 'ushort' ? new Uint16Array(0) : new Uint8Array(0),
    width: meta.width,
    height: pageHeight * pages,
    channels: meta.hasAlpha ? (4 as const) : (3 as const),
    gamut: gamutOf(meta),
  };
  const ways = readSourceOptions(head, format, meta, source.readAt);
  return { pixels, pageHeight, ...describeFile(format, meta, pages, ways) };
}

async function openFile(path: string): Promise<FileHandle> {
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

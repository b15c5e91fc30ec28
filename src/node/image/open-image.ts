import { createHash } from 'node:crypto';
import { readSync } from 'node:fs';
import { type FileHandle, open, symlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import sharp, { type Metadata, type Sharp } from 'sharp';
import type { ColorshineError } from '../../core/index.js';
import { sniffFormat, statInput, unreadable } from '../files/input.js';
import { releaseTemp, reserveTempName } from '../files/temp.js';
import { planColor } from './color-plan.js';
import { convertPixels } from './convert-pixels.js';
import { checkPixelCount, corrupt, type DecodedImage } from './decode.js';
import { describeFlaws, isHarmless } from './flaws.js';
import { formatOf, type InputFormat } from './formats.js';
import { type Inspected, inspectFile } from './inspect.js';
import { checkLoader } from './loaders.js';
import { takeMetadata } from './metadata.js';
import { readRawPixels } from './raw-pixels.js';
import { READING_CHECKS, type ReadingOptions, readingOf } from './reading-options.js';

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
  /** The decoder alone does not give the numbers that are recolored: they cannot be worked on while it is at work. */
  readonly needsMemory: boolean;
  /** Opens the decoder on the numbers that are recolored: 3 or 4 channels, 8 or 16 bits. */
  openDecoder(): Sharp;
  /** What the file says, with empty pixels of the right size and depth. */
  describe(): DecodedImage;
  /**
   * Decodes into memory. sRGB and Display P3 files give their own numbers; wider spaces are converted to Display P3, others and CMYK to
   * sRGB. Grey becomes RGB. Orientation is not applied: it stays in EXIF. Samples of more than 8 bits give 16.
   *
   * @param onStart called when libvips' threads are at work and this one is free
   * @throws INPUT_CORRUPT
   */
  decode(onStart?: () => void): Promise<DecodedImage>;
  /** SHA-256 of the file, 64 hex digits. */
  hash(): Promise<string>;
  /** What the decoder said, as our error. */
  corrupt(error: unknown): ColorshineError;
  /**
   * Whether a failure was one that browsers do not care for: the next decoder takes no notice of it either, but `describe` does.
   *
   * @param error what `corrupt` gave, or the decoder
   */
  forgive(error: unknown): boolean;
  /** @throws INPUT_CORRUPT when a decoder that took no notice should have */
  checkDecoded(): void;
  close(): Promise<void>;
}

export interface OpenOptions extends Omit<ReadingOptions, 'profile'> {
  readonly name?: string;
  /** `numbers`: as they stand in the file, whatever its profile says. */
  readonly profile?: ReadingOptions['profile'] | 'numbers';
}

/**
 * Opens an image file once, whatever becomes of it, or takes its bytes. The caller closes it.
 *
 * @param input a path, or the bytes of a file
 * @param options with `name`: how errors call the image; default: the path
 * @throws INVALID_OPTION, INPUT_NOT_FOUND, INPUT_NOT_A_FILE, INPUT_UNREADABLE, INPUT_UNSUPPORTED, INPUT_CORRUPT, INPUT_TOO_LARGE
 */
export async function openImage(input: string | Buffer, options: OpenOptions = {}): Promise<OpenImage> {
  const { profile, maxPixels, limitName = 'maxPixels' } = options;
  readingOf({ ...options, profile: profile === 'numbers' ? undefined : profile, maxPixels: undefined });
  if (maxPixels !== undefined) READING_CHECKS.maxPixels(maxPixels, limitName);
  const source = typeof input === 'string' ? await openPath(input) : fromBytes(input);
  const name = options.name ?? (typeof input === 'string' ? input : '(buffer)');
  try {
    return await look(source, name, options);
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** `openImage`, decoded. @throws likewise */
export async function decodeImage(input: string | Buffer, options: OpenOptions = {}): Promise<DecodedImage> {
  const image = await openImage(input, options);
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

async function look(source: Source, name: string, options: OpenOptions): Promise<OpenImage> {
  const { failOn } = options;
  const format = sniffFormat(source.readAt(0, MAGIC_BYTES), name);
  const openFor = (settings: object): Sharp => sharp(source.forSharp, { limitInputPixels: false, ...settings });
  let meta: Metadata;
  let inspected: Inspected;
  try {
    meta = await openFor({ failOn: failOn ?? 'error' }).metadata();
    inspected = inspectFile(format, { readAt: source.readAt, length: source.bytes }, meta, name);
  } catch (error) {
    throw corrupt(error, format, name);
  }
  checkLoader(meta.format, format, name);
  const pages = inspected.pages ?? (formatOf(format).isPaged ? (meta.pages ?? 1) : 1);
  const pixels = checkPixelCount(meta, pages, name, options);
  const color = planColor(inspected.color, meta, options.profile);
  const isDeep = meta.depth !== 'uchar';
  let forgiven: readonly string[] | undefined;
  let warnings: string[] = [];

  const openDecoder = (): Sharp => {
    warnings = [];
    const image = openFor({
      failOn: failOn ?? (forgiven ? 'error' : 'warning'),
      ...(formatOf(format).isPaged && { pages: inspected.pages ?? -1 }),
      ...(color.ignoreIcc && { ignoreIcc: true }),
    }).on('warning', (warning: string) => warnings.push(warning));
    // Floats of a grey picture go from 0 to 1, where libvips expects bytes; it has 16 bits by then, and cuts off.
    const scaled = meta.space === 'b-w' && meta.depth === 'float' ? image.linear(255, 0.5) : image;
    return color.apply(scaled).toColourspace(isDeep ? 'rgb16' : 'srgb');
  };

  function describe(): DecodedImage {
    const { delay, loop, orientation, gainMap } = meta;
    const isStripped = options.strip === true;
    const { density, source, notices = [] } = inspected;
    const pageHeight = meta.pageHeight ?? meta.height;
    return {
      format,
      pages,
      pageHeight,
      pixels: {
        data: isDeep ? new Uint16Array(0) : new Uint8Array(0),
        width: meta.width,
        height: pageHeight * pages,
        channels: meta.hasAlpha ? 4 : 3,
        gamut: color.gamut,
      },
      ...(delay && { delay }),
      ...(loop !== undefined && pages > 1 && { loop }),
      ...(orientation !== undefined && orientation > 1 && { orientation }),
      ...(density !== undefined && !isStripped && { density }),
      metadata: takeMetadata(inspected, color, isStripped),
      ...(color.outputProfile && { outputProfile: color.outputProfile }),
      source,
      notices: [
        ...color.notices,
        ...(gainMap ? ['the HDR gain map was left out: it belongs to the original colors'] : []),
        ...notices,
        ...(forgiven ? [describeFlaws(forgiven)] : []),
      ],
    };
  }

  function forgive(error: unknown): boolean {
    const { message } = ((error as Error).cause ?? error) as Error;
    if (failOn !== undefined || forgiven || !isHarmless(message)) return false;
    forgiven = message.split('\n');
    described = undefined;
    return true;
  }

  function checkDecoded(): void {
    const damage = forgiven && warnings.find((warning) => !isHarmless(warning));
    if (damage !== undefined) throw corrupt(new Error(damage), format, name);
  }

  async function decodeOnce(onStart?: () => void): Promise<DecodedImage> {
    const decoding = readRawPixels(openDecoder(), isDeep, color.gamut);
    onStart?.();
    const { pixels, info } = await decoding;
    checkDecoded();
    const converted = color.convertFrom ? await convertPixels(pixels, color.convertFrom, color.gamut) : pixels;
    return { ...cachedDescribe(), pixels: converted, pageHeight: info.height / pages };
  }

  let described: DecodedImage | undefined;
  const cachedDescribe = (): DecodedImage => (described ??= describe());
  return {
    name,
    format,
    meta,
    pages,
    pixels,
    weight: isDeep ? pixels * 2 : pixels,
    needsMemory: color.convertFrom !== undefined || color.outputProfile !== undefined,
    openDecoder,
    describe: cachedDescribe,
    async decode(onStart) {
      try {
        return await decodeOnce(onStart).catch((error: unknown) => {
          if (!forgive(error)) throw error;
          return decodeOnce();
        });
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
    forgive,
    checkDecoded,
    close: source.close,
  };
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

import type { Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { ColorshineError, quote } from '../../core/index.js';
import { formatOfMagic, type InputFormat } from '../image/formats.js';

/** Larger files do not fit a Buffer of Node 20. */
const MAX_FILE_BYTES = 2 ** 32 - 1;
/** Enough to tell the format, or what is there in its place. */
const MAGIC_BYTES = 512;

/**
 * Reads a whole image file. The bytes, not the path, go to libvips: a path may carry its options (`b.jpg[shrink=2]`).
 *
 * @throws INPUT_NOT_FOUND, INPUT_NOT_A_FILE for folders, FIFOs and devices, INPUT_UNREADABLE, INPUT_TOO_LARGE
 */
export async function readInput(path: string): Promise<Buffer> {
  const info = await statInput(path);
  if (info.size > MAX_FILE_BYTES) {
    throw new ColorshineError('INPUT_TOO_LARGE', `${path}: expected a file of at most 4 GiB, got ${info.size} bytes`);
  }
  try {
    return await readFile(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/**
 * Reads an image from a stream to its end. What is no image is refused with its first bytes, an endless stream in time.
 *
 * @param name how errors call it
 * @throws INPUT_UNSUPPORTED, INPUT_TOO_LARGE
 */
export async function readStream(
  stream: AsyncIterable<Uint8Array>,
  name: string,
  maxBytes = MAX_FILE_BYTES,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let isKnown = false;
  for await (const chunk of stream) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxBytes) {
      throw new ColorshineError('INPUT_TOO_LARGE', `${name}: expected at most ${maxBytes} bytes, got more`);
    }
    if (isKnown || bytes < MAGIC_BYTES) continue;
    sniffFormat(Buffer.concat(chunks), name);
    isKnown = true;
  }
  return Buffer.concat(chunks);
}

/** Follows links, opens nothing: opening a FIFO would hang. */
export async function statInput(path: string): Promise<Stats> {
  let info: Stats;
  try {
    info = await stat(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new ColorshineError('INPUT_NOT_FOUND', `${path}: expected an image file, found nothing there`);
    }
    throw unreadable(path, error);
  }
  if (!info.isFile()) {
    throw new ColorshineError('INPUT_NOT_A_FILE', `${path}: expected an image file, got ${kindOf(info)}`);
  }
  return info;
}

/**
 * The format by magic bytes, whatever the name says.
 *
 * @param name how the error calls the input
 * @throws INPUT_UNSUPPORTED
 */
export function sniffFormat(bytes: Uint8Array, name: string): InputFormat {
  const format = formatOfMagic(Buffer.from(bytes.subarray(0, 32)).toString('latin1'));
  if (format) return format;
  const head = Buffer.from(bytes.subarray(0, 256)).toString('latin1').trimStart();
  const given =
    bytes.length === 0 ? 'an empty file' : /^(<\?xml|<svg|<!doctype svg)/i.test(head) ? 'SVG' : describe(bytes);
  throw new ColorshineError(
    'INPUT_UNSUPPORTED',
    `${name}: expected a JPEG, PNG, WebP, GIF, TIFF, AVIF or HEIC image, got ${given}`,
  );
}

function describe(bytes: Uint8Array): string {
  return `a file that starts with ${quote(Buffer.from(bytes.subarray(0, 12)).toString('latin1'))}`;
}

/** What is there instead of a file. */
export function kindOf(info: Stats): string {
  if (info.isDirectory()) return 'a folder';
  if (info.isFIFO()) return 'a FIFO';
  if (info.isSocket()) return 'a socket';
  return 'a device';
}

/** Of whatever was to be opened: the process, or the whole system, may have no more. */
export const OUT_OF_FILES = 'too many open files already; raise ulimit -n';

export function isOutOfFiles(error: unknown): boolean {
  return /EMFILE|ENFILE|too many open files/i.test(String(error));
}

/** What the system says about a file that cannot be read, as our error. */
export function unreadable(path: string, error: unknown): ColorshineError {
  const { code, message } = error as NodeJS.ErrnoException;
  const isForbidden = code === 'EACCES' || code === 'EPERM';
  const reason = isForbidden ? 'no permission to read it' : isOutOfFiles(error) ? OUT_OF_FILES : (code ?? message);
  return new ColorshineError('INPUT_UNREADABLE', `${path}: expected a readable file, got ${reason}`, { cause: error });
}

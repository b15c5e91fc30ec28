import { closeSync, openSync, readSync, statSync } from 'node:fs';

/** Enough to reach the size of nearly every JPEG past its metadata. */
const HEAD_BYTES = 1 << 18;

/**
 * The pixels of a JPEG, PNG or TIFF (first page) by a look at its head, for a guess before anything else is loaded.
 *
 * @returns undefined for other formats, for what is no file, and where the head does not say
 */
export function peekPixels(path: string): number | undefined {
  let fd: number | undefined;
  try {
    if (!statSync(path).isFile()) return undefined; // opening a FIFO would hang
    const file = openSync(path, 'r');
    fd = file;
    const readAt = (at: number, length: number): Buffer => {
      const buffer = Buffer.allocUnsafe(length);
      return buffer.subarray(0, readSync(file, buffer, 0, length, at));
    };
    const head = readAt(0, HEAD_BYTES);
    const order = head.toString('latin1', 0, 2);
    if (order === 'II' || order === 'MM') return peekTiff(readAt, order === 'II');
    if (head.readUInt32BE(0) === 0x89504e47) return head.readUInt32BE(16) * head.readUInt32BE(20);
    return head.readUInt16BE(0) === 0xffd8 ? peekJpeg(head) : undefined;
  } catch {
    return undefined; // unreadable, or shorter than its own headers: its turn to complain comes later
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Walks to the frame header. @see ITU-T T.81, B.2.2 */
function peekJpeg(head: Buffer): number | undefined {
  for (let at = 2; head[at] === 0xff; at += 2 + head.readUInt16BE(at + 2)) {
    const marker = head[at + 1] as number;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return head.readUInt16BE(at + 5) * head.readUInt16BE(at + 7);
  }
  return undefined;
}

/** Width and height of the first page, of classic and big TIFF. */
function peekTiff(readAt: (at: number, length: number) => Buffer, little: boolean): number | undefined {
  const u16 = (at: number): number => readAt(at, 2)[little ? 'readUInt16LE' : 'readUInt16BE'](0);
  const u32 = (at: number): number => readAt(at, 4)[little ? 'readUInt32LE' : 'readUInt32BE'](0);
  const u64 = (at: number): number => Number(readAt(at, 8)[little ? 'readBigUInt64LE' : 'readBigUInt64BE'](0));
  const isBig = u16(2) === 43;
  const directory = isBig ? u64(8) : u32(4);
  const [firstEntry, entryBytes, valueAt] = isBig ? [8, 20, 12] : [2, 12, 8];
  const sides: number[] = [];
  // Entries are sorted by tag; width and height are among the first.
  for (let i = 0; i < 4 && sides.length < 2; i++) {
    const entry = directory + firstEntry + entryBytes * i;
    const tag = u16(entry);
    if (tag !== TIFF_WIDTH && tag !== TIFF_HEIGHT) continue;
    sides.push(u16(entry + 2) === TIFF_SHORT ? u16(entry + valueAt) : u32(entry + valueAt));
  }
  const [width, height] = sides;
  return width === undefined || height === undefined ? undefined : width * height;
}

const TIFF_WIDTH = 256;
const TIFF_HEIGHT = 257;
const TIFF_SHORT = 3;

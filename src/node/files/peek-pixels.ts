import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { viewOf } from '../../codec/bytes.js';
import { isFrameStart, jpegSegments } from '../../codec/jpeg-segments.js';
import { openTiff, type ReadAt, TIFF } from '../../codec/tiff-directories.js';
import { FORMATS } from '../image/formats.js';

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
    if (FORMATS.tiff.magic.test(head.toString('latin1', 0, 4))) return peekTiff(readAt);
    if (head.readUInt32BE(0) === 0x89504e47) return head.readUInt32BE(16) * head.readUInt32BE(20);
    return head.readUInt16BE(0) === 0xffd8 ? peekJpeg(head) : undefined;
  } catch {
    return undefined; // unreadable, or shorter than its own headers: its turn to complain comes later
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function peekJpeg(head: Uint8Array): number | undefined {
  for (const { marker, data } of jpegSegments(head)) {
    if (isFrameStart(marker)) return viewOf(data).getUint16(1) * viewOf(data).getUint16(3);
  }
  return undefined;
}

function peekTiff(readAt: ReadAt): number | undefined {
  const tiff = openTiff(readAt);
  const [page] = tiff?.pages(1) ?? [];
  const [width, height] = [TIFF.width, TIFF.height].map((tag) => tiff?.numbers(page?.entries.get(tag))[0]);
  return width === undefined || height === undefined ? undefined : width * height;
}

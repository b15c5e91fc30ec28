import type { FileHandle } from 'node:fs/promises';

/** A single write may end early without an error, on a disk that is nearly full. @param position default: where the last write ended */
export async function writeAll(file: FileHandle, bytes: Uint8Array, position?: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const length = Math.min(bytes.length - at, 1 << 30);
    const place = position === undefined ? null : position + at;
    at += (await file.write(bytes, at, length, place)).bytesWritten;
  }
}

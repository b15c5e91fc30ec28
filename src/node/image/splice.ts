import { type FileHandle, open } from 'node:fs/promises';
import { writeAll } from '../files/write-all.js';

/** Other bytes for a file's beginning, and more behind its end. */
export interface Splice {
  /** Bytes that `head` takes the place of. */
  readonly drop: number;
  readonly head: Uint8Array;
  readonly tail?: Uint8Array;
}

/** @param start of the file, as far as `START_BYTES` */
export type Finish = (start: Uint8Array, fileBytes: number) => Splice;

/** More than an encoder writes before the pixels. */
const START_BYTES = 1 << 20;
/** Moved at once. */
const PIECE_BYTES = 1 << 20;

export function finishBuffer(data: Buffer, finish: Finish | undefined): Buffer {
  if (!finish) return data;
  const { drop, head, tail } = finish(data.subarray(0, START_BYTES), data.length);
  return Buffer.concat([head, data.subarray(drop), ...(tail ? [tail] : [])]);
}

/** Changes a file in place: what follows the beginning is moved, in little memory. */
export async function finishFile(path: string, finish: Finish | undefined): Promise<void> {
  if (!finish) return;
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    const { drop, head, tail } = finish(await readExactly(file, 0, Math.min(size, START_BYTES)), size);
    const shift = head.length - drop;
    if (shift > 0) await moveUp(file, drop, size, shift);
    else if (shift < 0) await moveDown(file, drop, size, -shift);
    await writeAll(file, head, 0);
    if (tail) await writeAll(file, tail, size + shift);
  } finally {
    await file.close();
  }
}

/** From the end, since the places overlap. */
async function moveUp(file: FileHandle, begin: number, end: number, by: number): Promise<void> {
  for (let to = end; to > begin; ) {
    const from = Math.max(begin, to - PIECE_BYTES);
    await writeAll(file, await readExactly(file, from, to - from), from + by);
    to = from;
  }
}

async function moveDown(file: FileHandle, begin: number, end: number, by: number): Promise<void> {
  for (let from = begin; from < end; from += PIECE_BYTES) {
    await writeAll(file, await readExactly(file, from, Math.min(PIECE_BYTES, end - from)), from - by);
  }
  await file.truncate(end - by);
}

async function readExactly(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(buffer, done, length - done, at + done);
    if (bytesRead === 0) throw new Error('a file that was just written ends early');
    done += bytesRead;
  }
  return buffer;
}

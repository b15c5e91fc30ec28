import { readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Sharp } from 'sharp';
import { type CountedColors, createColorCounter, type Gamut, type Pixels } from '../../core/index.js';
import type { LentMemory, LentTable } from '../engine.js';
import { releaseTemp, reserveTemp } from '../files/temp.js';
import { readVipsHeader, VIPS_HEADER_BYTES } from './vips-file.js';

/** Where pixels and counts go; of an engine. */
export interface CountingMemory {
  borrowTable(): Promise<LentTable>;
  borrowMemory(bytes: number): LentMemory;
}

/** An 8-bit picture that was counted while libvips decoded it. */
export interface FollowedPicture {
  readonly pixels: Pixels;
  readonly counted: CountedColors;
  /** Gives pixels and table back to where they were borrowed; neither may be used afterwards. */
  release(): void;
}

/** Bytes that are read and counted in one go; a multiple of 12, so that pieces are whole groups of pixels. */
const PIECE_BYTES = 12 * 65_536;
const POLL_MS = 1;
/** Rows that are compared in the end. */
const PROBES = 64;

/**
 * Decodes and counts at the same time: sharp gives pixels only when all are decoded, but it writes a `.v` file row by row
 * as it goes, and whoever reads behind it has the census a moment after the last row. On two cores this hides the census of a
 * JPEG behind its decoding.
 *
 * @returns undefined when the pixels are not 8-bit RGB or RGBA, or libvips did not write them in order: decode as usual then
 * @throws what sharp throws
 */
export async function followDecoder(
  pipeline: Sharp,
  gamut: Gamut,
  memory: CountingMemory,
): Promise<FollowedPicture | undefined> {
  const path = reserveTemp(undefined, 'v');
  const decoder = { isDone: false };
  const decoding = pipeline.toFile(path).finally(() => {
    decoder.isDone = true;
  });
  decoding.catch(() => undefined); // looked at when the reader has seen the end
  try {
    const file = await openWhenThere(path, decoder);
    try {
      return file && (await follow(file, decoder, gamut, memory));
    } finally {
      await file?.close();
      await decoding;
    }
  } finally {
    await decoding.catch(() => undefined); // nothing may write to the file after it is deleted
    await releaseTemp(path);
  }
}

async function follow(
  file: FileHandle,
  decoder: { readonly isDone: boolean },
  gamut: Gamut,
  memory: CountingMemory,
): Promise<FollowedPicture | undefined> {
  const head = new Uint8Array(VIPS_HEADER_BYTES);
  if (!(await readFully(file, head, decoder))) return undefined;
  const header = readVipsHeader(head);
  if (!header) return undefined;
  const { width, height, channels } = header;
  const pixels = memory.borrowMemory(width * height * channels);
  const { table, giveBack } = await memory.borrowTable();
  const { bytes } = pixels;
  const counter = createColorCounter(channels, table);
  let read = 0;
  let counted = 0;
  while (read < bytes.length) {
    const wasDone = decoder.isDone;
    const got = readSync(file.fd, bytes, read, Math.min(bytes.length - read, PIECE_BYTES), VIPS_HEADER_BYTES + read);
    read += got;
    if (got === 0) {
      if (wasDone) return undefined;
      await setTimeout(POLL_MS);
      continue;
    }
    const end = read === bytes.length ? read : read - (read % 12);
    counter.add(bytes.subarray(counted, end));
    counted = end;
    await setImmediate();
  }
  const census = counter.finish();
  while (!decoder.isDone) await setTimeout(POLL_MS);
  if (!isUnchanged(file.fd, bytes)) return undefined;
  return {
    pixels: { data: bytes, width, height, channels, gamut },
    counted: { census, table },
    release() {
      giveBack(census.colors);
      pixels.giveBack();
    },
  };
}

/** Whether what was read early still stands in the file: a libvips that filled it in another order would show here. */
function isUnchanged(fd: number, bytes: Uint8Array): boolean {
  const probe = new Uint8Array(256);
  for (let i = 0; i <= PROBES; i++) {
    const at = Math.floor(((bytes.length - probe.length) * i) / PROBES);
    readSync(fd, probe, 0, probe.length, VIPS_HEADER_BYTES + at);
    if (Buffer.compare(probe, bytes.subarray(at, at + probe.length)) !== 0) return false;
  }
  return true;
}

async function openWhenThere(path: string, decoder: { readonly isDone: boolean }): Promise<FileHandle | undefined> {
  for (;;) {
    const wasDone = decoder.isDone;
    try {
      return await open(path, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || wasDone) return undefined;
      await setTimeout(POLL_MS);
    }
  }
}

async function readFully(file: FileHandle, into: Uint8Array, decoder: { readonly isDone: boolean }): Promise<boolean> {
  for (;;) {
    const wasDone = decoder.isDone;
    if (readSync(file.fd, into, 0, into.length, 0) === into.length) return true;
    if (wasDone) return false;
    await setTimeout(POLL_MS);
  }
}

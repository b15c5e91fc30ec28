import { deflateSync } from 'node:zlib';
import { makePngChunk, type PngChunk, readPngChunks } from '../../src/codec/png-chunks.js';

/** Puts chunks behind a PNG's header. */
export function withChunks(
  png: Buffer,
  ...chunks: readonly (readonly [type: string, data: Uint8Array | string])[]
): Buffer {
  const made = chunks.map(([type, data]) => makePngChunk(type, Buffer.from(data as string, 'latin1')));
  return Buffer.concat([png.subarray(0, 33), ...made, png.subarray(33)]);
}

export function withProfile(png: Buffer, icc: Uint8Array): Buffer {
  return withChunks(png, ['iCCP', Buffer.concat([Buffer.from('x\0\0'), deflateSync(icc)])]);
}

/** The data of a kind of chunk, one text each. */
export function chunksOf(png: Uint8Array, type: string): string[] {
  const found: PngChunk[] = readPngChunks(png).filter((chunk) => chunk.type === type);
  return found.map(({ data }) => Buffer.from(data).toString('latin1'));
}

import { setImmediate } from 'node:timers/promises';
import { deflateRows } from '../../../codec/png/deflate-rows.js';
import type { PngKernel } from '../../../codec/png/kernel.js';
import type { PngRows } from '../../../codec/png/png-rows.js';
import { fillHeader, splitAtPixels, toChunk } from './template.js';

/**
 * An 8-bit RGB or RGBA picture as a PNG, by the kernel. Everything but the pixels comes from a template.
 *
 * @param kernel for `countPieceRows` rows
 * @param template a whole PNG with the same channels and the wanted metadata, of any size
 * @returns the file in parts, in order, each in memory of its own; between them others have their turn
 */
export async function* encodeRuns(
  picture: PngRows,
  kernel: PngKernel,
  template: Buffer,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { before, after } = splitAtPixels(template);
  yield fillHeader(before, picture);
  // One part a chunk: each write to a file is a trip to the thread pool.
  for await (const part of deflateRows(picture, kernel, setImmediate)) yield toChunk('IDAT', part);
  yield after;
}

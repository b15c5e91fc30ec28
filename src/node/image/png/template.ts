/** PNG files made from a whole one with the same metadata. */
import { crc32 } from 'node:zlib';

/** Signature, and the length, type, 13 bytes and checksum of IHDR. */
const HEADER_END = 8 + 25;
/** Bytes of IHDR. */
const AT = { width: 16, height: 20, bitDepth: 24, colorType: 25 } as const;
/** Color type 3: pixels are places in a palette. */
const INDEXED = 3;

/** Cuts out the IDAT chunks. @see PNG third edition, section 5.3 */
export function splitAtPixels(png: Buffer): { before: Buffer; after: Buffer } {
  let begin = 0;
  for (let at = 8; ; ) {
    const length = png.readUInt32BE(at);
    const isPixels = png.toString('latin1', at + 4, at + 8) === 'IDAT';
    if (isPixels && begin === 0) begin = at;
    if (!isPixels && begin > 0) return { before: png.subarray(0, begin), after: png.subarray(at) };
    at += 12 + length;
  }
}

/** Bytes of the IDAT chunks. */
export function countPixelBytes(png: Buffer): number {
  const { before, after } = splitAtPixels(png);
  return png.length - before.length - after.length;
}

/** @param before of a template @param bitDepth of an indexed picture; undefined: the template's own kind */
export function fillHeader(
  before: Buffer,
  { width, height }: { readonly width: number; readonly height: number },
  bitDepth?: number,
): Buffer {
  const header = Buffer.from(before);
  header.writeUInt32BE(width, AT.width);
  header.writeUInt32BE(height, AT.height);
  if (bitDepth !== undefined) {
    header.writeUInt8(bitDepth, AT.bitDepth);
    header.writeUInt8(INDEXED, AT.colorType);
  }
  header.writeUInt32BE(crc32(header.subarray(12, HEADER_END - 4)), HEADER_END - 4);
  return header;
}

/** @param type four letters */
export function toChunk(type: string, data: Uint8Array): Buffer {
  const chunk = Buffer.allocUnsafe(data.length + 12);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  chunk.set(data, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, data.length + 8)), data.length + 8);
  return chunk;
}

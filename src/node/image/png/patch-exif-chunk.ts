import { crc32 } from 'node:zlib';
import { patchExifSize } from '../exif-size.js';

/**
 * Writes a picture's size into the EXIF chunk of a PNG, if there is one.
 *
 * @param png whole; changed in place
 * @see PNG third edition, section 11.3.4.5
 */
export function patchExifChunk(png: Buffer, size: { readonly width: number; readonly height: number }): void {
  for (let at = 8; at + 12 <= png.length; ) {
    const end = at + 8 + png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'eXIf') {
      patchExifSize(png.subarray(at + 8, end), size);
      png.writeUInt32BE(crc32(png.subarray(at + 4, end)), end);
    }
    at = end + 4;
  }
}

import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import type { DecodedImage } from './decode.js';
import { openRaw } from './encode.js';

/** End of the PNG signature and the IHDR chunk: where further chunks may begin. */
const AFTER_HEADER = 33;

/**
 * A sharp instance over recolored pixels that carries profile and metadata in memory, so that the caller's own
 * `keepMetadata()` and color conversions work as on any opened image. Raw input cannot carry them, a PNG can:
 * it is stored, not compressed.
 */
export async function openCarrier(image: DecodedImage): Promise<Sharp> {
  if (image.blobs.size === 0 || image.pages > 1) return openRaw(image);
  const is16Bit = image.pixels.data instanceof Uint16Array;
  const pipeline = is16Bit ? openRaw(image).toColourspace('rgb16') : openRaw(image);
  const png = await pipeline.png({ compressionLevel: 0 }).toBuffer();
  const chunks = [...image.blobs].map(([name, bytes]) => toChunk(name, bytes)).filter((chunk) => chunk !== undefined);
  return sharp(Buffer.concat([png.subarray(0, AFTER_HEADER), ...chunks, png.subarray(AFTER_HEADER)]), {
    limitInputPixels: false,
  });
}

/** @see PNG third edition, sections 11.3.2.3 (iCCP), 11.3.3.4 (iTXt), 11.3.4.5 (eXIf) */
function toChunk(name: string, bytes: Uint8Array): Buffer | undefined {
  switch (name) {
    case 'icc-profile-data':
      return makeChunk('iCCP', Buffer.concat([Buffer.from('icc\0\0', 'latin1'), deflateSync(bytes)]));
    case 'exif-data': {
      // libvips keeps the JPEG form with its six-byte prefix; eXIf begins with the TIFF header.
      const hasPrefix = Buffer.from(bytes.subarray(0, 4)).toString('latin1') === 'Exif';
      return makeChunk('eXIf', Buffer.from(hasPrefix ? bytes.subarray(6) : bytes));
    }
    case 'xmp-data':
      return makeChunk('iTXt', Buffer.concat([Buffer.from('XML:com.adobe.xmp\0\0\0\0\0', 'latin1'), bytes]));
    default:
      return undefined; // PNG has no place for IPTC and Photoshop blocks
  }
}

function makeChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(data.length, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}

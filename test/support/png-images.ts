import { deflateSync } from 'node:zlib';
import { createRandom } from '../../scripts/random.js';
import { makePngChunk, PNG_SIGNATURE } from '../../src/codec/png-chunks.js';

/** RGBA noise, every alpha from 0 to 255, colors under alpha 0 included. */
export function makeTranslucentNoise(width: number, height: number, seed = 1): Uint8Array {
  const random = createRandom(seed);
  return Uint8Array.from({ length: width * height * 4 }, () => Math.floor(random() * 256));
}

/** A smooth, photo-like picture with grain, opaque RGBA: about as many distinct colors as a photograph of its size, or more. */
export function makePhotoLike(width: number, height: number, seed = 1): Uint8Array {
  const random = createRandom(seed);
  const phases = Array.from({ length: 9 }, () => random() * 7);
  const data = new Uint8Array(width * height * 4);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      const u = (x / width) * 6;
      const v = (y / height) * 6;
      const grain = (random() - 0.5) * 16;
      for (let k = 0; k < 3; k++) {
        const wave =
          Math.sin(u * (k + 1) + (phases[k * 3] as number)) +
          Math.sin(v * (2 - k / 2) + (phases[k * 3 + 1] as number)) +
          0.5 * Math.sin((u + v) * 2.3 + (phases[k * 3 + 2] as number));
        data[at + k] = Math.max(0, Math.min(255, 128 + wave * 45 + grain));
      }
      data[at + 3] = 255;
    }
  }
  return data;
}

/** A PNG written by Node's own zlib, unfiltered: independent of the encoder under test. */
export function writePng(
  rows: Uint8Array,
  options: {
    readonly width: number;
    readonly height: number;
    readonly bitDepth?: number;
    readonly colorType?: number;
    readonly chunks?: readonly { type: string; data: Uint8Array }[];
  },
): Buffer {
  const { width, height, bitDepth = 8, colorType = 6, chunks = [] } = options;
  const rowBytes = rows.length / height;
  const raw = Buffer.alloc(rows.length + height);
  for (let y = 0; y < height; y++) raw.set(rows.subarray(y * rowBytes, (y + 1) * rowBytes), y * (rowBytes + 1) + 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bitDepth, colorType], 8);
  return Buffer.concat([
    PNG_SIGNATURE,
    makePngChunk('IHDR', header),
    ...chunks.map(({ type, data }) => makePngChunk(type, data)),
    makePngChunk('IDAT', deflateSync(raw)),
    makePngChunk('IEND', new Uint8Array(0)),
  ]);
}

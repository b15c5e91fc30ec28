import sharp from 'sharp';
import type { Packers, PngSlice } from '../../../codec/png/choose-way.js';
import { countPixelBytes } from './template.js';

/** What sharp is told for its two ways. A higher level takes twice the time for filtered rows and gains a percent. */
export const SHARP_WAYS = {
  filtered: { adaptiveFiltering: true, compressionLevel: 4 },
  plain: { adaptiveFiltering: false, compressionLevel: 6 },
} as const;

/** Bytes depend on sharp's version alone. */
export const SHARP_PACKERS: Packers = {
  filtered: (slice) => packBySharp(slice, 'filtered'),
  plain: (slice) => packBySharp(slice, 'plain'),
};

async function packBySharp({ data, width, height, channels }: PngSlice, way: keyof typeof SHARP_WAYS): Promise<number> {
  const pipeline = sharp(data, { raw: { width, height, channels } });
  return countPixelBytes(await pipeline.png({ ...SHARP_WAYS[way], progressive: false }).toBuffer());
}

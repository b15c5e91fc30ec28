import sharp from 'sharp';
import { indexedRowBytes, indexRows, type Palette, writePalette } from '../../../codec/png/palette.js';
import type { PngRows } from '../../../codec/png/png-rows.js';
import { fillHeader, splitAtPixels, toChunk } from './template.js';

/** zlib's: pictures with a palette are made to be small, and have few bytes. */
const LEVEL = 9;

/**
 * A picture as an indexed PNG. sharp compresses it, so that the bytes depend on its version alone: it writes the packed rows as those of a
 * gray picture that is as wide as a row has bytes, since a PNG's pixels are compressed without regard to what they mean.
 *
 * @param palette what `findPalette` gave
 * @param template a whole PNG with the wanted metadata, of any size and kind
 * @returns the file in parts, in order
 */
export async function* encodeIndexedPng(
  picture: PngRows,
  palette: Palette,
  template: Buffer,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { before, after } = splitAtPixels(template);
  yield fillHeader(before, picture, palette.bitDepth);
  const { plte, trns } = writePalette(palette);
  yield toChunk('PLTE', plte);
  if (trns.length > 0) yield toChunk('tRNS', trns);
  const width = indexedRowBytes(picture, palette);
  const { height } = picture;
  const gray = await sharp(await indexRows(picture, palette), {
    limitInputPixels: false,
    raw: { width, height, channels: 1 },
  })
    .toColourspace('b-w')
    .png({ compressionLevel: LEVEL, adaptiveFiltering: false, palette: false, progressive: false })
    .toBuffer();
  const cut = splitAtPixels(gray);
  yield gray.subarray(cut.before.length, gray.length - cut.after.length);
  yield after;
}

import type { DecodedImage } from '../image/decode.js';
import { type EncodeOptions, weighPixels } from '../image/encode.js';
import { settleOrientation } from '../image/encode-image.js';
import { measureFitted } from '../image/fit.js';
import { formatOf } from '../image/formats.js';
import { LARGE_PIXELS } from '../image/large-pixels.js';

/** Where a large image's memory cannot be bounded, and what is written otherwise than it was read, one sentence each. */
export function memoryNotices(image: DecodedImage, asked: EncodeOptions): string[] {
  const notices: string[] = [];
  if (weighPixels(image.pixels) <= LARGE_PIXELS) return notices;
  const options = settleOrientation(image, asked);
  const { format } = options;
  const isLargeOutput = weighPixels({ ...image.pixels, ...measureFitted(image, options) }) * image.pages > LARGE_PIXELS;
  const name = image.format.toUpperCase();
  if (image.source.progressive) {
    notices.push(`a progressive or interlaced ${name} is decoded as a whole: memory grows with the image`);
    if (format === image.format && isLargeOutput)
      notices.push(`written without interlacing, which would hold the whole image in memory`);
  }
  if (formatOf(image.format).isWhole) notices.push(`${name} is decoded as a whole: memory grows with the image`);
  if (options.upright && image.orientation !== undefined) {
    const why = asked.upright ? '' : `, since ${format} would lose the orientation`;
    notices.push(`turned upright as a whole${why}: memory grows with the image`);
  }
  if (!isLargeOutput) return notices;
  if (formatOf(format).isWhole) notices.push(`${format} is encoded as a whole: memory grows with the image`);
  else if (image.pages > 1) notices.push('pages are encoded as a whole: memory grows with the image');
  else if (image.source.palette && format === 'png') {
    notices.push('a palette is packed as a whole: memory grows with the image, by a byte a pixel');
  }
  return notices;
}

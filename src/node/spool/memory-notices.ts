import type { DecodedImage } from '../image/decode.js';
import { settleOrientation, weighPixels } from '../image/encode.js';
import type { OutputFormat } from '../image/format-names.js';
import { LARGE_PIXELS } from '../image/large-pixels.js';

/** Their decoders and encoders work on the whole image. */
const WHOLE_FORMATS: ReadonlySet<string> = new Set(['webp', 'avif', 'heic', 'gif']);

/** Where a large image's memory cannot be bounded, and what is written otherwise than it was read, one sentence each. */
export function memoryNotices(image: DecodedImage, output: OutputFormat): string[] {
  const notices: string[] = [];
  if (weighPixels(image.pixels) <= LARGE_PIXELS) return notices;
  const name = image.format.toUpperCase();
  if (image.source.progressive) {
    notices.push(`a progressive or interlaced ${name} is decoded as a whole: memory grows with the image`);
    if (output === image.format)
      notices.push(`written without interlacing, which would hold the whole image in memory`);
  }
  if (WHOLE_FORMATS.has(image.format)) notices.push(`${name} is decoded as a whole: memory grows with the image`);
  if (WHOLE_FORMATS.has(output)) notices.push(`${output} is encoded as a whole: memory grows with the image`);
  else if (image.pages > 1) notices.push('pages are encoded as a whole: memory grows with the image');
  if (settleOrientation(image, { format: output }).upright) {
    notices.push(`turned upright as a whole, since ${output} would lose the orientation: memory grows with the image`);
  }
  return notices;
}

import { ColorshineError } from '../../core/index.js';
import type { DecodedImage } from './decode.js';
import { formatOf, type OutputFormat } from './formats.js';

/**
 * Whether a format can hold a picture: asked before the work, so that nobody waits for what cannot be written.
 *
 * @param name how the error calls the output
 * @throws OUTPUT_UNSUPPORTED for more pages or pixels than the format holds
 */
export function checkFits(image: DecodedImage, output: OutputFormat, name: string): void {
  checkPages(image, output, name);
  const { pixels, pageHeight } = image;
  const longest = formatOf(output).longestSide;
  if (longest === undefined || Math.max(pixels.width, pageHeight) <= longest) return;
  throw new ColorshineError(
    'OUTPUT_UNSUPPORTED',
    `${name}: expected at most ${longest} pixels a side for ${output}, got ${pixels.width} x ${pageHeight}`,
  );
}

/** @throws OUTPUT_UNSUPPORTED for more pages than the format holds */
export function checkPages({ pages, format }: DecodedImage, output: OutputFormat, name: string): void {
  if (pages === 1 || formatOf(output).isPaged) return;
  throw new ColorshineError(
    'OUTPUT_UNSUPPORTED',
    `${name}: expected webp, gif or tiff for a ${format.toUpperCase()} with ${pages} pages, got ${output}`,
  );
}

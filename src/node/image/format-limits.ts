import { ColorshineError } from '../../core/index.js';
import type { DecodedImage } from './decode.js';
import type { OutputFormat } from './format-names.js';

/** Longest side of a picture in pixels, by format; the others end beyond what fits memory. */
const LONGEST_SIDE: Partial<Record<OutputFormat, number>> = { jpeg: 65_500, webp: 16_383, gif: 65_535, avif: 16_384 };

/**
 * Whether a format can hold a picture: asked before the work, so that nobody waits for what cannot be written.
 *
 * @param name how the error calls the output
 * @throws OUTPUT_UNSUPPORTED for more pages or pixels than the format holds
 */
export function checkFits(image: DecodedImage, output: OutputFormat, name: string): void {
  checkPages(image, output, name);
  const { pixels, pageHeight } = image;
  const longest = LONGEST_SIDE[output];
  if (longest === undefined || Math.max(pixels.width, pageHeight) <= longest) return;
  throw new ColorshineError(
    'OUTPUT_UNSUPPORTED',
    `${name}: expected at most ${longest} pixels a side for ${output}, got ${pixels.width} x ${pageHeight}`,
  );
}

/** @throws OUTPUT_UNSUPPORTED for more pages than the format holds */
export function checkPages({ pages, format }: DecodedImage, output: OutputFormat, name: string): void {
  const holdsPages = output === 'webp' || output === 'gif' || output === 'tiff';
  if (pages === 1 || holdsPages) return;
  throw new ColorshineError(
    'OUTPUT_UNSUPPORTED',
    `${name}: expected webp, gif or tiff for a ${format.toUpperCase()} with ${pages} pages, got ${output}`,
  );
}

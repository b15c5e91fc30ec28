import type { Metadata } from 'sharp';
import { ColorshineError, type Pixels } from '../../core/index.js';
import { isOutOfFiles, unreadable } from '../files/input.js';
import type { InputFormat } from './formats.js';
import type { SourceOptions } from './inspect.js';
import { DEFAULT_MAX_PIXELS } from './large-pixels.js';
import type { ImageMetadata } from './metadata.js';
import type { ReadingOptions } from './reading-options.js';

/** A decoded file: pixels in the numbers of the gamut they are in, and what is needed to write its like again. */
export interface DecodedImage {
  readonly format: InputFormat;
  /** All pages, one below the other. */
  readonly pixels: Pixels;
  readonly pages: number;
  readonly pageHeight: number;
  readonly delay?: readonly number[];
  readonly loop?: number;
  /** EXIF's, 2 to 8, when the picture is to be shown turned or mirrored. */
  readonly orientation?: number;
  /** Pixels an inch, when the file says. */
  readonly density?: number;
  /** What is true of the new pixels too. */
  readonly metadata: ImageMetadata;
  /** To be written in: the numbers are converted to it at the end. Default: the gamut they are in. */
  readonly outputProfile?: Uint8Array;
  readonly source: SourceOptions;
  /** What was changed or left out, one sentence each. */
  readonly notices: readonly string[];
}

/** @throws INPUT_TOO_LARGE. @returns pixels over all pages */
export function checkPixelCount(
  meta: Metadata,
  pages: number,
  name: string,
  { maxPixels = DEFAULT_MAX_PIXELS, limitName = 'maxPixels' }: Pick<ReadingOptions, 'maxPixels' | 'limitName'>,
): number {
  const count = meta.width * (meta.pageHeight ?? meta.height) * pages;
  if (count <= maxPixels) return count;
  throw new ColorshineError(
    'INPUT_TOO_LARGE',
    `${name}: expected at most ${maxPixels} pixels, got ${count} (${meta.width} x ${meta.height}${pages > 1 ? ` x ${pages} pages` : ''}); raise it with ${limitName}`,
  );
}

/** What libvips and glib say when the machine is to blame and not the picture. */
const SHORTAGE = /out of memory|unable to allocate|error creating thread/i;

/** What sharp says of a file that it cannot decode, as our error; our own errors stay what they are. */
export function corrupt(error: unknown, format: InputFormat, name: string): ColorshineError {
  if (error instanceof ColorshineError) return error;
  const reason = (error as Error).message.split('\n')[0] ?? '';
  if (isOutOfFiles(reason)) return unreadable(name, error);
  if (SHORTAGE.test(reason)) {
    const message = `${name}: expected memory and threads enough to decode it, got a refusal (${reason})`;
    return new ColorshineError('INPUT_UNREADABLE', message, { cause: error });
  }
  return new ColorshineError(
    'INPUT_CORRUPT',
    `${name}: expected an intact ${format.toUpperCase()} image, got one that cannot be decoded (${reason})`,
    { cause: error },
  );
}

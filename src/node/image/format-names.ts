import { extname } from 'node:path';
import { oneOf, whole } from '../../core/check-options.js';
import { ColorshineError } from '../../core/errors.js';
import { formatOf, OUTPUT_FORMATS, type OutputFormat } from './formats.js';

export type { OutputFormat } from './formats.js';
/** Formats that can be written, with the file extension each one gets. */
export const OUTPUT_EXTENSIONS = Object.fromEntries(
  OUTPUT_FORMATS.map((format) => [format, formatOf(format).extensions[0]]),
) as Readonly<Record<OutputFormat, string>>;
/** Of lossy formats. */
export const QUALITY_RANGE = { min: 1, max: 100 } as const;

/** Checks of the options that say how an image is written. */
export const FORMAT_CHECKS = {
  format: oneOf(Object.keys(OUTPUT_EXTENSIONS)),
  quality: whole(QUALITY_RANGE),
} as const;

/** File extensions to formats. */
const EXTENSIONS: Readonly<Record<string, OutputFormat>> = Object.fromEntries(
  OUTPUT_FORMATS.flatMap((format) => formatOf(format).extensions.map((extension) => [`.${extension}`, format])),
);

/** Every word that `formatFromName` takes, in lower case. */
export const FORMAT_WORDS: readonly string[] = Object.keys(EXTENSIONS).map((extension) => extension.slice(1));
/** Extensions of the images that can be read, in lower case, without the dot. */
export const INPUT_WORDS: readonly string[] = [...FORMAT_WORDS, 'heic', 'heif'];

/** The format an output path asks for; undefined when its extension says nothing. */
export function formatFromPath(path: string): OutputFormat | undefined {
  return EXTENSIONS[extname(path).toLowerCase()];
}

/** Extensions of image formats that are not written. */
const OTHER_IMAGES = /^\.(bmp|svg|hei[cf]|jxl|jp2|j2k|psd|pdf|ico|tga|exr|hdr|p[pgbna]m|dng|raw)$/i;

/**
 * The format an output path asks for; undefined when its extension says nothing, or no more than the input's.
 *
 * @throws OUTPUT_UNSUPPORTED for `x.bmp`, in which nobody looks for a JPEG
 */
export function formatForOutput(output: string, input: string): OutputFormat | undefined {
  const extension = extname(output).toLowerCase();
  const isAsInput = extension === extname(input).toLowerCase() && !/^\.hei[cf]$/.test(extension);
  if (!OTHER_IMAGES.test(extension) || isAsInput) return formatFromPath(output);
  throw new ColorshineError(
    'OUTPUT_UNSUPPORTED',
    `${output}: expected a name that ends in .jpg, .png, .webp, .gif, .tif or .avif, got ${extension}`,
  );
}

/** A format as people type it: `jpg`, `JPEG`, `tif`. */
export function formatFromName(name: string): OutputFormat | undefined {
  return EXTENSIONS[`.${name.toLowerCase()}`];
}

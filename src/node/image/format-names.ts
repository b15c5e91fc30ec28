import { extname } from 'node:path';

/** Formats that can be written, with the file extension each one gets. */
export const OUTPUT_EXTENSIONS = {
  jpeg: 'jpg',
  png: 'png',
  webp: 'webp',
  gif: 'gif',
  tiff: 'tif',
  avif: 'avif',
} as const;
export type OutputFormat = keyof typeof OUTPUT_EXTENSIONS;

/** File extensions to formats. */
const EXTENSIONS: Readonly<Record<string, OutputFormat>> = {
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.jpe': 'jpeg',
  '.jfif': 'jpeg',
  '.png': 'png',
  '.webp': 'webp',
  '.gif': 'gif',
  '.tif': 'tiff',
  '.tiff': 'tiff',
  '.avif': 'avif',
};

/** Every word that `formatFromName` takes, in lower case. */
export const FORMAT_WORDS: readonly string[] = Object.keys(EXTENSIONS).map((extension) => extension.slice(1));

/** The format an output path asks for; undefined when its extension says nothing. */
export function formatFromPath(path: string): OutputFormat | undefined {
  return EXTENSIONS[extname(path).toLowerCase()];
}

/** A format as people type it: `jpg`, `JPEG`, `tif`. */
export function formatFromName(name: string): OutputFormat | undefined {
  return EXTENSIONS[`.${name.toLowerCase()}`];
}

import { extname } from 'node:path';
import type { OutputFormat } from './encode.js';

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

/** The format an output path asks for; undefined when its extension says nothing. */
export function formatFromPath(path: string): OutputFormat | undefined {
  return EXTENSIONS[extname(path).toLowerCase()];
}

/** A format as people type it: `jpg`, `JPEG`, `tif`. */
export function formatFromName(name: string): OutputFormat | undefined {
  return EXTENSIONS[`.${name.toLowerCase()}`];
}

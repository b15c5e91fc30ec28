import sharp from 'sharp';
import { ColorshineError } from '../../core/index.js';
import type { InputFormat } from './formats.js';

/**
 * libvips' loaders of the formats that are read, and of its own files, in which pixels go from one of our steps to the next. A
 * libvips that was built with more has loaders that look at what only begins like a TIFF or an HEIC: slides, raw photos,
 * ImageMagick's hundred formats.
 */
const LOADERS = ['Jpeg', 'Uhdr', 'Png', 'Webp', 'Nsgif', 'Tiff', 'Heif', 'Vips'].map(
  (name) => `VipsForeignLoad${name}`,
);

/**
 * Closes all other loaders, in the whole process: for processes that are ours alone, the command line and those that do a
 * queue's tasks. In a host, such as a bundler, other code may want them; there `checkLoader` sees to it.
 */
export function allowOwnLoaders(): void {
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: LOADERS });
}

/** Draws our own SVG in a process where its loader is closed. */
export function allowSvg(): void {
  sharp.unblock({ operation: ['VipsForeignLoadSvg'] });
}

/** sharp's names of the formats that their magic bytes promise. */
const NAMES: Readonly<Record<InputFormat, string>> = {
  jpeg: 'jpeg',
  png: 'png',
  webp: 'webp',
  gif: 'gif',
  tiff: 'tiff',
  avif: 'heif',
  heic: 'heif',
};

/**
 * Makes sure that libvips reads a file as what its first bytes say, before any pixel is decoded.
 *
 * @param found `format` of sharp's metadata
 * @throws INPUT_UNSUPPORTED
 */
export function checkLoader(found: string | undefined, format: InputFormat, name: string): void {
  if (found === NAMES[format]) return;
  throw new ColorshineError(
    'INPUT_UNSUPPORTED',
    `${name}: expected a ${format.toUpperCase()} image, got one that libvips takes for ${found ?? 'none'}`,
  );
}

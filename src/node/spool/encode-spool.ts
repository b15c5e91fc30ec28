import { readSync } from 'node:fs';
import sharp, { type Raw, type Sharp } from 'sharp';
import { releaseTemp, reserveScratch } from '../files/temp.js';
import { onTempFile } from '../files/temp-trouble.js';
import { writeAll } from '../files/write-all.js';
import type { DecodedImage } from '../image/decode.js';
import {
  applyFormat,
  type EncodeOptions,
  isOwnPng,
  keepMetadata,
  openOwnPng,
  reshape,
  settleOrientation,
  toVipsImage,
} from '../image/encode.js';
import { fileTarget } from '../image/encode-target.js';
import { frameAsTiff } from '../image/tiff-frame.js';
import { VIPS_HEADER_BYTES, vipsHeader, vipsTrailer, writeVipsFile } from '../image/vips-file.js';
import { readPosition } from './read-position.js';
import type { SpoolFile } from './spool-file.js';

/** sharp takes the options of any input here; its types know only `raw`. */
const UNLIMITED = { limitInputPixels: false } as unknown as { raw: Raw };

/** A spooled image ready to be encoded. */
export interface SpoolEncoder {
  /** Writes the file. */
  run(path: string): Promise<void>;
  /** Makes `run` fail soon: sharp has no other way to stop. */
  stop(): Promise<void>;
  /** Share of the pixels that have been encoded, where it can be told. */
  share(): Promise<number | undefined>;
  release(): Promise<void>;
}

/**
 * Opens the encoder on a recolored spool, with the metadata and the ways of its source; the bytes are those of `encodeImage`.
 *
 * The pixels are read as TIFF, because libvips keeps its own format mapped and resident as a whole. TIFF carries no EXIF, so
 * an image with metadata starts from one black pixel in libvips' format that brings all of it, is extended to full size and
 * combined by OR with the pixels.
 *
 * @param image what `LargeFile.describe` gave
 */
export async function openSpoolEncoder(
  spool: SpoolFile,
  image: DecodedImage,
  asked: EncodeOptions,
): Promise<SpoolEncoder> {
  const options = settleOrientation(image, asked);
  const hasMetadata = image.blobs.size > 0 || image.density !== undefined;
  if (options.upright) return openMapped(spool, image, options, hasMetadata);
  const own = isOwnPng(image, options) ? await openPng(spool, image, options) : undefined;
  if (own) return own;
  // Frames are told by metadata of the full height; and white under alpha is laid before images are combined.
  const isMapped = image.pages > 1 || (hasMetadata && options.format === 'jpeg' && spool.channels === 4);
  if (isMapped) return openMapped(spool, image, options, hasMetadata);
  const { header, trailer } = frameAsTiff({ ...spool, pixelsAt: VIPS_HEADER_BYTES });
  await reframe(spool, header, trailer);
  const stop = (): Promise<void> => spool.file.truncate(VIPS_HEADER_BYTES);
  if (!hasMetadata) {
    const pipeline = applyFormat(sharp(spool.path, { limitInputPixels: false }), image, options);
    return { ...sharpEncoder(spool, pipeline), stop, release: async () => undefined };
  }
  const carrier = reserveScratch();
  const { width, height, channels } = spool;
  const one = spool.is16Bit ? new Uint16Array(channels) : new Uint8Array(channels);
  await writeVipsFile(carrier, { ...toVipsImage(image), data: one, width: 1, height: 1, channels });
  const full = sharp(carrier, { limitInputPixels: false })
    .extend({
      right: width - 1,
      bottom: height - 1,
      background: { r: 0, g: 0, b: 0, ...(channels === 4 && { alpha: 0 }) },
    })
    .boolean(spool.path, 'or', UNLIMITED);
  return {
    ...sharpEncoder(spool, applyFormat(keepMetadata(full, image, options), image, options)),
    stop,
    release: () => releaseTemp(carrier),
  };
}

/** The spool as libvips' own file, all of it mapped. */
async function openMapped(
  spool: SpoolFile,
  image: DecodedImage,
  options: EncodeOptions,
  hasMetadata: boolean,
): Promise<SpoolEncoder> {
  const { channels, width, height } = spool;
  const vips = { ...toVipsImage(image), channels, width, height };
  await reframe(spool, vipsHeader(vips), Buffer.from(vipsTrailer(vips)));
  // Without metadata as raw frames are opened: a GIF then plays as often as from memory.
  const isPaged = image.pages > 1 && hasMetadata;
  const opened = sharp(spool.path, { limitInputPixels: false, ...(isPaged && { pages: -1 }) });
  return {
    ...sharpEncoder(spool, applyFormat(reshape(keepMetadata(opened, image, options), image, options), image, options)),
    stop: async () => undefined, // cutting a mapped file would kill the process
    release: async () => undefined,
  };
}

function sharpEncoder(spool: SpoolFile, pipeline: Sharp): Pick<SpoolEncoder, 'run' | 'share'> {
  return { run: (path) => fileTarget(path).fromSharp(pipeline), share: () => readPosition(spool) };
}

/** Compressed by us: the rows are read when they are wanted. @returns undefined when sharp does as well */
async function openPng(
  spool: SpoolFile,
  image: DecodedImage,
  options: EncodeOptions,
): Promise<SpoolEncoder | undefined> {
  const { width, height, channels, rowBytes, file } = spool;
  let buffer = new Uint8Array(0);
  let done = 0;
  let isStopped = false;
  const read = (row: number, count: number): Uint8Array => {
    if (isStopped) throw new Error('stopped');
    const bytes = count * rowBytes;
    if (buffer.length < bytes) buffer = new Uint8Array(bytes);
    for (let at = 0; at < bytes; ) {
      const got = readSync(file.fd, buffer, at, bytes - at, VIPS_HEADER_BYTES + row * rowBytes + at);
      if (got === 0) throw new Error(`${spool.path}: the temporary file ends early`);
      at += got;
    }
    // Slices are looked at first; they lie further down.
    if (row <= done) done = Math.max(done, row + count);
    return buffer.subarray(0, bytes);
  };
  const encode = await openOwnPng(image, { width, height, channels, read }, options);
  return (
    encode && {
      run: (path) => encode(fileTarget(path)),
      share: async () => done / height,
      stop: async () => {
        isStopped = true;
      },
      release: async () => undefined,
    }
  );
}

/** @throws DISK_FULL */
async function reframe({ path, file, bytes }: SpoolFile, header: Uint8Array, trailer: Uint8Array): Promise<void> {
  await onTempFile(path, async () => {
    await file.truncate(VIPS_HEADER_BYTES + bytes);
    await writeAll(file, header, 0);
    await writeAll(file, trailer, VIPS_HEADER_BYTES + bytes);
  });
}

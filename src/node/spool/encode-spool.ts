import { readSync } from 'node:fs';
import sharp, { type Raw } from 'sharp';
import type { PngRows } from '../../codec/png/png-rows.js';
import { throwIfCanceled } from '../../core/errors.js';
import type { Cancel } from '../../core/index.js';
import { releaseTemp, reserveScratch } from '../files/temp.js';
import { onTempFile } from '../files/temp-trouble.js';
import { writeAll } from '../files/write-all.js';
import type { DecodedImage } from '../image/decode.js';
import {
  applyFormat,
  type EncodeOptions,
  finishFor,
  isCarried,
  keepMetadata,
  toVipsImage,
  weighPixels,
} from '../image/encode.js';
import { chooseEncoding, encodeAs } from '../image/encode-fast.js';
import { type Encoded, encodeImage, settleOrientation } from '../image/encode-image.js';
import type { EncodeTarget } from '../image/encode-target.js';
import { isReshaped, measureFitted, readFitted, reshape } from '../image/fit.js';
import { checkFits } from '../image/format-limits.js';
import { LARGE_PIXELS } from '../image/large-pixels.js';
import type { Finish } from '../image/splice.js';
import { frameAsTiff } from '../image/tiff-frame.js';
import { VIPS_HEADER_BYTES, vipsHeader, vipsTrailer, writeVipsFile } from '../image/vips-file.js';
import { readPosition } from './read-position.js';
import { repeatEvery } from './repeat.js';
import type { SpoolFile } from './spool-file.js';

/** sharp takes the options of any input here; its types know only `raw`. */
const UNLIMITED = { limitInputPixels: false } as unknown as { raw: Raw };

export interface SpoolEncodeOptions {
  /** Makes the encoder fail soon: sharp has no other way to stop. */
  readonly signal?: Cancel | undefined;
  /** Called now and then with the share of the pixels that have been encoded, where it can be told. */
  readonly onShare?: ((share: number) => void) | undefined;
}

/** An encoder at work on a spool. */
interface SpoolEncoder<T> {
  run(): Promise<T>;
  stop(): Promise<void>;
  share(): Promise<number | undefined>;
}

/**
 * Encodes a recolored spool, as often as wanted, with the metadata and the ways of its source; the bytes are those of `encodeImage`.
 *
 * @param image what `OpenImage.describe` gave
 * @throws OUTPUT_UNSUPPORTED, DISK_FULL, CANCELED
 */
export async function encodeSpool<T>(
  spool: SpoolFile,
  image: DecodedImage,
  asked: EncodeOptions,
  target: EncodeTarget<T>,
  { signal, onShare }: SpoolEncodeOptions = {},
): Promise<Encoded<T>> {
  const options = settleOrientation(image, asked);
  const size = measureFitted(image, options);
  const isSmall = weighPixels({ ...image.pixels, ...size }) * image.pages <= LARGE_PIXELS;
  if (isReshaped(image, options) && isSmall) {
    const opened = await openReshaped(spool, image, options);
    return encodeImage(await readFitted(opened, image, options), { ...options, upright: false, size: {} }, target);
  }
  checkFits({ ...image, pixels: { ...image.pixels, ...size }, pageHeight: size.height }, options.format, 'format');
  const encoder = await openEncoder(spool, image, options, target);
  let isStopped = false;
  const look = async (): Promise<number | undefined> => {
    if (signal?.aborted && !isStopped) {
      isStopped = true;
      await encoder.stop();
    }
    return encoder.share();
  };
  const stopLooking = repeatEvery(look, (share) => share !== undefined && onShare?.(share));
  try {
    const result = await encoder.run();
    throwIfCanceled(signal); // it may have been stopped so late that it did not notice
    return { result, ...size };
  } catch (error) {
    throwIfCanceled(signal); // stopped: its own error would blame the temporary file
    throw error;
  } finally {
    stopLooking();
  }
}

async function openEncoder<T>(
  spool: SpoolFile,
  image: DecodedImage,
  options: EncodeOptions,
  target: EncodeTarget<T>,
): Promise<SpoolEncoder<T>> {
  const hasMetadata = isCarried(image, options.format);
  const { orientation: _, ...upright } = image;
  const finish = finishFor(options.upright ? upright : image, options.format, measureFitted(image, options));
  // Frames are told by metadata of the full height.
  const isNew = isReshaped(image, options);
  if (isNew || image.pages > 1) {
    return {
      async run() {
        const opened = await openMapped(spool, hasMetadata ? image : { ...image, metadata: {} }, hasMetadata || isNew);
        const kept = keepMetadata(opened, image, options.format);
        return target.fromSharp(applyFormat(isNew ? reshape(kept, image, options) : kept, image, options), finish);
      },
      stop: async () => undefined, // cutting a mapped file would kill the process
      share: async () => undefined,
    };
  }
  const rows = readRows(spool);
  const encoding = await chooseEncoding(image, rows, options);
  let isStopped = false;
  return {
    run: () =>
      encodeAs(
        encoding,
        target,
        async (settled) => {
          rows.stop();
          return encodeFramed(spool, image, settled, target, finish);
        },
        () => isStopped,
      ),
    async stop() {
      isStopped = true;
      rows.stop();
      await spool.file.truncate(VIPS_HEADER_BYTES);
    },
    share: async () => rows.share() ?? readPosition(spool),
  };
}

/**
 * By sharp, the pixels read as TIFF, because libvips keeps its own format mapped and resident as a whole. TIFF carries no EXIF, so
 * an image with metadata starts from one black pixel in libvips' format that brings all of it, is extended to full size and
 * combined by OR with the pixels.
 */
async function encodeFramed<T>(
  spool: SpoolFile,
  image: DecodedImage,
  options: EncodeOptions,
  target: EncodeTarget<T>,
  finish: Finish | undefined,
): Promise<T> {
  await frameSpool(spool);
  if (!isCarried(image, options.format)) {
    return target.fromSharp(applyFormat(sharp(spool.path, { limitInputPixels: false }), image, options), finish);
  }
  const carrier = reserveScratch();
  const { width, height, channels } = spool;
  const one = spool.is16Bit ? new Uint16Array(channels) : new Uint8Array(channels);
  try {
    await writeVipsFile(carrier, { ...toVipsImage(image), data: one, width: 1, height: 1, channels });
    const full = sharp(carrier, { limitInputPixels: false })
      .extend({
        right: width - 1,
        bottom: height - 1,
        background: { r: 0, g: 0, b: 0, ...(channels === 4 && { alpha: 0 }) },
      })
      .boolean(spool.path, 'or', UNLIMITED);
    return await target.fromSharp(applyFormat(keepMetadata(full, image, options.format), image, options), finish);
  } finally {
    await releaseTemp(carrier);
  }
}

/** Only a file of libvips' own tells sharp of pages and of an orientation; all others are read strip by strip. */
async function openReshaped(spool: SpoolFile, image: DecodedImage, { upright }: EncodeOptions) {
  if (image.pages > 1 || (upright && image.orientation)) {
    return openMapped(spool, { ...image, metadata: {} }, image.pages > 1);
  }
  await frameSpool(spool);
  return sharp(spool.path, { limitInputPixels: false });
}

/** The spool as libvips' own file, all of it mapped. */
async function openMapped(spool: SpoolFile, image: DecodedImage, isByFrames: boolean) {
  const { channels, width, height } = spool;
  const vips = { ...toVipsImage(image), channels, width, height };
  await reframe(spool, vipsHeader(vips), Buffer.from(vipsTrailer(vips)));
  // Without metadata as raw frames are opened: a GIF then plays as often as from memory.
  const isPaged = image.pages > 1 && isByFrames;
  return sharp(spool.path, { limitInputPixels: false, ...(isPaged && { pages: -1 }) });
}

/** Rows that are read from the file when they are wanted. */
function readRows({ width, height, channels, rowBytes, file, path }: SpoolFile): PngRows & {
  /** What is read afterwards fails. */
  stop(): void;
  /** Of the rows, undefined when it was stopped. */
  share(): number | undefined;
} {
  let buffer = new Uint8Array(0);
  let done = 0;
  let isStopped = false;
  return {
    width,
    height,
    channels,
    read(row, count) {
      if (isStopped) throw new Error('stopped');
      const bytes = count * rowBytes;
      if (buffer.length < bytes) buffer = new Uint8Array(bytes);
      for (let at = 0; at < bytes; ) {
        const got = readSync(file.fd, buffer, at, bytes - at, VIPS_HEADER_BYTES + row * rowBytes + at);
        if (got === 0) throw new Error(`${path}: the temporary file ends early`);
        at += got;
      }
      // Slices are looked at first; they lie further down.
      if (row <= done) done = Math.max(done, row + count);
      return buffer.subarray(0, bytes);
    },
    stop() {
      isStopped = true;
    },
    share: () => (isStopped ? undefined : done / height),
  };
}

async function frameSpool(spool: SpoolFile): Promise<void> {
  const { header, trailer } = frameAsTiff({ ...spool, pixelsAt: VIPS_HEADER_BYTES });
  await reframe(spool, header, trailer);
}

/** @throws DISK_FULL */
async function reframe({ path, file, bytes }: SpoolFile, header: Uint8Array, trailer: Uint8Array): Promise<void> {
  await onTempFile(path, async () => {
    await file.truncate(VIPS_HEADER_BYTES + bytes);
    await writeAll(file, header, 0);
    await writeAll(file, trailer, VIPS_HEADER_BYTES + bytes);
  });
}

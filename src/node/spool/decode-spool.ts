import { tmpdir } from 'node:os';
import { throwIfCanceled } from '../../core/errors.js';
import type { Cancel } from '../../core/index.js';
import { releaseTemp, reserveScratch, sweepOrphans } from '../files/temp.js';
import type { DecodedImage } from '../image/decode.js';
import type { OpenImage } from '../image/open-image.js';
import { checkFreeSpace, diskFull } from './free-space.js';
import type { SpoolOptions } from './options.js';
import { repeatEvery } from './repeat.js';
import { openGrowing, type SpoolFile } from './spool-file.js';
import { createStripRunner, type StripRunner } from './strips.js';

/** An image's pixels on their way into a temporary file. */
export interface SpoolingImage {
  readonly spool: SpoolFile;
  readonly strips: StripRunner;
  readonly folder: string;
  /** What the file says; its pixels are empty, but of the right size and depth. */
  readonly image: DecodedImage;
  /** What the user should know about the folder. */
  readonly notices: readonly string[];
  /**
   * Waits for the decoder and for work on the strips that it writes meanwhile.
   *
   * @param work looks at the strips as they come; its failure is thrown when the decoder, which nothing can stop, is done
   * @param onDecoded called when the last pixel is there
   */
  settle<T>(work: Promise<T>, onDecoded: () => void): Promise<T>;
  /** Deletes the temporary file. */
  release(): Promise<void>;
}

/**
 * Begins to decode a file to disk. One image at a time: a second caller waits for the first to release its own, so that a
 * process never holds more than the buffers, and the disk space, of one.
 *
 * @throws DISK_FULL, OUTPUT_UNWRITABLE, INPUT_CORRUPT
 */
export async function startSpooling(
  large: OpenImage,
  options: SpoolOptions & { readonly signal?: Cancel },
): Promise<SpoolingImage> {
  const leave = await takeTurn();
  try {
    const spooling = await start(large, options);
    return { ...spooling, release: () => spooling.release().finally(leave) };
  } catch (error) {
    leave();
    throw error;
  }
}

let lastTurn: Promise<void> = Promise.resolve();

/** Waits for all who came before. @returns to be called at the end */
async function takeTurn(): Promise<() => void> {
  const before = lastTurn;
  let leave: () => void = () => undefined;
  lastTurn = new Promise((resolve) => {
    leave = resolve;
  });
  await before;
  return leave;
}

async function start(large: OpenImage, options: SpoolOptions & { readonly signal?: Cancel }): Promise<SpoolingImage> {
  throwIfCanceled(options.signal);
  const { tempDir: folder = tmpdir(), tileSize, onProgress } = options;
  const described = large.describe();
  const needed = large.weight * described.pixels.channels;
  const notice = await checkFreeSpace(large.name, folder, needed);
  await sweepOrphans(folder);
  const path = reserveScratch(folder, 'v');
  const decoding = large
    .openDecoder()
    .toFile(path)
    .then(
      () => large.checkDecoded(),
      (error: Error) => {
        if (/no space|ENOSPC/i.test(error.message)) throw diskFull(large.name, folder, needed, 'a full disk', error);
        throw large.corrupt(error);
      },
    );
  let spool: SpoolFile;
  try {
    spool = await openGrowing(path, decoding);
  } catch (error) {
    await decoding.catch(() => undefined);
    await releaseTemp(path);
    throw large.corrupt(error);
  }
  const { channels, width, height } = spool;
  const image: DecodedImage = {
    ...described,
    pixels: { ...described.pixels, channels, width, height },
    pageHeight: height / described.pages,
  };
  const stopWatching = repeatEvery(spool.share, (share) => onProgress?.('decode', share));
  return {
    spool,
    strips: createStripRunner(spool, tileSize),
    folder,
    image,
    notices: notice === undefined ? [] : [notice],
    async settle(work, onDecoded) {
      work.catch(() => undefined); // awaited when the decoder is done
      try {
        await decoding;
      } catch (error) {
        await work.catch(() => undefined); // it fails too, at the next strip
        throw error;
      } finally {
        stopWatching();
      }
      onDecoded();
      return work;
    },
    async release() {
      stopWatching();
      await decoding.catch(() => undefined);
      await spool.file.close();
      await releaseTemp(path);
    },
  };
}

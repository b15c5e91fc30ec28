/**
 * READ FIRST. The way of every image in Node, whoever asks: open once, decode, work on the pixels, encode.
 *
 *     openImage --> openPixelSource --> work (recolor, look up in a table, count, measure) --> encode, as often as wanted
 *
 * Pixels that fit are in memory; those of a large image are in a file on disk (spool/), worked on strip by strip while the decoder writes it.
 * The result is the same, byte for byte.
 */
import { performance } from 'node:perf_hooks';
import type { Cancel, Samples } from '../../core/index.js';
import type { Engine } from '../engine.js';
import type { DecodedImage } from '../image/decode.js';
import type { EncodeOptions } from '../image/encode.js';
import { type Encoded, encodeImage } from '../image/encode-image.js';
import type { EncodeTarget } from '../image/encode-target.js';
import type { OpenImage } from '../image/open-image.js';
import type { SpoolReport } from '../report.js';
import type { SpoolingImage } from '../spool/decode-spool.js';
import { DEFAULT_SPOOL_ABOVE, type SpoolOptions } from '../spool/options.js';
import { enterImage, imagesUnderWay, takeRoom } from '../under-way.js';
import type { Stage } from './stage.js';

/** What is done to pixels, wherever they are. */
export interface PixelWork<R> {
  /** @param image whose pixels may be changed in place */
  inMemory(image: DecodedImage): Promise<R>;
  /**
   * Strip by strip, beginning while they are decoded.
   *
   * @param onShare takes the share of the work beyond the decoder's that is done, 0 to 1
   */
  onDisk(spooling: SpoolingImage, onShare: (share: number) => void): Promise<R>;
}

export interface PixelOptions extends SpoolOptions {
  /** Whose memory the pixels share with other images; starts beside the decoder. */
  readonly engine?: Engine | undefined;
  readonly signal?: Cancel | undefined;
  /** Called as each stage begins. */
  readonly onStage?: ((stage: Stage) => void) | undefined;
}

/** Pixels that were worked on, ready to be encoded. */
export interface WorkedPixels<R> {
  readonly result: R;
  /** On disk its pixels are empty, but of the right size and depth. */
  readonly image: DecodedImage;
  /** Milliseconds, of the clock that `performance.now` shows. */
  readonly began: number;
  readonly decodedAt: number;
  readonly spool?: Omit<SpoolReport, 'isEarly'>;
  /** What the user should know about the way they went. */
  readonly notices: readonly string[];
  /** Good until the source's next `work` or its end. */
  encode<T>(options: EncodeOptions, target: EncodeTarget<T>): Promise<Encoded<T>>;
}

/** An image's pixels, as often as they are wanted. */
export interface PixelSource {
  /** @param isLast what is in memory need not be kept for others */
  work<R>(work: PixelWork<R>, isLast?: boolean): Promise<WorkedPixels<R>>;
  close(): Promise<void>;
}

/** @param image is not closed with its pixels */
export function openPixelSource(image: OpenImage, options: PixelOptions): PixelSource {
  const isOnDisk = !image.needsMemory && image.weight > (options.spoolAbove ?? DEFAULT_SPOOL_ABOVE);
  return isOnDisk ? onDisk(image, options) : inMemory(image, options);
}

function inMemory(image: OpenImage, { engine, onStage }: PixelOptions): PixelSource {
  let decoding: Promise<DecodedImage> | undefined;
  const leave: (() => void)[] = [];

  async function decode(): Promise<DecodedImage> {
    onStage?.('decode');
    if (!engine) return image.decode();
    leave.push(await takeRoom(engine, image.weight), enterImage(engine));
    return image.decode(() => {
      engine.warmUp(imagesUnderWay(engine) > 1 ? 0 : image.pixels);
      engine.select().catch(() => undefined); // whoever needs it hears of it
    });
  }

  return {
    async work(work, isLast = true) {
      const began = performance.now();
      const decoded = await (decoding ??= decode());
      const decodedAt = performance.now();
      onStage?.('recolor');
      const { pixels } = decoded;
      const own = isLast ? decoded : { ...decoded, pixels: { ...pixels, data: copySamples(pixels.data) } };
      const result = await work.inMemory(own);
      const encode: WorkedPixels<typeof result>['encode'] = (settings, target) => {
        onStage?.('encode');
        return encodeImage(own, settings, target);
      };
      return { result, image: own, began, decodedAt, notices: [], encode };
    },
    async close() {
      for (const step of leave.splice(0)) step();
    },
  };
}

/** Each work decodes anew: a copy of the pixels would take as much room on disk again. */
function onDisk(image: OpenImage, options: PixelOptions): PixelSource {
  const { onStage, onProgress, signal } = options;
  let spooling: SpoolingImage | undefined;
  const release = async (): Promise<void> => {
    const last = spooling;
    spooling = undefined;
    await last?.release();
  };
  return {
    work: (work) =>
      attempt(work).catch((error: unknown) => {
        if (!image.forgive(error)) throw error;
        return attempt(work);
      }),
    close: release,
  };

  async function attempt<R>(work: PixelWork<R>): Promise<WorkedPixels<R>> {
    await release();
    const began = performance.now();
    onStage?.('decode');
    const { encodeSpool, startSpooling } = await import('../spool/index.js');
    spooling = await startSpooling(image, { ...options, signal });
    const { spool, strips, folder, image: described, notices, settle } = spooling;
    let decodedAt: number | undefined;
    const tellShare = (share: number): void => {
      if (decodedAt !== undefined) onProgress?.('recolor', share);
    };
    const result = await settle(work.onDisk(spooling, tellShare), () => {
      decodedAt = performance.now();
      onStage?.('recolor');
    });
    return {
      result,
      image: described,
      began,
      decodedAt: decodedAt ?? performance.now(),
      spool: { bytes: spool.bytes, folder, stripRows: strips.rows, strips: strips.count },
      notices,
      encode(settings, target) {
        onStage?.('encode');
        const onShare = (share: number): void => onProgress?.('encode', share);
        return encodeSpool(spool, described, settings, target, { signal, onShare });
      },
    };
  }
}

/** Not `slice`: that of a Buffer shares its memory. */
export function copySamples(samples: Samples): Uint8Array | Uint16Array {
  return samples instanceof Uint16Array ? new Uint16Array(samples) : new Uint8Array(samples);
}

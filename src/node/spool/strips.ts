import type { Cancel } from '../../core/index.js';
import { VIPS_HEADER_BYTES } from '../image/vips-file.js';
import type { SpoolFile } from './spool-file.js';

/** A strip takes this much unless a tile size is asked for. */
const DEFAULT_STRIP_BYTES = 1 << 22;
/** And at most this much. */
const MAX_STRIP_BYTES = 1 << 24;
/** One strip is read, one computed, one written. */
const BUFFERS = 3;

/** How a spooled image is cut: whole rows, so that a strip is one read. */
export interface StripPlan {
  readonly rows: number;
  readonly count: number;
}

/** @param tileSize rows that were asked for; fewer where they would take more than 16 MB */
function planStrips({ rowBytes, height }: SpoolFile, tileSize: number | undefined): StripPlan {
  const limit = tileSize === undefined ? DEFAULT_STRIP_BYTES : MAX_STRIP_BYTES;
  const fitting = Math.max(1, Math.floor(limit / rowBytes));
  const rows = Math.min(height, fitting, tileSize ?? fitting);
  return { rows, count: Math.ceil(height / rows) };
}

export interface StripOptions {
  /** Writes each strip back after the visit. */
  readonly write?: boolean;
  readonly signal?: Cancel | undefined;
  /** Called after each strip with the share that is done. */
  readonly onShare?: ((share: number) => void) | undefined;
}

/** Goes over a spooled image, with the same few buffers every time. */
export interface StripRunner extends StripPlan {
  /**
   * Visits the strips from top to bottom. While one is computed, the next is read and the one before written.
   *
   * @param visit may change the samples; they are gone after it
   * @throws CANCELED, and what reading, writing or the visit throws
   */
  run(options: StripOptions, visit: (samples: Uint8Array | Uint16Array) => void | Promise<void>): Promise<void>;
}

export function createStripRunner(spool: SpoolFile, tileSize: number | undefined): StripRunner {
  const { file, rowBytes, height, is16Bit } = spool;
  const { rows, count } = planStrips(spool, tileSize);
  const buffers = Array.from({ length: Math.min(BUFFERS, count) }, () => new Uint8Array(rows * rowBytes));

  const bufferOf = (strip: number): Uint8Array => {
    const length = Math.min(rows, height - strip * rows) * rowBytes;
    return (buffers[strip % buffers.length] as Uint8Array).subarray(0, length);
  };
  const placeOf = (strip: number): number => VIPS_HEADER_BYTES + strip * rows * rowBytes;

  async function read(strip: number, signal: Cancel | undefined): Promise<void> {
    const buffer = bufferOf(strip);
    await spool.whenRow(Math.min(height, (strip + 1) * rows) - 1, signal);
    for (let at = 0; at < buffer.length; ) {
      const { bytesRead } = await file.read(buffer, at, buffer.length - at, placeOf(strip) + at);
      if (bytesRead === 0) throw new Error(`${spool.path}: the temporary file ends early`);
      at += bytesRead;
    }
  }

  async function write(strip: number): Promise<void> {
    const buffer = bufferOf(strip);
    for (let at = 0; at < buffer.length; ) {
      at += (await file.write(buffer, at, buffer.length - at, placeOf(strip) + at)).bytesWritten;
    }
  }

  async function run(
    { write: isWritten = false, signal, onShare }: StripOptions,
    visit: (samples: Uint8Array | Uint16Array) => void | Promise<void>,
  ): Promise<void> {
    const writes = new Map<number, Promise<void>>();
    let reading = read(0, signal);
    try {
      for (let strip = 0; strip < count; strip++) {
        await reading;
        if (strip + 1 < count) {
          await writes.get(strip + 1 - buffers.length);
          writes.delete(strip + 1 - buffers.length);
          reading = read(strip + 1, signal);
          reading.catch(() => undefined); // awaited in the next round
        }
        const buffer = bufferOf(strip);
        await visit(is16Bit ? new Uint16Array(buffer.buffer, 0, buffer.length / 2) : buffer);
        if (isWritten) {
          const writing = write(strip);
          writing.catch(() => undefined); // awaited when its buffer is needed, or at the end
          writes.set(strip, writing);
        }
        onShare?.((strip + 1) / count);
      }
      await Promise.all(writes.values());
    } finally {
      // Nothing may still use the file when its owner closes it.
      await Promise.allSettled([reading, ...writes.values()]);
    }
  }
  return { rows, count, run };
}

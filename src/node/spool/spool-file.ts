import { type FileHandle, open, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { throwIfCanceled } from '../../core/errors.js';
import type { Cancel } from '../../core/index.js';
import { readVipsHeader, VIPS_HEADER_BYTES } from '../image/vips-file.js';

/** Pause between two looks at a file that grows. */
const POLL_MS = 10;

export interface SpoolLayout {
  readonly width: number;
  /** Of all pages together. */
  readonly height: number;
  readonly channels: 3 | 4;
  readonly is16Bit: boolean;
}

/** Raw pixels in a file, row by row, after a header of `VIPS_HEADER_BYTES`. Being written while it is read, perhaps. */
export interface SpoolFile extends SpoolLayout {
  readonly path: string;
  readonly file: FileHandle;
  readonly rowBytes: number;
  /** Of all pixels. */
  readonly bytes: number;
  /** Resolves when a row is there; rows come from the top. @throws CANCELED, and what the decoder throws */
  whenRow(row: number, signal?: Cancel): Promise<void>;
  /** Share of the pixels that are there, 0 to 1. */
  share(): Promise<number>;
}

/**
 * Opens the file that a decoder is writing.
 *
 * @param decoding settles when the decoder is done
 * @throws what the decoder throws
 */
export async function openGrowing(path: string, decoding: Promise<unknown>): Promise<SpoolFile> {
  const state: { isDone: boolean; failure?: unknown } = { isDone: false };
  decoding.then(
    () => {
      state.isDone = true;
    },
    (error: unknown) => {
      state.isDone = true;
      state.failure = error;
    },
  );
  const throwFailure = (): void => {
    if (state.failure !== undefined) throw state.failure;
  };

  while (!state.isDone && ((await stat(path).catch(() => undefined))?.size ?? 0) < VIPS_HEADER_BYTES)
    await sleep(POLL_MS);
  throwFailure();
  const file = await open(path, 'r+');
  try {
    const header = new Uint8Array(VIPS_HEADER_BYTES);
    await file.read(header, 0, header.length, 0);
    const layout = readVipsHeader(header);
    if (!layout) {
      await decoding;
      throw new Error('other than 3 or 4 channels of 8 or 16 bits');
    }
    const rowBytes = layout.width * layout.channels * (layout.is16Bit ? 2 : 1);
    const bytes = rowBytes * layout.height;
    let arrived = 0;
    const look = async (): Promise<void> => {
      arrived = Math.min(bytes, (await file.stat()).size - VIPS_HEADER_BYTES);
    };
    return {
      ...layout,
      path,
      file,
      rowBytes,
      bytes,
      async whenRow(row, signal) {
        const wanted = (row + 1) * rowBytes;
        for (;;) {
          throwIfCanceled(signal);
          throwFailure();
          if (arrived >= wanted) return;
          const { isDone } = state; // before the look: what was written by then, it sees
          await look();
          if (arrived >= wanted) continue;
          if (isDone) throw new Error('the decoder wrote fewer pixels than it announced');
          await sleep(POLL_MS);
        }
      },
      async share() {
        await look();
        return arrived / bytes;
      },
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

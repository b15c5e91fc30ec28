import { viewOf } from './bytes.js';

/** Reads part of a file; shorter at its end. */
export type ReadAt = (at: number, length: number) => Uint8Array;

/** One field of a directory. @see TIFF 6.0, section 2; BigTIFF has wider counts and offsets */
export interface TiffEntry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** Where the entry itself stands. */
  readonly at: number;
  /** Where its values are: in the entry, or elsewhere when they do not fit. */
  readonly valueAt: number;
  readonly byteLength: number;
}

export interface TiffDirectory {
  readonly at: number;
  readonly entries: ReadonlyMap<number, TiffEntry>;
  /** Offset of the next directory, 0 for none, and where that offset stands. */
  readonly next: number;
  readonly nextAt: number;
}

/** A TIFF file or an EXIF block, which is one. */
export interface Tiff {
  readonly little: boolean;
  readonly isBig: boolean;
  /** @throws RangeError where the file ends before it */
  directory(at: number): TiffDirectory;
  /** The chain of pages, at most `limit`, one at a time: a small file may claim many large ones. Stops where it breaks or turns back. */
  pages(limit: number): Generator<TiffDirectory, void, undefined>;
  /** Whole numbers of types BYTE, SHORT, LONG, IFD and LONG8. */
  numbers(entry: TiffEntry | undefined): number[];
}

export const TIFF = {
  width: 256,
  height: 257,
  bitsPerSample: 258,
  compression: 259,
  samplesPerPixel: 277,
  thumbnailOffset: 513,
  thumbnailBytes: 514,
  sampleFormat: 339,
  subDirectories: 330,
} as const;

/** Bytes of a value, by type number. */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];
/** A broken file may claim any number. */
const MAX_ENTRIES = 4096;

/** @returns undefined for what does not begin as a TIFF */
export function openTiff(readAt: ReadAt): Tiff | undefined {
  const head = readAt(0, 16);
  const little = head[0] === 0x49 && head[1] === 0x49;
  if (head.length < 8 || !(little || (head[0] === 0x4d && head[1] === 0x4d))) return undefined;
  const magic = viewOf(head).getUint16(2, little);
  const isBig = magic === 43;
  if (magic !== 42 && !isBig) return undefined;
  const view = (at: number, length: number): DataView => {
    const bytes = readAt(at, length);
    if (bytes.length < length) throw new RangeError('the TIFF ends early');
    return viewOf(bytes);
  };
  const offset = (data: DataView, at: number): number =>
    isBig ? Number(data.getBigUint64(at, little)) : data.getUint32(at, little);
  const [countBytes, entryBytes, offsetBytes] = isBig ? [8, 20, 8] : [2, 12, 4];

  function directory(at: number): TiffDirectory {
    const counted = view(at, countBytes);
    const count = Math.min(isBig ? offset(counted, 0) : counted.getUint16(0, little), MAX_ENTRIES);
    const data = view(at + countBytes, count * entryBytes);
    const entries = new Map<number, TiffEntry>();
    for (let i = 0; i < count; i++) {
      const entryAt = i * entryBytes;
      const tag = data.getUint16(entryAt, little);
      const type = data.getUint16(entryAt + 2, little);
      const values = offset(data, entryAt + 4);
      const byteLength = (TYPE_BYTES[type] ?? 0) * values;
      const here = at + countBytes + entryAt;
      const inside = here + entryBytes - offsetBytes;
      const valueAt = byteLength <= offsetBytes ? inside : offset(data, entryAt + entryBytes - offsetBytes);
      if (!entries.has(tag)) entries.set(tag, { tag, type, count: values, at: here, valueAt, byteLength });
    }
    const nextAt = at + countBytes + count * entryBytes;
    const next = readAt(nextAt, offsetBytes);
    return { at, entries, next: next.length < offsetBytes ? 0 : offset(viewOf(next), 0), nextAt };
  }

  return {
    little,
    isBig,
    directory,
    *pages(limit) {
      const seen = new Set<number>();
      let at = offset(viewOf(head), isBig ? 8 : 4);
      while (at > 0 && seen.size < limit && !seen.has(at)) {
        seen.add(at);
        let page: TiffDirectory;
        try {
          page = directory(at);
        } catch {
          return;
        }
        yield page;
        at = page.next;
      }
    },
    numbers(entry) {
      const size = TYPE_BYTES[entry?.type ?? 0] ?? 0;
      if (!entry || ![1, 3, 4, 13, 16].includes(entry.type)) return [];
      const count = Math.min(entry.count, MAX_ENTRIES);
      const data = view(entry.valueAt, count * size);
      return Array.from({ length: count }, (_, i) => {
        if (size === 1) return data.getUint8(i);
        if (size === 2) return data.getUint16(2 * i, little);
        return size === 4 ? data.getUint32(4 * i, little) : Number(data.getBigUint64(8 * i, little));
      });
    },
  };
}

/** Reads from memory. */
export function readerOf(bytes: Uint8Array): ReadAt {
  return (at, length) => bytes.subarray(at, at + length);
}

import { endianness } from 'node:os';

/**
 * What makes raw pixels in a file an uncompressed big TIFF: libvips reads it strip by strip, where it would map the whole of
 * its own format and count it as resident. The pixels stay where they are, between a header and a directory.
 */
export interface TiffFrame {
  /** Overwrites the first bytes of the file; at most `pixelsAt` of them. */
  readonly header: Uint8Array;
  /** Goes behind the last pixel. */
  readonly trailer: Uint8Array;
}

export interface TiffPixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  readonly is16Bit: boolean;
  /** Offset of the first pixel, at least 16. */
  readonly pixelsAt: number;
}

/** Bytes of a strip that libvips reads at once. */
const STRIP_BYTES = 1 << 18;
const TYPE_SHORT = 3;
const TYPE_LONG = 4;
const TYPE_LONG8 = 16;
const UNASSOCIATED_ALPHA = 2;

/** @see TIFF 6.0, section 8 (baseline tags); BigTIFF: 8-byte offsets and counts, magic 43 */
export function frameAsTiff({ width, height, channels, is16Bit, pixelsAt }: TiffPixels): TiffFrame {
  const little = endianness() === 'LE';
  const rowBytes = width * channels * (is16Bit ? 2 : 1);
  const rows = Math.max(1, Math.floor(STRIP_BYTES / rowBytes));
  const strips = Math.ceil(height / rows);
  const trailerAt = pixelsAt + rowBytes * height;

  // The lists that do not fit into an entry come first, then the directory.
  const lists = new DataView(new ArrayBuffer(strips * 16));
  for (let i = 0; i < strips; i++) {
    lists.setBigUint64(i * 8, BigInt(pixelsAt + i * rows * rowBytes), little);
    lists.setBigUint64((strips + i) * 8, BigInt(Math.min(rows, height - i * rows) * rowBytes), little);
  }
  const entries: Entry[] = [
    { tag: 256, type: TYPE_LONG, values: [width] },
    { tag: 257, type: TYPE_LONG, values: [height] },
    { tag: 258, type: TYPE_SHORT, values: Array(channels).fill(is16Bit ? 16 : 8) },
    { tag: 259, type: TYPE_SHORT, values: [1] }, // no compression
    { tag: 262, type: TYPE_SHORT, values: [2] }, // RGB
    stripList(273, lists, 0, strips, trailerAt, little),
    { tag: 277, type: TYPE_SHORT, values: [channels] },
    { tag: 278, type: TYPE_LONG, values: [rows] },
    stripList(279, lists, strips, strips, trailerAt, little),
    { tag: 284, type: TYPE_SHORT, values: [1] }, // interleaved
    ...(channels === 4 ? [{ tag: 338, type: TYPE_SHORT, values: [UNASSOCIATED_ALPHA] }] : []),
  ];

  const header = new DataView(new ArrayBuffer(16));
  header.setUint16(0, little ? 0x4949 : 0x4d4d);
  header.setUint16(2, 43, little);
  header.setUint16(4, 8, little); // bytes of an offset
  header.setBigUint64(8, BigInt(trailerAt + lists.byteLength), little);

  const trailer = new Uint8Array(lists.byteLength + 8 + entries.length * 20 + 8);
  trailer.set(new Uint8Array(lists.buffer));
  writeDirectory(new DataView(trailer.buffer, lists.byteLength), entries, little);
  return { header: new Uint8Array(header.buffer), trailer };
}

interface Entry {
  readonly tag: number;
  readonly type: number;
  /** Together at most 8 bytes. */
  readonly values: readonly number[];
  /** Values that stand elsewhere, when `values` is their one offset. */
  readonly count?: number;
}

/** @param first number of the list's first value in `lists` */
function stripList(
  tag: number,
  lists: DataView,
  first: number,
  strips: number,
  listsAt: number,
  little: boolean,
): Entry {
  const value = strips === 1 ? Number(lists.getBigUint64(first * 8, little)) : listsAt + first * 8;
  return { tag, type: TYPE_LONG8, values: [value], count: strips };
}

function writeDirectory(view: DataView, entries: readonly Entry[], little: boolean): void {
  view.setBigUint64(0, BigInt(entries.length), little);
  for (const [i, { tag, type, values, count = values.length }] of entries.entries()) {
    const at = 8 + i * 20;
    view.setUint16(at, tag, little);
    view.setUint16(at + 2, type, little);
    view.setBigUint64(at + 4, BigInt(count), little);
    for (const [k, value] of values.entries()) {
      if (type === TYPE_SHORT) view.setUint16(at + 12 + 2 * k, value, little);
      else if (type === TYPE_LONG) view.setUint32(at + 12 + 4 * k, value, little);
      else view.setBigUint64(at + 12 + 8 * k, BigInt(value), little);
    }
  }
}

import { bytesOf, concatBytes, textAt, viewOf } from './bytes.js';

/** Bits of VP8X. @see WebP Container Specification, "Extended File Format" */
const FLAGS = { icc: 0x20, alpha: 0x10, exif: 0x08, xmp: 0x04 } as const;
const VP8X_BYTES = 10;
const RIFF_HEAD = 12;

export interface WebpMetadata {
  readonly icc?: Uint8Array | undefined;
  readonly exif?: Uint8Array | undefined;
  readonly xmp?: Uint8Array | undefined;
}

/**
 * What makes a WebP file carry metadata: another beginning, and chunks at the end.
 *
 * @param start of a file without metadata, at least up to its first frame's header
 * @param fileBytes of the whole file
 * @returns `head` takes the place of the first `drop` bytes
 */
export function attachToWebp(
  start: Uint8Array,
  fileBytes: number,
  { icc, exif, xmp }: WebpMetadata,
): { drop: number; head: Uint8Array; tail: Uint8Array } {
  const { extended, end: drop } = readHead(start);
  const flags = (icc ? FLAGS.icc : 0) | (exif ? FLAGS.exif : 0) | (xmp ? FLAGS.xmp : 0);
  extended[0] = ((extended[0] as number) & ~(FLAGS.icc | FLAGS.exif | FLAGS.xmp)) | flags;
  const tail = concatBytes([...(exif ? [makeChunk('EXIF', exif)] : []), ...(xmp ? [makeChunk('XMP ', xmp)] : [])]);
  const chunks = [makeChunk('VP8X', extended), ...(icc ? [makeChunk('ICCP', icc)] : [])];
  const riff = concatBytes([bytesOf('RIFF\0\0\0\0WEBP'), ...chunks]);
  viewOf(riff).setUint32(4, riff.length - 8 + fileBytes - drop + tail.length, true);
  return { drop, head: riff, tail };
}

/** VP8X, and where what follows it and a profile begins. */
function readHead(start: Uint8Array): { extended: Uint8Array; end: number } {
  let extended: Uint8Array | undefined;
  let at = RIFF_HEAD;
  for (let name = textAt(start, at, at + 4); name === 'VP8X' || name === 'ICCP'; name = textAt(start, at, at + 4)) {
    const size = viewOf(start).getUint32(at + 4, true);
    if (name === 'VP8X') extended = start.slice(at + 8, at + 8 + VP8X_BYTES);
    at += 8 + size + (size & 1);
  }
  return { extended: extended ?? describeFrame(start.subarray(at)), end: at };
}

/** VP8X of a file that has none: the canvas is its one frame. */
function describeFrame(chunk: Uint8Array): Uint8Array {
  const extended = new Uint8Array(VP8X_BYTES);
  const view = viewOf(chunk);
  const isLossless = textAt(chunk, 0, 4) === 'VP8L';
  // Lossless: a signature byte, then 14 bits each and a bit for alpha. Lossy: 14 bits each behind tag and start code.
  const bits = isLossless ? view.getUint32(9, true) : 0;
  const width = isLossless ? bits & 0x3fff : (view.getUint16(14, true) & 0x3fff) - 1;
  const height = isLossless ? (bits >>> 14) & 0x3fff : (view.getUint16(16, true) & 0x3fff) - 1;
  if (isLossless && (bits >>> 28) & 1) extended[0] = FLAGS.alpha;
  extended.set([width & 255, (width >> 8) & 255, width >> 16], 4);
  extended.set([height & 255, (height >> 8) & 255, height >> 16], 7);
  return extended;
}

function makeChunk(name: string, data: Uint8Array): Uint8Array {
  const head = new Uint8Array(8);
  head.set(bytesOf(name));
  viewOf(head).setUint32(4, data.length, true);
  return concatBytes([head, data, new Uint8Array(data.length & 1)]);
}

import { estimateJpegQuality } from '../../src/codec/jpeg-quality.js';
import { corrupt } from './errors.js';
import { concatBytes } from './zlib.js';

/** What a JPEG's marker segments say. */
export interface JpegInfo {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 3 color, 4 CMYK. */
  readonly components: number;
  /** 1 to 100, estimated from the quantization tables. */
  readonly quality: number;
  readonly icc: Uint8Array | undefined;
}

const ICC_TAG = 'ICC_PROFILE\0';
/** Profile bytes that fit one segment beside length, tag and numbering. */
const ICC_PIECE = 65535 - 2 - 14;

/** Reads the segments before the picture data. @throws INPUT_CORRUPT */
export function readJpegInfo(file: Uint8Array): JpegInfo {
  const tables: number[][] = [];
  const pieces = new Map<number, Uint8Array>();
  let frame: { width: number; height: number; components: number } | undefined;
  for (const { marker, data } of jpegSegments(file)) {
    if (marker === 0xdb) readQuantization(data, tables);
    else if (marker === 0xe2 && startsWithText(data, ICC_TAG)) pieces.set(data[12] ?? 0, data.subarray(14));
    else if (isFrameStart(marker) && data.length >= 6) {
      const [, h1 = 0, h2 = 0, w1 = 0, w2 = 0, components = 0] = data;
      frame = { width: (w1 << 8) | w2, height: (h1 << 8) | h2, components };
    }
  }
  if (!frame || frame.width === 0 || frame.height === 0) throw corrupt('the JPEG has no size');
  const ordered = [...pieces.keys()].sort((p, q) => p - q).map((k) => pieces.get(k) as Uint8Array);
  return { ...frame, quality: estimateJpegQuality(tables), icc: ordered.length > 0 ? concatBytes(ordered) : undefined };
}

/** A JPEG with this profile instead of any it had. */
export function withIccProfile(file: Uint8Array, icc: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [file.subarray(0, 2)];
  let at = 2;
  const insertProfile = (): void => {
    const count = Math.ceil(icc.length / ICC_PIECE);
    for (let i = 0; i < count; i++) {
      const part = icc.subarray(i * ICC_PIECE, (i + 1) * ICC_PIECE);
      const length = part.length + 16;
      const head = [0xff, 0xe2, length >> 8, length & 255, ...[...ICC_TAG].map((c) => c.charCodeAt(0)), i + 1, count];
      pieces.push(Uint8Array.from(head), part);
    }
  };
  let inserted = false;
  for (const { marker, data, start, end } of jpegSegments(file)) {
    // JFIF's own segment stays first.
    if (!inserted && marker !== 0xe0) {
      pieces.push(file.subarray(at, start));
      insertProfile();
      inserted = true;
      at = start;
    }
    if (marker === 0xe2 && startsWithText(data, ICC_TAG)) {
      pieces.push(file.subarray(at, start));
      at = end;
    }
  }
  pieces.push(file.subarray(at));
  return concatBytes(pieces);
}

interface Segment {
  readonly marker: number;
  readonly data: Uint8Array;
  /** Where the segment begins, at its 0xff, and where the next one does. */
  readonly start: number;
  readonly end: number;
}

/** Segments up to the first scan. */
function* jpegSegments(file: Uint8Array): Generator<Segment> {
  let at = 2;
  while (at + 4 <= file.length) {
    if (file[at] !== 0xff) throw corrupt('the JPEG is broken before its picture');
    const marker = file[at + 1] as number;
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === 0xda || marker === 0xd9) return;
    const length = ((file[at + 2] as number) << 8) | (file[at + 3] as number);
    const end = at + 2 + length;
    if (length < 2 || end > file.length) throw corrupt('the JPEG ends before its picture');
    yield { marker, data: file.subarray(at + 4, end), start: at, end };
    at = end;
  }
}

function isFrameStart(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function readQuantization(data: Uint8Array, tables: number[][]): void {
  let at = 0;
  while (at < data.length) {
    const head = data[at++] as number;
    const wide = head >> 4 > 0;
    const table: number[] = [];
    for (let i = 0; i < 64; i++, at += wide ? 2 : 1) {
      table.push(wide ? ((data[at] ?? 0) << 8) | (data[at + 1] ?? 0) : (data[at] ?? 0));
    }
    tables[head & 15] = table;
  }
}

export function startsWithText(data: Uint8Array, text: string, at = 0): boolean {
  for (let i = 0; i < text.length; i++) if (data[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

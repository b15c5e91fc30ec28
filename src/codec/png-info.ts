import { textAt, viewOf } from './bytes.js';
import type { ColorClaims } from './file-color.js';
import { PNG_SIGNATURE, type PngChunk } from './png-chunks.js';
import type { ReadAt } from './tiff-directories.js';

/** What a PNG says beside its pixels. */
export interface PngInfo {
  /** All but a profile. */
  readonly color: ColorClaims;
  /** A profile, deflated, as iCCP has it. */
  readonly deflatedIcc: Uint8Array | undefined;
  /** From the byte order mark on. */
  readonly exif: Uint8Array | undefined;
  /** tEXt, zTXt and iTXt, without XMP and without other programs' copies of it, of EXIF and of IPTC. */
  readonly texts: readonly PngChunk[];
  /** cICP, sRGB, gAMA, cHRM, mDCV. */
  readonly colorChunks: readonly PngChunk[];
  /** Dots an inch; undefined where it tells a ratio alone. */
  readonly density: number | undefined;
  /** More than one in an animation. */
  readonly frames: number;
}

const TEXTS = new Set(['tEXt', 'zTXt', 'iTXt']);
const COLORS = new Set(['cICP', 'sRGB', 'gAMA', 'cHRM', 'mDCV']);
const WANTED = new Set([...TEXTS, ...COLORS, 'iCCP', 'eXIf', 'pHYs', 'acTL']);
/** ImageMagick's "Raw profile type exif", as hexadecimal text: it would bring the old thumbnail along. */
const NOT_TEXT = /^(XML:com\.adobe\.xmp|Raw profile type )/;
/** What is larger is no metadata. */
const MAX_CHUNK_BYTES = 1 << 26;
const METER = 1;
const METERS_PER_INCH = 0.0254;

/** @see PNG third edition, section 11.3 */
export function readPngInfo(chunks: Iterable<PngChunk>): PngInfo {
  const found = new Map<string, Uint8Array>();
  const texts: PngChunk[] = [];
  const colorChunks: PngChunk[] = [];
  for (const chunk of chunks) {
    const { type, data } = chunk;
    if (TEXTS.has(type)) {
      if (!NOT_TEXT.test(textAt(data, 0, 32))) texts.push(chunk);
    } else if (!found.has(type)) {
      found.set(type, data);
      if (COLORS.has(type)) colorChunks.push(chunk);
    }
  }
  const read = <T>(type: string, bytes: number, parse: (view: DataView) => T): T | undefined => {
    const data = found.get(type);
    return data && data.length >= bytes ? parse(viewOf(data)) : undefined;
  };
  const iccp = found.get('iCCP');
  return {
    color: {
      cicp: read('cICP', 4, (view) => ({ primaries: view.getUint8(0), transfer: view.getUint8(1) })),
      isSrgb: found.has('sRGB'),
      gamma: read('gAMA', 4, (view) => 100_000 / view.getUint32(0)),
      chromaticities: read('cHRM', 32, (view) => Array.from({ length: 8 }, (_, i) => view.getUint32(4 * i) / 100_000)),
    },
    deflatedIcc: iccp?.subarray(iccp.indexOf(0) + 2),
    exif: found.get('eXIf'),
    texts,
    colorChunks,
    density: read('pHYs', 9, (view) =>
      view.getUint8(8) === METER && view.getUint32(0) > 0 ? view.getUint32(0) * METERS_PER_INCH : undefined,
    ),
    frames: read('acTL', 4, (view) => view.getUint32(0)) ?? 1,
  };
}

/** The chunks that `readPngInfo` wants, of a file that is read piece by piece; ends where the file is cut off. */
export function* readPngChunksAt(readAt: ReadAt): Generator<PngChunk> {
  for (let at = PNG_SIGNATURE.length; ; ) {
    const head = readAt(at, 8);
    if (head.length < 8) return;
    const length = viewOf(head).getUint32(0);
    const type = textAt(head, 4, 8);
    if (type === 'IEND') return;
    if (WANTED.has(type) && length <= MAX_CHUNK_BYTES) {
      const data = readAt(at + 8, length);
      if (data.length < length) return;
      yield { type, data };
    }
    at += length + 12;
  }
}

/** Density as a pHYs chunk has it. @param density dots an inch */
export function physOf(density: number): Uint8Array {
  const data = new Uint8Array(9);
  const dots = Math.round(density / METERS_PER_INCH);
  viewOf(data).setUint32(0, dots);
  viewOf(data).setUint32(4, dots);
  data[8] = METER;
  return data;
}

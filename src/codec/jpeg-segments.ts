import { concatBytes, startsWithText } from './bytes.js';
import { corrupt } from './corrupt.js';
import { estimateJpegQuality } from './jpeg-quality.js';

/** One marker segment of a JPEG, by ITU-T T.81, B.1.1.4. */
export interface JpegSegment {
  readonly marker: number;
  readonly data: Uint8Array;
  /** Where the segment begins, at its 0xff, and where the next one does. */
  readonly start: number;
  readonly end: number;
}

export const JPEG = {
  startOfScan: 0xda,
  endOfImage: 0xd9,
  quantization: 0xdb,
  comment: 0xfe,
  /** JFIF */
  app0: 0xe0,
  /** EXIF and XMP */
  app1: 0xe1,
  /** ICC */
  app2: 0xe2,
  /** Photoshop's resources, IPTC among them */
  app13: 0xed,
} as const;

/** Bytes of data that fit one segment. */
export const MAX_SEGMENT_DATA = 65535 - 2;
export const EXIF_MARK = 'Exif\0\0';
export const XMP_MARK = 'http://ns.adobe.com/xap/1.0/\0';
export const EXTENDED_XMP_MARK = 'http://ns.adobe.com/xmp/extension/\0';
export const ICC_MARK = 'ICC_PROFILE\0';
export const PHOTOSHOP_MARK = 'Photoshop 3.0\0';
/** Of an extended XMP piece: its digest, the length of all pieces, and where this one begins. */
const EXTENDED_XMP_HEAD = EXTENDED_XMP_MARK.length + 32 + 4 + 4;

/**
 * The segments up to the first scan. Stray bytes between them are passed over, as every decoder does.
 *
 * @throws INPUT_CORRUPT where the file ends before its picture
 */
export function* jpegSegments(file: Uint8Array): Generator<JpegSegment> {
  for (let at = 2; ; ) {
    while (at < file.length && file[at] !== 0xff) at++;
    const marker = file[at + 1];
    if (marker === undefined) throw corrupt('the JPEG ends before its picture');
    if (marker === 0xff || marker === 0) {
      at += marker === 0 ? 2 : 1;
      continue;
    }
    if (marker === JPEG.endOfImage || marker === JPEG.startOfScan) return;
    const end = at + 2 + readUint16(file, at + 2);
    if (end < at + 4 || end > file.length) throw corrupt('the JPEG ends before its picture');
    yield { marker, data: file.subarray(at + 4, end), start: at, end };
    at = end;
  }
}

/** SOF0 to SOF15: the header of the picture itself. */
export function isFrameStart(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

export type ChromaSubsampling = '4:4:4' | '4:2:2' | '4:2:0' | '4:1:1' | '4:4:0' | '4:1:0' | 'other';

/** What a JPEG's segments say. */
export interface JpegInfo {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 3 color, 4 CMYK. */
  readonly components: number;
  /** Of three components: how many pixels share a color. */
  readonly subsampling: ChromaSubsampling;
  readonly progressive: boolean;
  /** 1 to 100, estimated from the quantization tables. */
  readonly quality: number;
  readonly icc: Uint8Array | undefined;
  /** From the byte order mark on. */
  readonly exif: Uint8Array | undefined;
  readonly xmp: Uint8Array | undefined;
  /** What did not fit the first segment of XMP: a packet of its own. */
  readonly extendedXmp: Uint8Array | undefined;
  /** Photoshop's resource blocks, with their mark. */
  readonly photoshop: Uint8Array | undefined;
  readonly comments: readonly Uint8Array[];
  /** JFIF's, in dots an inch; undefined where it tells a ratio alone. */
  readonly density: number | undefined;
}

/** Reads all segments before the picture. @throws INPUT_CORRUPT, also without a frame */
export function readJpegInfo(file: Uint8Array): JpegInfo {
  const tables: number[][] = [];
  const profile = new Map<number, Uint8Array>();
  const extended = new Map<number, Uint8Array>();
  const photoshop: Uint8Array[] = [];
  const comments: Uint8Array[] = [];
  let frame: Frame | undefined;
  let exif: Uint8Array | undefined;
  let xmp: Uint8Array | undefined;
  let density: number | undefined;
  for (const { marker, data } of jpegSegments(file)) {
    if (marker === JPEG.quantization) readQuantization(data, tables);
    else if (isFrameStart(marker)) frame = readFrame(marker, data);
    else if (marker === JPEG.comment) comments.push(data);
    else if (marker === JPEG.app0 && startsWithText(data, 'JFIF\0')) density = readDensity(data);
    else if (marker === JPEG.app2 && startsWithText(data, ICC_MARK)) profile.set(data[12] ?? 0, data.subarray(14));
    else if (marker === JPEG.app13 && startsWithText(data, PHOTOSHOP_MARK)) photoshop.push(data);
    else if (marker === JPEG.app1 && startsWithText(data, EXIF_MARK)) exif ??= data.subarray(EXIF_MARK.length);
    else if (marker === JPEG.app1 && startsWithText(data, XMP_MARK)) xmp ??= data.subarray(XMP_MARK.length);
    else if (marker === JPEG.app1 && startsWithText(data, EXTENDED_XMP_MARK)) {
      extended.set(readUint32(data, EXTENDED_XMP_HEAD - 4), data.subarray(EXTENDED_XMP_HEAD));
    }
  }
  if (!frame || frame.width === 0 || frame.height === 0) throw corrupt('the JPEG has no size');
  return {
    ...frame,
    quality: estimateJpegQuality(tables),
    icc: joinPieces(profile),
    exif,
    xmp,
    extendedXmp: joinPieces(extended),
    photoshop: joinPhotoshop(photoshop),
    comments,
    density,
  };
}

type Frame = Pick<JpegInfo, 'width' | 'height' | 'components' | 'subsampling' | 'progressive'>;

function readFrame(marker: number, data: Uint8Array): Frame {
  const components = data[5] ?? 0;
  const factors = Array.from({ length: components }, (_, i) => {
    const sampling = data[7 + 3 * i] ?? 0x11;
    return [sampling >> 4, sampling & 15] as const;
  });
  return {
    height: readUint16(data, 1),
    width: readUint16(data, 3),
    components,
    subsampling: nameSubsampling(factors),
    progressive: marker === 0xc2 || marker === 0xc6 || marker === 0xca || marker === 0xce,
  };
}

/** @param factors horizontal and vertical, luminance first */
function nameSubsampling(factors: readonly (readonly [number, number])[]): ChromaSubsampling {
  const [luma, ...chroma] = factors;
  if (!luma || chroma.length < 2) return '4:4:4';
  const [across, down] = [0, 1].map(
    (axis) => (luma[axis] as number) / Math.min(...chroma.slice(0, 2).map((c) => c[axis] as number)),
  );
  switch (`${across}x${down}`) {
    case '1x1':
      return '4:4:4';
    case '2x1':
      return '4:2:2';
    case '2x2':
      return '4:2:0';
    case '4x1':
      return '4:1:1';
    case '1x2':
      return '4:4:0';
    case '4x2':
      return '4:1:0';
    default:
      return 'other';
  }
}

/** @see JFIF 1.02: units are 0 (a ratio), 1 (an inch), 2 (a centimeter) */
function readDensity(data: Uint8Array): number | undefined {
  const density = readUint16(data, 8);
  if (density === 0) return undefined;
  return data[7] === 1 ? density : data[7] === 2 ? density * 2.54 : undefined;
}

function readQuantization(data: Uint8Array, tables: number[][]): void {
  let at = 0;
  while (at < data.length) {
    const head = data[at++] as number;
    const wide = head >> 4 > 0;
    const table: number[] = [];
    for (let i = 0; i < 64; i++, at += wide ? 2 : 1) {
      table.push(wide ? readUint16(data, at) : (data[at] ?? 0));
    }
    tables[head & 15] = table;
  }
}

/** Pieces by number or place. */
function joinPieces(pieces: ReadonlyMap<number, Uint8Array>): Uint8Array | undefined {
  if (pieces.size === 0) return undefined;
  return concatBytes([...pieces].sort(([p], [q]) => p - q).map(([, piece]) => piece));
}

/** Resource blocks may go on in a further segment, which has the mark again. */
function joinPhotoshop(segments: readonly Uint8Array[]): Uint8Array | undefined {
  const [first, ...others] = segments;
  return first && concatBytes([first, ...others.map((data) => data.subarray(PHOTOSHOP_MARK.length))]);
}

function readUint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function readUint32(bytes: Uint8Array, at: number): number {
  return readUint16(bytes, at) * 0x10000 + readUint16(bytes, at + 2);
}

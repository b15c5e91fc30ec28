import { concatBytes, textAt, viewOf } from '../../codec/bytes.js';
import { setExif } from '../../codec/exif.js';
import { JPEG, jpegSegments } from '../../codec/jpeg-segments.js';
import {
  makeExif,
  makeExtendedXmp,
  makeJfif,
  makePhotoshop,
  makeProfile,
  makeSegment,
  makeXmp,
} from '../../codec/jpeg-write.js';
import { makePngChunk } from '../../codec/png-chunks.js';
import { physOf } from '../../codec/png-info.js';
import { storeZlib } from '../../codec/store-zlib.js';
import { attachToWebp } from '../../codec/webp-chunks.js';
import { pointToExtendedXmp, unwrapXmp, withoutOrientation } from '../../codec/xmp.js';
import type { OutputFormat } from './format-names.js';
import { digestOf, hasAny, type ImageMetadata } from './metadata.js';
import type { Finish, Splice } from './splice.js';

/** What is written into an encoded file. */
export interface Attachment {
  readonly metadata: ImageMetadata;
  /** Dots an inch; undefined: the file says nothing of it. */
  readonly density: number | undefined;
  /** How the file is to be turned to be shown, 1 when it is upright. */
  readonly orientation: number;
  /** Of the picture. */
  readonly size: { readonly width: number; readonly height: number };
}

type Writer = (start: Uint8Array, fileBytes: number, attachment: Attachment) => Splice;

/** Formats that are taken apart here. Into the others only libvips can put metadata; it makes some up on the way. */
const WRITERS: Partial<Record<OutputFormat, Writer>> = { jpeg: attachToJpeg, png: attachToPng, webp: attachToWebpFile };

/** Whether a format's metadata is written here, not by libvips. */
export function isWrittenHere(format: OutputFormat): boolean {
  return WRITERS[format] !== undefined;
}

/** What puts metadata into a file that was encoded without any. @returns undefined where there is nothing to do */
export function makeFinish(format: OutputFormat, attachment: Attachment): Finish | undefined {
  const write = WRITERS[format];
  // libvips makes up a PNG's density.
  const isNeeded = format === 'png' || attachment.density !== undefined || hasAny(attachment.metadata, format);
  return write && isNeeded ? (start, fileBytes) => write(start, fileBytes, attachment) : undefined;
}

/** Signature, and the length, type, 13 bytes and checksum of IHDR. */
const PNG_HEADER_END = 8 + 25;
const PROFILE_NAME = Buffer.from('ICC profile\0\0', 'latin1');
const XMP_KEYWORD = Buffer.from('XML:com.adobe.xmp\0\0\0\0\0', 'latin1');
/** What the pixels cannot be read without. */
const NEEDED_CHUNKS = ['PLTE', 'tRNS'];

/** @see PNG third edition, section 5.6: what must come before PLTE, and before IDAT */
function attachToPng(start: Uint8Array, _fileBytes: number, attachment: Attachment): Splice {
  const { density, metadata } = attachment;
  const { colorChunks = [], icc, texts = [] } = metadata;
  const view = viewOf(start);
  const needed: Uint8Array[] = [];
  let drop = PNG_HEADER_END;
  for (let type = ''; ; ) {
    type = textAt(start, drop + 4, drop + 8);
    if (type === 'IDAT' || type === '') break;
    const end = drop + 12 + view.getUint32(drop);
    if (NEEDED_CHUNKS.includes(type)) needed.push(start.subarray(drop, end));
    drop = end;
  }
  const exif = exifOf(attachment);
  const packet = xmpOf(attachment);
  const before = [
    ...colorChunks.map(({ type, data }) => makePngChunk(type, data)),
    ...(icc ? [makePngChunk('iCCP', concatBytes([PROFILE_NAME, storeZlib(icc)]))] : []),
  ];
  const after = [
    ...(density === undefined ? [] : [makePngChunk('pHYs', physOf(density))]),
    ...(exif ? [makePngChunk('eXIf', exif)] : []),
    ...(packet ? [makePngChunk('iTXt', concatBytes([XMP_KEYWORD, packet]))] : []),
    ...texts.map(({ type, data }) => makePngChunk(type, data)),
  ];
  // As many bytes as libvips' own chunk, in no unit: a large file need not be moved to say nothing.
  if (before.length + after.length === 0) after.push(makePngChunk('pHYs', Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0)));
  return { drop, head: concatBytes([start.subarray(0, PNG_HEADER_END), ...before, ...needed, ...after]) };
}

function attachToJpeg(start: Uint8Array, _fileBytes: number, attachment: Attachment): Splice {
  const { density, metadata } = attachment;
  const { icc, photoshop, comments = [] } = metadata;
  let drop = 2;
  for (const { marker, start: at, end } of jpegSegments(start)) {
    // APP14 tells how the colors are coded.
    if (at === drop && marker >= JPEG.app0 && marker <= JPEG.app13) drop = end;
  }
  const exif = exifOf(attachment);
  const segments = [
    ...(density === undefined ? [] : [makeJfif(density)]),
    ...listOf(exif && makeExif(exif)),
    ...xmpSegments(xmpOf(attachment)),
    ...(icc ? makeProfile(icc) : []),
    ...(photoshop ? makePhotoshop(photoshop) : []),
    ...comments.map((text) => makeSegment(JPEG.comment, text)),
  ];
  return { drop, head: concatBytes([start.subarray(0, 2), ...segments]) };
}

function xmpSegments(packet: Uint8Array | undefined): Uint8Array[] {
  if (!packet) return [];
  const segment = makeXmp(packet);
  if (segment) return [segment];
  const whole = new TextEncoder().encode(unwrapXmp(new TextDecoder().decode(packet)));
  const digest = digestOf(whole);
  const first = makeXmp(new TextEncoder().encode(pointToExtendedXmp(digest)));
  return [...listOf(first), ...makeExtendedXmp(whole, digest)];
}

function attachToWebpFile(start: Uint8Array, fileBytes: number, attachment: Attachment): Splice {
  const exif = exifOf(attachment);
  return attachToWebp(start, fileBytes, { icc: attachment.metadata.icc, exif, xmp: xmpOf(attachment) });
}

/** The block with the picture's orientation and size. */
function exifOf({ metadata, orientation, size }: Attachment): Uint8Array | undefined {
  if (!metadata.exif) return undefined;
  const exif = Uint8Array.from(metadata.exif); // the slice of a Buffer shares its memory
  setExif(exif, { orientation, ...size });
  return exif;
}

function xmpOf({ metadata, orientation }: Attachment): Uint8Array | undefined {
  const { xmp } = metadata;
  if (!xmp || orientation !== 1) return xmp;
  const packet = new TextDecoder().decode(xmp);
  const upright = withoutOrientation(packet);
  return upright === packet ? xmp : new TextEncoder().encode(upright);
}

function listOf<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}

import { viewOf } from './bytes.js';
import { openTiff, readerOf, TIFF, type Tiff, type TiffDirectory, type TiffEntry } from './tiff-directories.js';

/** Tags of Exif 2.32, sections 4.6.2 to 4.6.8, and of TIFF 6.0. */
const TAG = {
  description: 0x010e,
  orientation: 0x0112,
  xResolution: 0x011a,
  transferFunction: 0x012d,
  whitePoint: 0x013e,
  primaryChromaticities: 0x013f,
  iccProfile: 0x8773,
  exifDirectory: 0x8769,
  colorSpace: 0xa001,
  pixelWidth: 0xa002,
  pixelHeight: 0xa003,
  interoperability: 0xa005,
  gamma: 0xa500,
} as const;

const SRGB = 1;
const UNCALIBRATED = 0xffff;
const SHORTS = [3, 8];
const LONGS = [4, 9];

/** What a picture is now; what is left out stays as the block says. */
export interface ExifFacts {
  /** 1 to 8. */
  readonly orientation?: number;
  readonly width?: number;
  readonly height?: number;
  /** Whether the numbers are sRGB, when they are others than those that the block came with. */
  readonly isSrgb?: boolean;
}

/**
 * An EXIF block without what only the old pixels bore out: the thumbnail with its directory, and a profile. Nothing moves, since
 * makers' notes hold offsets: what goes is cleared, and cut where it lay at the end.
 *
 * @param block from its byte order mark on
 * @returns a copy; undefined for what is no EXIF block
 */
export function cleanExif(block: Uint8Array): Uint8Array | undefined {
  const copy = Uint8Array.from(block); // the slice of a Buffer shares its memory
  return edit(copy, (tiff, main) => {
    const profile = main.entries.get(TAG.iccProfile);
    if (profile) removeEntry(copy, tiff, main, profile);
    const { next, nextAt } = tiff.directory(main.at);
    viewOf(copy).setUint32(nextAt, 0, tiff.little);
    return next === 0 ? copy : cutThumbnail(copy, tiff, next);
  });
}

/** The picture's description in words, ASCII or UTF-8. @param block from its byte order mark on @returns undefined for none */
export function readDescription(block: Uint8Array): string | undefined {
  const tiff = openTiff(readerOf(block));
  if (!tiff) return undefined;
  try {
    const [main] = tiff.pages(1);
    const entry = main?.entries.get(TAG.description);
    if (!entry) return undefined;
    const bytes = block.subarray(entry.valueAt, entry.valueAt + entry.byteLength);
    return new TextDecoder().decode(bytes).replace(/\0[\s\S]*$/, '') || undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Clears the second directory and the picture that it points to. */
function cutThumbnail(block: Uint8Array, tiff: Tiff, at: number): Uint8Array {
  const ranges: [begin: number, end: number][] = [];
  try {
    const { entries, nextAt } = tiff.directory(at);
    ranges.push([at, nextAt + 4]);
    for (const { valueAt, byteLength } of entries.values()) {
      if (byteLength > 4) ranges.push([valueAt, valueAt + byteLength]);
    }
    const [begin] = tiff.numbers(entries.get(TIFF.thumbnailOffset));
    const [bytes] = tiff.numbers(entries.get(TIFF.thumbnailBytes));
    if (begin !== undefined && bytes !== undefined) ranges.push([begin, begin + bytes]);
  } catch {
    // Broken: without its offset nobody finds it.
  }
  let end = block.length;
  for (const [from, to] of ranges.sort(([p], [q]) => q - p)) {
    block.fill(0, from, to);
    // Values begin at even places: a byte may lie between.
    if (to >= end - 1 && from < end) end = from;
  }
  return block.subarray(0, end);
}

/**
 * Writes what a picture is now into its EXIF block, where the block says anything of it. Tags of a color space that has been
 * converted away are removed.
 *
 * @param block from its byte order mark on; changed in place
 */
export function setExif(block: Uint8Array, { orientation, width, height, isSrgb }: ExifFacts): void {
  edit(block, (tiff, main) => {
    const set = (entry: TiffEntry | undefined, value: number | undefined): void => {
      if (!entry || value === undefined || entry.count !== 1) return;
      if (LONGS.includes(entry.type)) viewOf(block).setUint32(entry.valueAt, value, tiff.little);
      else if (SHORTS.includes(entry.type)) viewOf(block).setUint16(entry.valueAt, value, tiff.little);
    };
    const remove = (directory: number, tag: number): void => {
      const found = tiff.directory(directory);
      const entry = found.entries.get(tag);
      if (entry) removeEntry(block, tiff, found, entry);
    };
    set(main.entries.get(TAG.orientation), orientation);
    const [exif] = tiff.numbers(main.entries.get(TAG.exifDirectory));
    if (exif !== undefined) {
      const { entries } = tiff.directory(exif);
      set(entries.get(TAG.pixelWidth), width);
      set(entries.get(TAG.pixelHeight), height);
      if (isSrgb !== undefined) {
        set(entries.get(TAG.colorSpace), isSrgb ? SRGB : UNCALIBRATED);
        // "R03" there means Adobe RGB.
        for (const tag of [TAG.interoperability, TAG.gamma]) remove(exif, tag);
      }
    }
    if (isSrgb === undefined) return;
    for (const tag of [TAG.transferFunction, TAG.whitePoint, TAG.primaryChromaticities]) remove(main.at, tag);
  });
}

/** Whether a block tells a resolution of its own. */
export function hasExifDensity(block: Uint8Array): boolean {
  return edit(block, (_, main) => main.entries.has(TAG.xResolution)) ?? false;
}

/** @returns undefined where the block is broken */
function edit<T>(block: Uint8Array, work: (tiff: Tiff, main: TiffDirectory) => T): T | undefined {
  try {
    const tiff = openTiff(readerOf(block));
    const [main] = tiff?.pages(1) ?? [];
    return tiff && main && !tiff.isBig ? work(tiff, main) : undefined;
  } catch {
    return undefined; // offsets beyond its end
  }
}

/** Moves the entries behind it, and the offset of the next directory, one place up. */
function removeEntry(block: Uint8Array, { little }: Tiff, { at, nextAt }: TiffDirectory, entry: TiffEntry): void {
  if (entry.byteLength > 4) block.fill(0, entry.valueAt, entry.valueAt + entry.byteLength);
  block.copyWithin(entry.at, entry.at + 12, nextAt + 4);
  block.fill(0, nextAt + 4 - 12, nextAt + 4);
  const view = viewOf(block);
  view.setUint16(at, view.getUint16(at, little) - 1, little);
}

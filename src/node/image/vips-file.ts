import { open } from 'node:fs/promises';
import { endianness } from 'node:os';
import { onTempFile } from '../files/temp-trouble.js';
import { writeAll } from '../files/write-all.js';

/**
 * libvips' own uncompressed file format, written by us for one purpose: sharp cannot attach metadata bytes to raw
 * pixels, but it keeps what an image file brings along, and a `.v` file brings anything. It is mapped, not decoded.
 *
 * Layout: 64-byte header in native byte order, pixels, then XML with the metadata, blobs in base64.
 */
export interface VipsImage {
  readonly data: Uint8Array | Uint16Array;
  readonly width: number;
  /** Of all pages together. */
  readonly height: number;
  readonly channels: 3 | 4;
  /** Pixels a millimeter; libvips' own default is 1. */
  readonly resolution?: number;
  /** libvips' metadata names to bytes, e.g. `exif-data`, `icc-profile-data`. */
  readonly blobs: ReadonlyMap<string, Uint8Array>;
  /** Whole numbers or lists of them, e.g. `page-height`, `delay`. */
  readonly numbers: ReadonlyMap<string, number | readonly number[]>;
}

/** Pixels begin here. */
export const VIPS_HEADER_BYTES = 64;
const MAGIC = 0xb6a6f208;
const FORMAT_UCHAR = 0;
const FORMAT_USHORT = 2;
const INTERPRETATION_SRGB = 22;
const INTERPRETATION_RGB16 = 25;

/** @param path of a temporary file. @throws OUTPUT_UNWRITABLE, DISK_FULL */
export async function writeVipsFile(path: string, image: VipsImage): Promise<void> {
  const { data } = image;
  await onTempFile(path, async () => {
    const file = await open(path, 'w', 0o600);
    try {
      await writeAll(file, vipsHeader(image));
      await writeAll(file, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      await writeAll(file, new TextEncoder().encode(vipsTrailer(image)));
    } finally {
      await file.close();
    }
  });
}

/** The first VIPS_HEADER_BYTES of a file. */
export function vipsHeader({ data, width, height, channels, resolution = 1 }: VipsImage): Uint8Array {
  const is16Bit = data instanceof Uint16Array;
  const bytes = new Uint8Array(VIPS_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  const little = endianness() === 'LE';
  // The magic tells the byte order: b6 a6 f2 08 on little-endian machines, reversed on others.
  view.setUint32(0, MAGIC, !little);
  const fields = [
    width,
    height,
    channels,
    is16Bit ? 16 : 8,
    is16Bit ? FORMAT_USHORT : FORMAT_UCHAR,
    0, // coding: none
    is16Bit ? INTERPRETATION_RGB16 : INTERPRETATION_SRGB,
  ];
  for (const [i, value] of fields.entries()) view.setInt32(4 + 4 * i, value, little);
  view.setFloat32(32, resolution, little);
  view.setFloat32(36, resolution, little);
  return bytes;
}

/** What follows the pixels. */
export function vipsTrailer({ blobs, numbers }: VipsImage): string {
  const fields: string[] = [];
  for (const [name, bytes] of blobs) {
    fields.push(`<field type="VipsBlob" name="${name}">${Buffer.from(bytes).toString('base64')}</field>`);
  }
  for (const [name, value] of numbers) {
    fields.push(
      typeof value === 'number'
        ? `<field type="gint" name="${name}">${value}</field>`
        : `<field type="VipsArrayInt" name="${name}">${value.join(' ')} </field>`,
    );
  }
  return `<?xml version="1.0"?>\n<root xmlns="http://www.vips.ecs.soton.ac.uk/vips/8.18.0">\n<header></header>\n<meta>\n${fields.join('\n')}\n</meta>\n</root>\n`;
}

/** Layout of a `.v` file that libvips wrote. @returns undefined for anything but 3 or 4 samples of 8 or 16 bits */
export function readVipsHeader(
  bytes: Uint8Array,
): { width: number; height: number; channels: 3 | 4; is16Bit: boolean } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, VIPS_HEADER_BYTES);
  const little = endianness() === 'LE';
  if (view.getUint32(0, !little) !== MAGIC) return undefined;
  const [width, height, channels, , format, coding] = [0, 1, 2, 3, 4, 5].map((i) => view.getInt32(4 + 4 * i, little));
  const is16Bit = format === FORMAT_USHORT;
  if ((format !== FORMAT_UCHAR && !is16Bit) || coding !== 0) return undefined;
  if (channels !== 3 && channels !== 4) return undefined;
  return { width: width as number, height: height as number, channels, is16Bit };
}

import { writeFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import sharp from 'sharp';
import { readDescription } from '../codec/exif.js';
import { type Checks, checkOptions, oneOf, text } from '../core/check-options.js';
import { ColorshineError, formatRow, type Lut, type LutFile, type Plan, parseCube } from '../core/index.js';
import { toPlainText } from '../core/lut/cube-rows.js';
import { cubeChunks } from '../core/lut/format-cube.js';
import { haldFromLut, lutFromHald } from '../core/lut/hald.js';
import { readInput, statInput } from './files/input.js';
import { writeWhole } from './files/output.js';
import { withoutMark } from './image/inspect.js';
import { decodeImage } from './image/open-image.js';

/** 256^3 rows of 27 characters are 450 MB. */
const MAX_CUBE_BYTES = 512 * 1024 * 1024;

/** A table from a file, and which kind of file it was. */
export interface OpenedLut extends LutFile {
  /** What kind of file it was. */
  readonly kind: 'cube' | 'hald';
  /** Of a Hald image's samples. */
  readonly bits?: 8 | 16;
}

/**
 * Reads a .cube file or a Hald image, whatever its name.
 *
 * @throws INVALID_LUT, and what reading a file throws
 */
export async function readLutFile(path: string): Promise<OpenedLut> {
  const { size } = await statInput(path);
  if (size > MAX_CUBE_BYTES) {
    throw new ColorshineError('INVALID_LUT', `${path}: expected a file of at most 512 MB, got ${size} bytes`);
  }
  const bytes = await readInput(path);
  if (isText(bytes)) return { ...parseCube(bytes, path), kind: 'cube' };
  const { pixels } = await decodeImage(bytes, { name: path, profile: 'numbers' });
  const lut = lutFromHald(pixels, path);
  return {
    lut,
    has3D: true,
    ...(await readPlanWords(bytes)),
    kind: 'hald',
    bits: pixels.data instanceof Uint16Array ? 16 : 8,
  };
}

/** Between title and comments in a Hald image's EXIF. Rows have semicolons, too, with nothing behind. */
const BETWEEN = '; ';

/** What `writeLutFile` wrote into a Hald image's EXIF. */
async function readPlanWords(bytes: Uint8Array): Promise<Pick<LutFile, 'title' | 'comments'>> {
  const { exif } = await sharp(bytes).metadata();
  const [title, ...comments] = (exif && readDescription(withoutMark(exif)))?.split(BETWEEN) ?? [];
  return { ...(title && { title }), comments };
}

/** Image formats all have bytes below 9 near their beginning. */
function isText(bytes: Uint8Array): boolean {
  return toPlainText(bytes)
    .subarray(0, 64)
    .every((byte) => byte >= 9 && byte !== 0xff);
}

export interface WriteLutOptions {
  /** Of a Hald image. Default 16: with 8, colors come out one code off. */
  readonly bits?: 8 | 16;
  /** Of the program, for the note in the file about who wrote it. */
  readonly version: string;
}

const CHECKS: Checks<WriteLutOptions> = { bits: oneOf([8, 16]), version: text };

/**
 * Writes a table as .cube or Hald PNG, by the extension, with a description of the plan it froze.
 *
 * @throws INVALID_OPTION for another extension or a size that the format cannot hold, OUTPUT_UNWRITABLE
 */
export async function writeLutFile(path: string, lut: Lut, plan: Plan, options: WriteLutOptions) {
  checkOptions(options, CHECKS);
  const { bits = 16, version } = options;
  const { title, comments } = describePlan(plan, version);
  if (lutFormat(path) === 'cube') {
    return writeWhole(path, (temp) => writeFile(temp, cubeChunks(lut, title, comments)));
  }
  const { data, width, height, channels } = haldFromLut(lut, bits);
  const image = sharp(data as Uint8Array, { raw: { width, height, channels } });
  const described = (bits === 16 ? image.toColourspace('rgb16') : image).withExif({
    IFD0: { ImageDescription: [title, ...comments].join(BETWEEN) },
  });
  return writeWhole(path, async (temp) => void (await described.png().toFile(temp)));
}

/** @param parameter how the error calls the path @throws INVALID_OPTION */
export function lutFormat(path: string, parameter = 'path'): 'cube' | 'hald' {
  const extension = extname(path).toLowerCase();
  if (extension === '.cube') return 'cube';
  if (extension === '.png') return 'hald';
  throw new ColorshineError(
    'INVALID_OPTION',
    `${parameter}: expected a name that ends in .cube or .png, got ${JSON.stringify(basename(path))}`,
  );
}

/** The frozen plan in words: whoever finds the file later can tell what it does. */
function describePlan({ rows, channels, blend, gamut, pixels }: Plan, version: string) {
  const names = rows.map(formatRow);
  const off = (['luminance', 'saturation', 'hue'] as const).filter((name) => !channels[name]);
  const space = gamut === 'display-p3' ? 'Display P3' : 'sRGB';
  return {
    title: `Colorshine ${names.join(' ')}`,
    comments: [
      `Made by colorshine ${version}. Encoded ${space} in and out.`,
      rows.every(({ reach }) => reach !== undefined)
        ? 'All reaches are fixed: it holds for every image.'
        : `The radii are frozen, measured on ${pixels} pixels:`,
      ...rows.map(({ radius }, i) => `  ${names[i]} radius ${radius.toFixed(6)} (Oklab)`),
      ...(blend === 'oklch' ? [] : [`Blend: ${blend}`]),
      ...(off.length > 0 ? [`Channels left alone: ${off.join(', ')}`] : []),
    ],
  };
}

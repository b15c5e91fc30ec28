import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import type { OutputFormat } from '../../src/node/index.js';
import { below } from './line.js';

/** Small pictures of every format, and of the kinds that are read by another way. */
export async function makePictures(): Promise<{ name: string; bytes: Buffer }[]> {
  const side = 48;
  const data = Buffer.from(Array.from({ length: side * side * 4 }, (_, i) => (i * 37) ^ (i >> 5)));
  const image = (): Sharp => sharp(data, { raw: { width: side, height: side, channels: 4 } });
  const made: Record<string, Sharp> = {
    'a.png': image().png(),
    'palette.png': image().png({ palette: true }),
    'interlaced.png': image().removeAlpha().png({ progressive: true }),
    'deep.png': image().toColourspace('rgb16').png(),
    'a.jpg': image()
      .removeAlpha()
      .withExif({ IFD0: { Artist: 'x' } })
      .jpeg(),
    'progressive.jpg': image().removeAlpha().withIccProfile('p3').jpeg({ progressive: true }),
    'cmyk.jpg': image().removeAlpha().toColourspace('cmyk').jpeg(),
    'a.webp': image().webp(),
    'lossless.webp': image().webp({ lossless: true }),
    'a.gif': image().gif(),
    'a.tiff': image().tiff({ compression: 'lzw' }),
    'tiled.tiff': image().tiff({ tile: true, pyramid: true }),
    'a.avif': image().avif({ effort: 0 }),
  };
  return Promise.all(Object.entries(made).map(async ([name, picture]) => ({ name, bytes: await picture.toBuffer() })));
}

/** A picture of a pattern, another for each `n`, 40 to 700 x 40 to 500 pixels; no two are alike. */
export function makePicture(random: () => number, n: number): Sharp {
  const [width, height] = [40 + below(random, 660), 40 + below(random, 460)];
  const data = Buffer.from(Array.from({ length: width * height * 3 }, (_, at) => (at * (n + 3)) ^ (at >> 9)));
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** Pictures as files named by their number, of the formats in turn. */
export async function makeImages(
  folder: string,
  count: number,
  random: () => number,
  formats: readonly OutputFormat[] = ['png'],
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let i = 0; i < count; i++) {
    const format = formats[i % formats.length] ?? 'png';
    await makePicture(random, i)
      .toFormat(format)
      .toFile(join(folder, `${i}.${format}`));
  }
}

/** Small real images for the plugin's tests. */
import sharp, { type Sharp } from 'sharp';

export interface Rgb {
  readonly r: number;
  readonly g: number;
  readonly b: number;
}

export function makePng(width: number, height: number, background: Rgb): Promise<Uint8Array> {
  return toBytes(sharp({ create: { width, height, channels: 3, background } }).png());
}

export function makeJpeg(width: number, height: number, background: Rgb): Promise<Uint8Array> {
  return toBytes(sharp({ create: { width, height, channels: 3, background } }).jpeg());
}

export function makeGif(width: number, height: number): Promise<Uint8Array> {
  return toBytes(sharp({ create: { width, height, channels: 3, background: '#808080' } }).gif());
}

async function toBytes(image: Sharp): Promise<Uint8Array> {
  return new Uint8Array(await image.toBuffer());
}

/** What the scripted window answers: a different image of the same size and kind. */
export function invert(bytes: Uint8Array): Promise<Uint8Array> {
  return toBytes(sharp(bytes).negate({ alpha: false }));
}

/** A picture with many colors and, unless opaque, every alpha. Deterministic. */
export function makePicture(
  width: number,
  height: number,
  { seed = 1, kind = 'png', isOpaque = false }: { seed?: number; kind?: 'png' | 'jpeg'; isOpaque?: boolean } = {},
): Promise<Uint8Array> {
  const data = new Uint8Array(width * height * 4);
  let state = seed >>> 0;
  for (let i = 0; i < width * height; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const x = (i % width) / width;
    const y = Math.floor(i / width) / height;
    const noise = (state >>> 24) / 8;
    data[i * 4] = (220 * x + noise + 40 * seed) & 255;
    data[i * 4 + 1] = 220 * y + noise;
    data[i * 4 + 2] = 220 * (1 - x) * y + noise;
    data[i * 4 + 3] = isOpaque || kind === 'jpeg' ? 255 : state >>> 16;
  }
  const image = sharp(data, { raw: { width, height, channels: 4 } });
  return toBytes(kind === 'png' ? image.png() : image.removeAlpha().jpeg({ quality: 92 }));
}

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

import type { OutputInfo, Sharp } from 'sharp';
import type { Gamut, Pixels } from '../../core/index.js';

/**
 * Runs a pipeline to pixels: RGB or RGBA, 8 or 16 bits; grey becomes RGB.
 *
 * @param gamut of the numbers that come out
 * @throws when libvips gives other than 3 or 4 channels, as exotic TIFFs can
 */
export async function readRawPixels(
  pipeline: Sharp,
  is16Bit: boolean,
  gamut: Gamut,
): Promise<{ pixels: Pixels; info: OutputInfo }> {
  const raw = is16Bit ? pipeline.toColourspace('rgb16').raw({ depth: 'ushort' }) : pipeline.toColourspace('srgb').raw();
  const { data, info } = await raw.toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const samples = is16Bit ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2) : data;
  if (channels === 3 || channels === 4) return { pixels: { data: samples, width, height, channels, gamut }, info };
  // A pipeline that ends in `greyscale` or `extractChannel` keeps to one band.
  if (channels !== 1 && channels !== 2) throw new Error(`${channels} channels where 1 to 4 were expected`);
  return { pixels: { ...spreadGrey(samples, channels), width, height, gamut }, info };
}

function spreadGrey(grey: Uint8Array | Uint16Array, bands: 1 | 2): Pick<Pixels, 'channels' | 'data'> {
  const channels = bands === 1 ? 3 : 4;
  const length = (grey.length / bands) * channels;
  const data = grey instanceof Uint16Array ? new Uint16Array(length) : new Uint8Array(length);
  for (let from = 0, at = 0; from < grey.length; from += bands, at += channels) {
    data.fill(grey[from] as number, at, at + 3);
    if (bands === 2) data[at + 3] = grey[from + 1] as number;
  }
  return { channels, data };
}

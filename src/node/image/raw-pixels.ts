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
  if (channels !== 3 && channels !== 4) throw new Error(`${channels} channels where 3 or 4 were expected`);
  const samples = is16Bit ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2) : data;
  return { pixels: { data: samples, width, height, channels, gamut }, info };
}

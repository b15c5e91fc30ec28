import sharp, { type Sharp } from 'sharp';
import type { Samples } from '../../core/index.js';
import { releaseTemp, reserveScratch } from '../files/temp.js';
import type { DecodedImage } from './decode.js';
import { type EncodeOptions, openRaw, toVipsImage } from './encode.js';
import { writeVipsFile } from './vips-file.js';

/** Whether the pixels that are written are others than those of the image. */
export function isReshaped(image: DecodedImage, options: EncodeOptions): boolean {
  const { pixels, pageHeight, orientation, pages } = image;
  const { width, height } = measureFitted(image, options);
  const isTurned = options.upright === true && orientation !== undefined && pages === 1;
  return isTurned || pixels.width !== width || pageHeight !== height;
}

/** The size of a page as it is to be written. */
export function measureFitted(
  { pixels, pageHeight, orientation, pages }: DecodedImage,
  { upright, size }: EncodeOptions,
): { width: number; height: number } {
  // Orientations from 5 on lie on their side.
  const isOnSide = upright === true && pages === 1 && (orientation ?? 1) > 4;
  const [width, height] = isOnSide ? [pageHeight, pixels.width] : [pixels.width, pageHeight];
  const scale = Math.min(1, (size?.width ?? width) / width, (size?.height ?? height) / height);
  const shrink = (side: number): number => Math.max(1, Math.round(side * scale));
  return { width: shrink(width), height: shrink(height) };
}

/** Turns and shrinks, as asked. A JPEG is laid over white before: what alpha hides must not show at its edges. */
export function reshape(pipeline: Sharp, image: DecodedImage, { format, upright, size }: EncodeOptions): Sharp {
  const turned = upright && image.orientation && image.pages === 1 ? pipeline.autoOrient() : pipeline;
  const opaque = format === 'jpeg' ? turned.flatten({ background: '#fff' }) : turned;
  return size ? opaque.resize({ ...size, fit: 'inside', withoutEnlargement: true }) : opaque;
}

/**
 * A picture as it is to be written: turned upright and shrunk, in memory, so that every encoder takes it from there.
 *
 * @returns the image itself where nothing is to be done
 */
export async function fitImage(image: DecodedImage, options: EncodeOptions): Promise<DecodedImage> {
  if (!isReshaped(image, options)) return image;
  // Only a file tells sharp of pages, which it resizes one by one, and of an orientation.
  if (image.pages === 1 && !(options.upright && image.orientation)) return readFitted(openRaw(image), image, options);
  const temp = reserveScratch();
  try {
    await writeVipsFile(temp, { ...toVipsImage(image), blobs: new Map() });
    const file = sharp(temp, { limitInputPixels: false, ...(image.pages > 1 && { pages: -1 }) });
    return await readFitted(file, image, options);
  } finally {
    await releaseTemp(temp);
  }
}

/** @param opened the image's pixels */
export async function readFitted(opened: Sharp, image: DecodedImage, options: EncodeOptions): Promise<DecodedImage> {
  const is16Bit = image.pixels.data instanceof Uint16Array;
  const { data, info } = await reshape(opened, image, options)
    .toColourspace(is16Bit ? 'rgb16' : 'srgb')
    .raw(is16Bit ? { depth: 'ushort' } : {})
    .toBuffer({ resolveWithObject: true });
  const { width, height, pageHeight = height } = info;
  const samples: Samples = is16Bit ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2) : data;
  const pixels = { ...image.pixels, data: samples, width, height, channels: info.channels as 3 | 4 };
  const { orientation: _, ...rest } = image;
  return { ...(options.upright ? rest : image), pixels, pageHeight };
}

import type { Picture } from '../worker/engine.js';

/** Puts RGBA on a canvas of the same size, in the picture's own color space. */
export function paintPicture(canvas: HTMLCanvasElement, { data, width, height, gamut }: Picture): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  // A canvas keeps the color space of its first context: each picture's canvas is keyed by gamut.
  const painter = canvas.getContext('2d', { colorSpace: gamut });
  const pixels = data as Uint8ClampedArray<ArrayBuffer>;
  painter?.putImageData(new ImageData(pixels, width, height, { colorSpace: gamut }), 0, 0);
}

/** The browser's decoders without harm: ImageBitmap to raw WebGL2 texture to readPixels, or to a canvas what is opaque. */
import type { Pacer } from './pacer.js';

/** Rows uploaded and read back at once. */
const STRIP_ROWS = 256;

export interface RawImage {
  /** RGBA, 8 bits, unpremultiplied. */
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/**
 * Decodes by the browser, upright by EXIF.
 *
 * @param convert true: to sRGB by the file's profile; false: the numbers as they stand in the file
 * @param width of the result, the height in proportion; undefined: as it is
 * @throws what createImageBitmap throws for a broken or unknown file
 */
export async function decodeBitmap(
  bytes: Uint8Array,
  mime: string,
  convert: boolean,
  width?: number,
): Promise<ImageBitmap> {
  return createImageBitmap(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: mime }), {
    premultiplyAlpha: 'none',
    colorSpaceConversion: convert ? 'default' : 'none',
    ...(width !== undefined && { resizeWidth: width, resizeQuality: 'medium' }),
  });
}

let context: WebGL2RenderingContext | undefined;

/**
 * Strip by strip, because an upload of a whole picture is one long task (200 ms for 2048 x 2048 on a software GPU).
 *
 * @returns undefined where WebGL2 is missing, lost or too narrow for the picture
 */
export async function readBitmapByWebgl(
  bitmap: ImageBitmap,
  pacer: Pacer,
  stripRows = STRIP_ROWS,
): Promise<RawImage | undefined> {
  const gl = getContext();
  const { width, height } = bitmap;
  if (!gl || width > gl.getParameter(gl.MAX_TEXTURE_SIZE)) return undefined;
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y += stripRows) {
    const rows = Math.min(stripRows, height - y);
    const strip = await createImageBitmap(bitmap, 0, y, width, rows, {
      premultiplyAlpha: 'none',
      colorSpaceConversion: 'none',
    });
    const isRead = readStrip(gl, strip, data.subarray(y * width * 4, (y + rows) * width * 4));
    strip.close();
    if (!isRead) return undefined;
    await pacer.pause();
  }
  return { data, width, height };
}

/** @param out RGBA of the whole strip. @returns false when the context failed, which else reads zeros without a word */
function readStrip(gl: WebGL2RenderingContext, strip: ImageBitmap, out: Uint8Array): boolean {
  const texture = gl.createTexture();
  const framebuffer = gl.createFramebuffer();
  try {
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
    gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
    gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE, strip);
    gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
    if (gl.checkFramebufferStatus(gl.FRAMEBUFFER) !== gl.FRAMEBUFFER_COMPLETE) return false;
    gl.readPixels(0, 0, strip.width, strip.height, gl.RGBA, gl.UNSIGNED_BYTE, out);
    return !gl.isContextLost() && gl.getError() === gl.NO_ERROR;
  } finally {
    gl.deleteFramebuffer(framebuffer);
    gl.deleteTexture(texture);
  }
}

/** For opaque pictures only: a 2D canvas premultiplies. On the processor, which is where its pixels are wanted. */
export async function readBitmapByCanvas(bitmap: ImageBitmap, pacer: Pacer): Promise<RawImage> {
  const { width, height } = bitmap;
  const painter = openReadableCanvas(width, Math.min(height, STRIP_ROWS));
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y += STRIP_ROWS) {
    const rows = Math.min(STRIP_ROWS, height - y);
    painter.drawImage(bitmap, 0, y, width, rows, 0, 0, width, rows);
    data.set(painter.getImageData(0, 0, width, rows).data, y * width * 4);
    await pacer.pause();
  }
  return { data, width, height };
}

/** A canvas in the processor's memory: from that of a GPU pixels come back in three times the time. */
export function openReadableCanvas(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const options = { willReadFrequently: true };
  const painter = createCanvas(width, height).getContext('2d', options) as OffscreenCanvasRenderingContext2D | null;
  if (!painter) throw new Error('this browser offers no 2D canvas');
  return painter;
}

function createCanvas(width: number, height: number): OffscreenCanvas | HTMLCanvasElement {
  if (typeof OffscreenCanvas !== 'undefined') return new OffscreenCanvas(width, height);
  return Object.assign(document.createElement('canvas'), { width, height });
}

function getContext(): WebGL2RenderingContext | undefined {
  if (context && !context.isContextLost()) return context;
  try {
    const made = createCanvas(1, 1).getContext('webgl2', {
      antialias: false,
      depth: false,
    }) as WebGL2RenderingContext | null;
    context = made ?? undefined;
  } catch {
    context = undefined;
  }
  return context;
}

import type { Backend } from './backend.js';
import { createBreath } from './breath.js';
import { ColorshineError, throwIfCanceled } from './errors.js';
import type { Cancel, Pixels, Plan } from './types.js';

/** Pixels a block: their packed colors, in and out, stay within a core's cache. */
const BLOCK_PIXELS = 1 << 15;

/**
 * Evaluates every pixel, in place, alpha excepted, block by block; no table, so memory stays flat.
 *
 * @throws CANCELED, after which some blocks are changed; BACKEND_FAILED, also for 16 bits on a backend that has none
 */
export async function pullBlocks(pixels: Pixels, plan: Plan, backend: Backend, signal?: Cancel): Promise<void> {
  const { data, channels } = pixels;
  if (data instanceof Uint16Array) {
    if (!backend.evaluate16) {
      throw new ColorshineError('BACKEND_FAILED', `backend ${backend.name}: expected an 8-bit image, got 16 bits`);
    }
    return backend.evaluate16(data, channels, plan, signal);
  }
  const colors = new Uint32Array(BLOCK_PIXELS);
  const newColors = new Uint32Array(BLOCK_PIXELS);
  const blockBytes = BLOCK_PIXELS * channels;
  const breathe = createBreath();
  for (let start = 0; start < data.length; start += blockBytes) {
    throwIfCanceled(signal);
    const end = Math.min(data.length, start + blockBytes);
    const count = (end - start) / channels;
    for (let i = start, n = 0; i < end; i += channels, n++) {
      colors[n] = (data[i] as number) | ((data[i + 1] as number) << 8) | ((data[i + 2] as number) << 16);
    }
    await backend.evaluate(colors.subarray(0, count), plan, newColors.subarray(0, count), signal);
    for (let i = start, n = 0; i < end; i += channels, n++) {
      const color = newColors[n] as number;
      data[i] = color & 255;
      data[i + 1] = (color >>> 8) & 255;
      data[i + 2] = color >>> 16;
    }
    await breathe();
  }
}

/** The same in the backend's fastest way. @throws as `pullBlocks` */
export async function pullPixels(pixels: Pixels, plan: Plan, backend: Backend, signal?: Cancel): Promise<void> {
  const picture = await backend.openPicture?.({ ...pixels, gamut: plan.gamut }, { wantsCensus: false, signal });
  if (!picture) return pullBlocks(pixels, plan, backend, signal);
  try {
    await picture.pull(plan);
  } finally {
    picture.close();
  }
}

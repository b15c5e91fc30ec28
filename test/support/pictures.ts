import type { Backend, Pixels } from '../../src/index.js';

/** A picture large enough for threads, with flat regions, gradients, noise and, with 4 channels, every alpha. */
export function makePicture(channels: 3 | 4, width = 701, height = 613, offset = 0): Pixels {
  const memory = new Uint8Array(width * height * channels + offset);
  const data = memory.subarray(offset);
  let state = 7;
  for (let i = 0, n = 0; i < data.length; i += channels, n++) {
    const [x, y] = [n % width, Math.floor(n / width)];
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const noise = y > height / 2 ? state >>> 27 : 0;
    data.set(y < 90 ? [58, 111, 178] : [(x >> 2) + noise, (y >> 2) + noise, ((x * y) >> 11) + noise], i);
    if (channels === 4) data[i + 3] = x < 100 ? 0 : x & 255;
  }
  return { data, width, height, channels };
}

export const copyOf = (pixels: Pixels): Pixels => ({ ...pixels, data: pixels.data.slice() });
/** The same backend without its own way to do pictures: the core's stages. */
export const withoutPictures = (backend: Backend): Backend => ({
  name: backend.name,
  evaluate: (colors, plan, out, signal) => backend.evaluate(colors, plan, out, signal),
  dispose() {},
});
export const sameBytes = (p: Pixels, q: Pixels): boolean =>
  Buffer.compare(p.data as Uint8Array, q.data as Uint8Array) === 0;

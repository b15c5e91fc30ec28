import type { WasmBackend } from './backend.js';
import type { Workers } from './workers.js';

/** Up to so many pixels one thread with memory of its own is as soon done as several that share theirs, into which every byte is copied. */
const ALONE_CENSUS = 1 << 22;
/** The same where each pixel or color is computed. */
const ALONE_PULL = 1 << 18;
/** Smaller grids are built before a worker has heard of them. */
const ALONE_AXIS = 33;
/** A worker takes 65 ms of a core to start, and with one more a picture takes three quarters of the time at best. */
const START_PAYS_MS = 200;

/**
 * One thread for what is small, all there are for what is large: once workers run. They are started when large work adds up to more than
 * a start costs, or for a batch; how many take part then is the engine's to find out.
 *
 * @param alone has one thread
 * @param openTogether opens the one that shares its memory with the workers
 * @param isExpected whether large work is known to come: then it waits for the workers
 */
export function createAdaptiveBackend(
  alone: WasmBackend,
  workers: Workers,
  openTogether: () => Promise<WasmBackend>,
  isExpected: boolean,
): WasmBackend {
  let opening: Promise<WasmBackend> | undefined;
  let worked = 0;
  const together = (): Promise<WasmBackend> => (opening ??= openTogether());

  async function pick(isLarge: boolean): Promise<WasmBackend> {
    if (!isLarge) return alone;
    const starting = isExpected || worked >= START_PAYS_MS ? workers.start() : undefined;
    if (isExpected) await starting;
    return workers.free().length > 0 ? together() : alone;
  }

  /** Does something, and remembers how long large work took. */
  async function on<T>(isLarge: boolean, work: (backend: WasmBackend) => Promise<T>): Promise<T> {
    const backend = await pick(isLarge);
    const began = performance.now();
    try {
      return await work(backend);
    } finally {
      if (isLarge) worked += performance.now() - began;
    }
  }

  return {
    name: 'wasm',
    get threads() {
      return workers.remaining;
    },
    evaluate(colors, plan, out, signal) {
      // A census that is counted in shared memory is pulled there.
      const isThere = typeof SharedArrayBuffer === 'function' && colors.buffer instanceof SharedArrayBuffer;
      return on(isThere || colors.length > ALONE_PULL, (backend) => backend.evaluate(colors, plan, out, signal));
    },
    async evaluate16(samples, channels, plan, signal) {
      await on(samples.length / channels > ALONE_PULL, async (backend) =>
        backend.evaluate16?.(samples, channels, plan, signal),
      );
    },
    async sortPixels16(samples, channels, ...rest) {
      const isLarge = samples.length / channels > ALONE_PULL;
      return on(isLarge, async (backend) => (await backend.sortPixels16?.(samples, channels, ...rest)) ?? false);
    },
    async createSampler(...request) {
      return (await pick(true)).createSampler?.(...request);
    },
    async evaluateGrid(axis, ...rest) {
      await on(axis.length >= ALONE_AXIS, async (backend) => backend.evaluateGrid?.(axis, ...rest));
    },
    async openPicture(pixels, options) {
      const count = pixels.width * pixels.height;
      const isLarge = count > (options.wantsCensus ? ALONE_CENSUS : ALONE_PULL);
      const picture = await (await pick(isLarge)).openPicture?.(pixels, options);
      if (!picture || !isLarge) return picture;
      const began = performance.now();
      return {
        ...picture,
        close() {
          worked += performance.now() - began;
          picture.close();
        },
      };
    },
    async recolorApart(...request) {
      return (await together()).recolorApart?.(...request);
    },
    dispose() {
      alone.dispose();
      workers.dispose();
      opening?.then((backend) => backend.dispose()).catch(() => undefined);
    },
  };
}

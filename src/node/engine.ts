import { open } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { BackendCandidate } from '../backends/fallback.js';
import { createJsBackend } from '../backends/js/index.js';
import { BRIEF, type Budget, type CandidateReport, createSelector, HASTY, type Selection } from '../backends/select.js';
import { createWasmBackend } from '../backends/wasm/index.js';
import { LONE_PIXELS, MAX_LONE_PIXELS } from '../backends/wasm/lone-picture.js';
import { startNodePool } from '../backends/wasm/node-threads.js';
import { PICTURE_MIN_PIXELS } from '../backends/wasm/picture.js';
import { BACKENDS, type Backend, type BackendChoice, type ColorTable, createColorTable } from '../core/index.js';
import { checkChoice, checkInteger } from '../core/options.js';
import { LARGE_PIXELS } from './image/large-pixels.js';

export interface EngineOptions {
  /** Default `auto`: wasm where it passes its self-test, else js; with a GPU in the race, or a budget, the fastest by the clock. */
  readonly backend?: BackendChoice;
  /** Threads an image may use, 1 to 256. Default: all cores. */
  readonly threads?: number;
  /** Lets a GPU take part in `auto`. Default false: starting one costs more than most images. */
  readonly gpu?: boolean;
  /** Receives one sentence, once, when a backend fails and another goes on. */
  readonly onNotice?: (sentence: string) => void;
  /** How long `auto` times each backend. Default: not at all, briefly with a GPU. */
  readonly budget?: Budget;
}

/** What many images share: a backend and color tables. Reuse one for a batch; `dispose` it at the end. */
export interface Engine {
  /** Chooses on the first call and remembers. Call it early: it then runs beside the first decode. */
  select(): Promise<Selection>;
  /**
   * Starts what the first image will need in memory and threads, while other modules load or libvips decodes. The choice of a
   * backend takes this thread: leave it to `select`, when this thread has to wait anyway.
   *
   * @param pixels of that image, 0 for one of many; default: unknown, so expect a large one
   */
  warmUp(pixels?: number): void;
  /** Lends a table to one image; give it back all zero, as `recolorPixels` leaves it. */
  borrowTable(): { table: ColorTable; giveBack(): void };
  dispose(): void;
}

export type { CandidateReport, Selection };

export const THREADS_RANGE = { min: 1, max: 256 } as const;

/** @throws INVALID_OPTION */
export function createEngine(options: EngineOptions = {}): Engine {
  const { backend = 'auto', threads = availableParallelism(), gpu = false, onNotice } = options;
  const { budget = gpu ? BRIEF : HASTY } = options;
  checkChoice(backend, 'backend', BACKENDS);
  checkInteger(threads, 'threads', THREADS_RANGE);
  /** Up to so many pixels one image by itself has one thread: on two threads, what is gained is lost again by starting the second. */
  const loneLimit = threads > 2 ? LONE_PIXELS : MAX_LONE_PIXELS;
  /** Pixels of the first image, if it is one by itself. */
  let expected = Number.POSITIVE_INFINITY;
  const startWasm = () =>
    createWasmBackend({
      threads,
      startPool: startNodePool,
      sparing: expected <= loneLimit,
      expectsLone: expected <= loneLimit && expected >= PICTURE_MIN_PIXELS,
      // What goes through a file needs no tables but its own.
      ...(expected > loneLimit && expected <= LARGE_PIXELS && { layOut: fillWithZeros }),
      ...(onNotice && { onNotice }),
    });
  let early: Promise<Backend> | undefined;
  const takeWasm = (): Promise<Backend> => {
    const started = early;
    early = undefined; // a second start, after a failure, is a fresh one
    return started ?? startWasm();
  };
  const candidates = listCandidates(backend, gpu, takeWasm);
  const preferred = backend === 'auto' ? undefined : (candidates[0] as BackendCandidate).name;
  const select = createSelector(candidates, {
    budget,
    ...(onNotice && { onNotice }),
    ...(preferred && { preferred }),
  });
  const idle: ColorTable[] = [];
  let selection: Promise<Selection> | undefined;
  return {
    warmUp(pixels = LARGE_PIXELS) {
      if (backend === 'js' || selection || early) return;
      if (pixels > 0) expected = pixels;
      early = startWasm();
      early.catch(() => undefined); // whoever takes it hears of it
    },
    select: () => (selection ??= select()),
    borrowTable() {
      const table = idle.pop() ?? createColorTable();
      return { table, giveBack: () => void idle.push(table) };
    },
    dispose() {
      idle.length = 0;
      early?.then((unused) => unused.dispose()).catch(() => undefined);
      selection?.then(({ backend: chosen }) => chosen.dispose()).catch(() => undefined);
    },
  };
}

/**
 * Has the kernel lay out fresh memory on another core: touching the pages of a table costs 30 ms and more, and reading zeros
 * into them gets them touched without a thread of our own. Where there is no such device nothing is gained or lost.
 */
async function fillWithZeros(memory: Uint8Array): Promise<void> {
  const zeros = await open('/dev/zero');
  try {
    await zeros.read(memory, 0, memory.length, null);
  } finally {
    await zeros.close();
  }
}

function listCandidates(choice: BackendChoice, gpu: boolean, startWasm: () => Promise<Backend>): BackendCandidate[] {
  const js: BackendCandidate = { name: 'js', create: async () => createJsBackend() };
  const wasm: BackendCandidate = { name: 'wasm', create: startWasm };
  const webgpu: BackendCandidate = {
    name: 'webgpu',
    create: async () => (await import('../backends/gpu/node.js')).openNodeGpuBackend(),
  };
  switch (choice) {
    case 'js':
      return [js];
    case 'wasm':
      return [wasm];
    case 'gpu':
      return [webgpu, wasm];
    case 'auto':
      return gpu ? [webgpu, wasm, js] : [wasm, js];
  }
}

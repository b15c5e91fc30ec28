import { open } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { BackendCandidate } from '../backends/fallback.js';
import { createJsBackend } from '../backends/js/index.js';
import {
  BRIEF,
  type CandidateReport,
  createSelector,
  HASTY,
  type Selection,
  type TimingBudget,
} from '../backends/select.js';
import { createWasmBackend } from '../backends/wasm/index.js';
import { startNodePool } from '../backends/wasm/node-threads.js';
import { BACKENDS, type BackendChoice, type ColorTable, clearTable, createColorTable } from '../core/index.js';
import { checkChoice, checkInteger } from '../core/options.js';

export interface EngineOptions {
  /** Default `auto`: the fastest of those that run here, by the clock. */
  readonly backend?: BackendChoice;
  /** Threads an image may use, 1 to 256. Default: all cores. */
  readonly threads?: number;
  /** Lets a GPU take part in `auto`. Default false: starting one costs more than most images. */
  readonly gpu?: boolean;
  /** Receives one sentence, once, when a backend fails and another goes on. */
  readonly onNotice?: (sentence: string) => void;
  /** How long `auto` times each backend. */
  readonly budget?: TimingBudget;
}

/** What many images share: a backend and color tables. Reuse one for a batch; `dispose` it at the end. */
export interface Engine {
  /** Chooses on the first call and remembers. Call it early: it then runs beside the first decode. */
  select(): Promise<Selection>;
  /** Starts what the first image will need, while other modules load. */
  warmUp(): void;
  /** Lends a table to one image; in shared memory when there are threads. */
  borrowTable(): Promise<LentTable>;
  /** Lends memory for the pixels of one image; shared when there are threads. What is in it is anything. */
  borrowMemory(bytes: number): LentMemory;
  dispose(): void;
}

export interface LentTable {
  /** All zero. */
  readonly table: ColorTable;
  /** @param colors whose slots are not zero. A table in any other state must not be given back. */
  giveBack(colors?: Uint32Array): void;
}

export interface LentMemory {
  readonly bytes: Uint8Array;
  giveBack(): void;
}

export type { CandidateReport, Selection };

/** Larger pictures' memory is not kept for the next one. */
const MAX_KEPT_BYTES = 1 << 28;
const MAX_IDLE_PICTURES = 4;

export const THREADS_RANGE = { min: 1, max: 256 } as const;

/** @throws INVALID_OPTION */
export function createEngine(options: EngineOptions = {}): Engine {
  const { backend = 'auto', threads = availableParallelism(), gpu = false, onNotice } = options;
  const { budget = gpu ? BRIEF : HASTY } = options;
  checkChoice(backend, 'backend', BACKENDS);
  checkInteger(threads, 'threads', THREADS_RANGE);
  const candidates = listCandidates(backend, threads, gpu, onNotice);
  const preferred = backend === 'auto' ? undefined : (candidates[0] as BackendCandidate).name;
  const select = createSelector(candidates, {
    budget,
    ...(onNotice && { onNotice }),
    ...(preferred && { preferred }),
  });
  const isThreaded = threads > 1;
  // Kept between images: a fresh page costs more to touch than to use. Tables are cleared when the next image comes,
  // since often none does.
  const idle: { table: ColorTable; colors: Uint32Array | undefined }[] = [];
  const idleMemory: ArrayBufferLike[] = [];
  let selection: Promise<Selection> | undefined;
  let warming: Promise<void> | undefined;
  return {
    select: () => (selection ??= select()),
    warmUp() {
      warming ??= touchTable(createColorTable(isThreaded)).then(
        (table) => void idle.push({ table, colors: undefined }),
      );
      (selection ??= select()).catch(() => undefined); // whoever awaits it hears of it
    },
    async borrowTable() {
      await warming;
      const kept = idle.pop();
      if (kept?.colors) clearTable(kept.table, kept.colors);
      const table = kept?.table ?? createColorTable(isThreaded);
      return { table, giveBack: (colors) => void idle.push({ table, colors }) };
    },
    borrowMemory(bytes) {
      const at = idleMemory.findIndex(({ byteLength }) => byteLength >= bytes);
      const memory =
        at >= 0
          ? (idleMemory.splice(at, 1)[0] as ArrayBufferLike)
          : isThreaded
            ? new SharedArrayBuffer(bytes)
            : new ArrayBuffer(bytes);
      return {
        bytes: new Uint8Array(memory, 0, bytes),
        giveBack() {
          if (memory.byteLength > MAX_KEPT_BYTES) return;
          if (idleMemory.length > 0) idleMemory.sort((p, q) => p.byteLength - q.byteLength);
          if (idleMemory.length >= MAX_IDLE_PICTURES) idleMemory.shift();
          idleMemory.push(memory);
        },
      };
    },
    dispose() {
      idle.length = 0;
      idleMemory.length = 0;
      selection?.then(({ backend: chosen }) => chosen.dispose()).catch(() => undefined);
    },
  };
}

/**
 * Has the kernel lay out a table's 64 MiB on another core: touching fresh pages costs 30 ms, and reading zeros into them is the
 * one way to have them touched beside this thread without a worker. Where there is no such device nothing is gained or lost.
 */
async function touchTable(table: ColorTable): Promise<ColorTable> {
  try {
    const zeros = await open('/dev/zero');
    try {
      await zeros.read(new Uint8Array(table.slots.buffer), 0, table.slots.byteLength, null);
    } finally {
      await zeros.close();
    }
  } catch {
    // Windows
  }
  return table;
}

function listCandidates(
  choice: BackendChoice,
  threads: number,
  gpu: boolean,
  onNotice: EngineOptions['onNotice'],
): BackendCandidate[] {
  const js: BackendCandidate = { name: 'js', create: async () => createJsBackend() };
  const wasm: BackendCandidate = {
    name: 'wasm',
    create: () => createWasmBackend({ threads, startPool: startNodePool, ...(onNotice && { onNotice }) }),
  };
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

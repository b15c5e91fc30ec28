import { availableParallelism } from 'node:os';
import type { BackendCandidate } from '../backends/fallback.js';
import { createJsBackend } from '../backends/js/index.js';
import { BRIEF, type Budget, type CandidateReport, createSelector, HASTY, type Selection } from '../backends/select.js';
import { anything, type Checks, callback, checkOptions, flag, oneOf, whole } from '../core/check-options.js';
import { BACKENDS, type Backend, type BackendChoice } from '../core/index.js';
import { THREADS_RANGE } from '../core/options.js';
import { openWasm } from './open-wasm.js';

export interface EngineOptions {
  /** Default `auto`: wasm where it passes its self-test, else js; with a GPU in the race, or a budget, the fastest by the clock. */
  readonly backend?: BackendChoice;
  /** Threads an image uses, 1 to 256. Default: up to all cores, as many as the clock finds to pay. */
  readonly threads?: number;
  /** Lets a GPU take part in `auto`. Default false: starting one costs more than most images. */
  readonly gpu?: boolean;
  /** Receives one sentence, once, when a backend fails and another goes on. */
  readonly onNotice?: (sentence: string) => void;
  /** How long `auto` times each backend. Default: not at all, briefly with a GPU. */
  readonly budget?: Budget;
}

/** What many images share: a backend with its threads and tables. Reuse one for a batch; `dispose` it at the end. */
export interface Engine {
  /** Chooses on the first call and remembers. Call it early: it then runs beside the first decode. */
  select(): Promise<Selection>;
  /**
   * Starts the kernels, and the threads where they will be needed, while other modules load or libvips decodes. The choice of a
   * backend takes this thread: leave it to `select`, when this thread has to wait anyway.
   *
   * @param pixels of that image, 0 for one of many; default: unknown, so expect a large one
   */
  warmUp(pixels?: number): void;
  dispose(): void;
}

export type { CandidateReport, Selection };

/** A larger image by itself wants its threads at once: three or more, or two, of which the second gains less than it costs to start. */
const THREADS_FROM = { many: 2 ** 22, two: 2 ** 24 } as const;

/** Checks of the options that an image's own engine is made with. */
export const ENGINE_CHECKS = { backend: oneOf(BACKENDS), threads: whole(THREADS_RANGE) } as const;

const CHECKS: Checks<EngineOptions> = {
  ...ENGINE_CHECKS,
  gpu: flag,
  onNotice: callback,
  budget: anything,
};

/** @throws INVALID_OPTION */
export function createEngine(options: EngineOptions = {}): Engine {
  checkOptions(options, CHECKS);
  const { backend = 'auto', threads, gpu = false, onNotice } = options;
  const { budget = gpu ? BRIEF : HASTY } = options;
  let startsAtOnce = false;
  const startWasm = () => openWasm(threads, { startsAtOnce, ...(onNotice && { onNotice }) });
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
  let selection: Promise<Selection> | undefined;
  return {
    warmUp(pixels = Number.POSITIVE_INFINITY) {
      if (backend === 'js' || selection || early) return;
      const threadsFrom = (threads ?? availableParallelism()) > 2 ? THREADS_FROM.many : THREADS_FROM.two;
      startsAtOnce = pixels === 0 || pixels > threadsFrom; // many images take a thread each
      early = startWasm();
      early.catch(() => undefined); // whoever takes it hears of it
    },
    select: () => (selection ??= select()),
    dispose() {
      early?.then((unused) => unused.dispose()).catch(() => undefined);
      selection?.then(({ backend: chosen }) => chosen.dispose()).catch(() => undefined);
    },
  };
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

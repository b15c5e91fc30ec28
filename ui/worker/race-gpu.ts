/// <reference path="../../src/backends/gpu/imports.d.ts" />
import { createWorkerGpuBackend } from '../../src/backends/gpu/remote.js';
import { unpackScript } from '../../src/backends/gpu/unpack-script.js';
import packed from '../../src/backends/gpu/worker.js?packed';
import { createJsBackend } from '../../src/backends/js/index.js';
import { selectBackend } from '../../src/backends/select.js';
import { makeTimingPlan } from '../../src/backends/self-test.js';
import { PATIENT, type TimingBudget, timeBackend } from '../../src/backends/timing.js';
import type { Backend } from '../../src/core/backend.js';
import type { ChosenBackend } from './create-backend.js';
import { GPU_MODES, isGpu } from './gpu-modes.js';
import { findSoftware, readRenderer } from './renderer.js';

/** What tests change. Plain data: it travels to the worker. */
export interface RaceOptions {
  /** Races a software renderer too, which costs seconds of processor time. Default false. */
  readonly includeSoftware?: boolean;
  /** Colors per second that count instead of what was measured for `wasm` and `js`. */
  readonly measured?: ReadonlyMap<string, number>;
}

/** A driver that takes longer to open or for one tile hangs, milliseconds; whoever waits for an Apply should not. */
const GPU_DEADLINE_MS = 10_000;
/** More than for a processor: the first run at each tile size compiles, and small samples say little of a GPU. */
const BUDGET: TimingBudget = { minMs: 100, minRuns: 12, maxMs: 1500, goalMs: 60 };

/**
 * Lets WebGL2 and WebGPU run against what is in use, by the clock; each in a worker of its own, so that compiling
 * and reading back hold up no preview.
 *
 * @param current what is in use; it goes on, as the winner or behind the winner
 * @param onNotice receives a sentence when the winner fails or is repaired; losers make no noise
 */
export async function raceGpu(
  current: ChosenBackend,
  onNotice: (sentence: string) => void,
  options: RaceOptions = {},
): Promise<ChosenBackend> {
  const obstacle = findObstacle(options);
  if (obstacle) return { ...current, reason: `${current.reason} The GPU was left out: ${obstacle}.` };
  let isRacing = true;
  const tell = (sentence: string): void => {
    if (!isRacing) onNotice(sentence);
  };
  const candidates = [
    ...GPU_MODES.map((mode) => ({
      name: mode,
      create: async () => {
        const script = await unpackScript(packed);
        return createWorkerGpuBackend({ mode, worker: { script }, deadline: GPU_DEADLINE_MS, onNotice: tell });
      },
    })),
    { name: current.backend.name, create: async () => current.backend },
  ];
  const measured = options.measured ?? (await timeProcessor(current.backend));
  const { chosen, sentence, backend } = await selectBackend(candidates, { measured, budget: BUDGET, onNotice: tell });
  isRacing = false;
  // Nothing was started for a winner that runs already.
  return { ...current, reason: sentence, ...(isGpu(chosen) && { backend }) };
}

/** Colors per second of what runs here: short runs, so that previews go on between them. */
async function timeProcessor(current: Backend): Promise<Map<string, number>> {
  const speeds = new Map<string, number>();
  for (const backend of [createJsBackend(), current]) {
    speeds.set(backend.name, await timeBackend(backend, makeTimingPlan(), () => performance.now(), PATIENT));
  }
  return speeds;
}

/** Why no GPU is tried, as a part of a sentence. */
function findObstacle({ includeSoftware = false }: RaceOptions): string | undefined {
  if (typeof document !== 'undefined') return 'it needs a worker, and this window may run none';
  if (includeSoftware) return undefined;
  const software = findSoftware(readRenderer());
  return software && `${software} is software, which runs on the processor, too`;
}

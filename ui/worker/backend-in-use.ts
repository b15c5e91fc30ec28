/** The backend in use, why, and what happened to it since; the GPU may take its place later. */
import type { Backend } from '../../src/core/backend.js';
import { type ChosenBackend, createBackend } from './create-backend.js';
import type { BackendDescription, Engine } from './engine.js';
import { isGpu } from './gpu-modes.js';
import { type RaceOptions, raceGpu } from './race-gpu.js';

export interface BackendInUse extends Pick<Engine, 'describe' | 'race' | 'onNotice'> {
  /** Starts it, if nobody has. Work under way keeps the backend it began with. */
  get(): Promise<Backend>;
  /** Measures by whatever is in use at the time. */
  readonly measurer: Pick<Backend, 'measureCensus'>;
}

export function createBackendInUse(): BackendInUse {
  let chosen: Promise<ChosenBackend> | undefined;
  let listener: ((sentence: string) => void) | undefined;
  let racing: Promise<unknown> = Promise.resolve();
  const notices: string[] = [];

  function notify(sentence: string): void {
    notices.push(sentence);
    listener?.(sentence);
  }

  function choose(): Promise<ChosenBackend> {
    chosen ??= createBackend(notify);
    return chosen;
  }

  async function describe(): Promise<BackendDescription> {
    const { backend, reason } = await choose();
    return { name: backend.name, reason: [reason, ...notices].join(' ') };
  }

  async function race(options?: RaceOptions): Promise<BackendDescription> {
    const current = await choose();
    if (!isGpu(current.backend.name)) chosen = Promise.resolve(await raceGpu(current, notify, options));
    return describe();
  }

  const get = async (): Promise<Backend> => (await choose()).backend;
  return {
    get,
    measurer: { measureCensus: async (...request) => (await get()).measureCensus?.(...request) },
    describe,
    race(options) {
      const result = racing.then(() => race(options));
      racing = result.catch(() => {});
      return result;
    },
    onNotice(next) {
      listener = next;
    },
  };
}

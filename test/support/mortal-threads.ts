import { NODE_THREADS, startNodeWorker } from '../../src/backends/wasm/node-threads.js';
import type { ThreadSupport, WorkerHandle } from '../../src/backends/wasm/worker-seat.js';

type Message = Parameters<WorkerHandle['post']>[0];

/** How a worker is lost; all of them happen to the real one. */
export const DEATHS = {
  /** It never hears of its work. */
  before(handle: WorkerHandle): void {
    void handle.terminate();
  },
  /** While it works, or a moment later. */
  during(handle: WorkerHandle, message: Message, transfer: ArrayBuffer[]): void {
    handle.post(message, transfer);
    void handle.terminate();
  },
  /** Its code throws. */
  exception(handle: WorkerHandle, message: Message): void {
    handle.post({ ...message, setup: null, picture: null } as unknown as Message, []);
  },
  /** More JavaScript memory than it may have. */
  memory(handle: WorkerHandle, message: Message): void {
    const much = Array.from({ length: 400_000 }, (_, i) => ({ i, name: `item ${i}` }));
    handle.post({ ...message, setup: much, picture: much } as unknown as Message, []);
  },
};
export type Death = keyof typeof DEATHS;

/** Real worker threads of which some are lost at chosen messages, and what was posted to each. */
export interface MortalThreads {
  readonly support: ThreadSupport;
  /** Kernels that each worker was asked to run, by worker. */
  readonly runs: readonly (readonly string[])[];
  /** Kills a worker that has nothing to do. */
  kill(index: number): Promise<unknown>;
}

/** @param strike how a worker is to be lost at a message; undefined: it lives. @param index of the worker, from 0 */
export function mortalThreads(
  strike: (message: Message, index: number) => Death | undefined = () => undefined,
): MortalThreads {
  const runs: string[][] = [];
  const handles: WorkerHandle[] = [];
  return {
    runs,
    kill: (index) => (handles[index] as WorkerHandle).terminate(),
    support: {
      ...NODE_THREADS,
      startWorker() {
        const handle = startNodeWorker({ maxOldGenerationSizeMb: 24 });
        const index = handles.push(handle) - 1;
        runs.push([]);
        return {
          ...handle,
          post(message, transfer) {
            if (message.type === 'run') runs[index]?.push(message.kernel);
            const death = strike(message, index);
            if (death) DEATHS[death](handle, message, transfer);
            else handle.post(message, transfer);
          },
        };
      },
    },
  };
}

import { startNodeWorker } from '../../src/backends/wasm/node-threads.js';
import { createPool, type StartPool, type WorkerHandle } from '../../src/backends/wasm/pool.js';

/** Real worker threads; the first one is killed when it gets a job of some kind. */
export function crashAt(kind: string): StartPool {
  return (module, size) => {
    const handles = Array.from({ length: size }, (_, i): WorkerHandle => {
      const handle = startNodeWorker();
      let onCrash: (reason: string) => void = () => {};
      return {
        ...handle,
        listen(onMessage, crash) {
          onCrash = crash;
          handle.listen(onMessage, crash);
        },
        post(message, transfer) {
          if (i > 0 || message.type !== 'job' || message.job.kind !== kind) return handle.post(message, transfer);
          handle.terminate();
          setTimeout(() => onCrash('it was killed'), 0);
        },
      };
    });
    return createPool(handles, module, true);
  };
}

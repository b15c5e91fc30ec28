/** Worker threads of Node, with shared memory. The only file of the backends that knows Node; browser bundles leave it out. */
import { Worker } from 'node:worker_threads';
import { reasonOf } from '../reason.js';
import { createPool, type StartPool, type WorkerHandle } from './pool.js';
import { WORKER } from './worker.generated.js';
import type { FromWorker } from './worker.js';

const PORT = "const port = require('node:worker_threads').parentPort;\n";

/** Starts `size` worker threads. They don't keep the process alive between jobs. */
export const startNodePool: StartPool = (module, size) =>
  createPool(Array.from({ length: size }, startNodeWorker), module, true);

/** One worker thread, for `createPool`. */
export function startNodeWorker(): WorkerHandle {
  // Without the parent's flags: loaders cost start-up time, and --input-type=module would take `require` away.
  const worker = new Worker(PORT + WORKER, { eval: true, execArgv: [], name: 'colorshine' });
  let ended = false;
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    listen(onMessage, onCrash) {
      worker.on('message', (message: FromWorker) => onMessage(message));
      // Out of memory arrives here too, as ERR_WORKER_OUT_OF_MEMORY.
      worker.on('error', (error) => onCrash(reasonOf(error)));
      worker.on('exit', (code) => {
        if (!ended) onCrash(`it ended with code ${code}`);
      });
    },
    hold(alive) {
      if (alive) worker.ref();
      else worker.unref();
    },
    terminate() {
      ended = true;
      worker.terminate().catch(() => {});
    },
  };
}

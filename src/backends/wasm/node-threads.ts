/** Worker threads of Node, with shared memory. The only file of the backends that knows Node; browser bundles leave it out. */
import { type ResourceLimits, Worker } from 'node:worker_threads';
import { messageOf } from '../../core/errors.js';
import { compileText } from './compile.js';
import type { FromWorker } from './messages.js';
import { SHARED_KERNELS } from './shared-kernels.generated.js';
import { WORKER } from './worker.generated.js';
import type { ThreadSupport, WorkerHandle } from './worker-seat.js';

export const NODE_THREADS: ThreadSupport = {
  startWorker: () => startNodeWorker(),
  compileShared: () => compileText(SHARED_KERNELS),
};

const PORT = "const port = require('node:worker_threads').parentPort;\n";

/** One worker thread. It does not keep the process alive unless held. @param resourceLimits of its JavaScript memory; default: Node's */
export function startNodeWorker(resourceLimits?: ResourceLimits): WorkerHandle {
  // Without the parent's flags: loaders cost start-up time, and --input-type=module would take `require` away.
  const worker = new Worker(PORT + WORKER, {
    eval: true,
    execArgv: [],
    name: 'colorshine',
    ...(resourceLimits && { resourceLimits }),
  });
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    listen(onMessage, onLost) {
      worker.on('message', (message: FromWorker) => onMessage(message));
      // Out of memory arrives here too, as ERR_WORKER_OUT_OF_MEMORY.
      worker.on('error', (error) => onLost(messageOf(error)));
      worker.on('exit', (code) => onLost(`it ended with code ${code}`));
    },
    hold(alive) {
      if (alive) worker.ref();
      else worker.unref();
    },
    terminate: () => worker.terminate(),
  };
}

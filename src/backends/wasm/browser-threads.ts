/** Web workers made from a blob, for pages; chunks are moved, since a page seldom has a SharedArrayBuffer. */
import { createPool, type StartPool, type WorkerHandle } from './pool.js';
import { WORKER } from './worker.generated.js';
import type { FromWorker } from './worker.js';

/** Starts `size` web workers. @throws BACKEND_FAILED where the page's policy forbids blob workers */
export const startBrowserPool: StartPool = (module, size) => {
  const url = URL.createObjectURL(new Blob(['const port = self;\n', WORKER], { type: 'text/javascript' }));
  const handles = Array.from({ length: size }, () => startWorker(url));
  return createPool(handles, module, false).finally(() => URL.revokeObjectURL(url));
};

function startWorker(url: string): WorkerHandle {
  const worker = new Worker(url, { name: 'colorshine' });
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    listen(onMessage, onCrash) {
      worker.onmessage = ({ data }: MessageEvent<FromWorker>) => onMessage(data);
      worker.onmessageerror = () => onCrash('its message could not be read');
      worker.onerror = (event) => {
        event.preventDefault();
        onCrash(event.message || 'the page does not allow workers from a blob');
      };
    },
    hold() {},
    terminate: () => worker.terminate(),
  };
}

/** Entry of the worker bundle: the gpu backend on an OffscreenCanvas. `?script` imports it as a string. */
import { serveWorker, type WorkerScope } from './serve-worker.js';

serveWorker(globalThis as unknown as WorkerScope);

/**
 * Entry of the worker script: the gpu backend behind messages. `?packed` imports it as a string. The same text serves
 * in a worker and, where workers are refused, on the page (channel.ts), so that a page carries gpu.js once.
 */
import type { ScriptGlobal } from './channel.js';
import { serveWorker, type WorkerScope } from './serve-worker.js';

serveWorker((globalThis as ScriptGlobal).colorshineGpuScope ?? (globalThis as unknown as WorkerScope));

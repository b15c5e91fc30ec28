/**
 * What runs in a worker. Bundled to a string by scripts/build/wasm.mjs, because a worker made from a string needs no
 * file beside the bundle, in Node or in a page; the host defines `port` in front of it.
 */
import { type Job, type JobResult, runJob } from './jobs.js';
import { createKernel, type Kernel } from './kernel.js';

export type ToWorker =
  | { readonly type: 'start'; readonly module: WebAssembly.Module }
  | { readonly type: 'job'; readonly id: number; readonly job: Job };

export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'done'; readonly id: number; readonly result: JobResult }
  | { readonly type: 'failed'; readonly message: string };

declare const port: {
  onmessage: ((event: { data: ToWorker }) => void) | null;
  postMessage(message: FromWorker, transfer: Transferable[]): void;
};

let kernel: Kernel | undefined;

port.onmessage = ({ data }) => {
  handle(data).catch((error: unknown) => {
    port.postMessage({ type: 'failed', message: error instanceof Error ? error.message : String(error) }, []);
  });
};

async function handle(message: ToWorker): Promise<void> {
  if (message.type === 'start') {
    kernel = await createKernel(message.module);
    port.postMessage({ type: 'ready' }, []);
    return;
  }
  if (!kernel) throw new Error('a job came before the start message');
  const result = runJob(message.job, kernel);
  port.postMessage({ type: 'done', id: message.id, result }, result.moved ? [result.moved.buffer] : []);
}

/**
 * What runs in a worker. Bundled to a string by scripts/build/wasm.mjs, because a worker made from a string needs no
 * file beside the bundle, in Node or in a page; the host defines `port` in front of it.
 */
import { reasonOf } from '../reason.js';
import { createJobRunner, type Job, type JobResult, type JobRunner } from './jobs.js';
import { createKernel } from './kernel.js';

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

let runner: JobRunner | undefined;

port.onmessage = ({ data }) => {
  handle(data).catch((error: unknown) => {
    port.postMessage({ type: 'failed', message: reasonOf(error) }, []);
  });
};

async function handle(message: ToWorker): Promise<void> {
  if (message.type === 'start') {
    runner = createJobRunner(await createKernel(message.module));
    port.postMessage({ type: 'ready' }, []);
    return;
  }
  if (!runner) throw new Error('a job came before the start message');
  const { job } = message;
  const result = job.kind === 'lone' ? await runner.runLone(job) : runner.run(job);
  port.postMessage({ type: 'done', id: message.id, result }, movable(result));
}

/** The memory that is moved to the caller instead of copied. */
function movable({ moved, spilled, picture, collected, left }: JobResult): ArrayBuffer[] {
  const bands = (collected?.bands ?? []).flatMap(({ colors, counts, distances }) => [colors, counts, distances]);
  return [moved, spilled, picture, left, ...bands].flatMap((view) => (view ? [view.buffer as ArrayBuffer] : []));
}

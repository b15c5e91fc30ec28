import { ColorshineError, messageOf } from '../../core/errors.js';
import { createGpuBackend } from './backend.js';
import type { GpuBackend } from './options.js';
import type { WorkerReply, WorkerRequest } from './worker-messages.js';

/** The part of a dedicated worker's global scope that is used; channel.ts imitates it on a page. */
export interface WorkerScope {
  onmessage: ((event: { readonly data: WorkerRequest }) => void) | null;
  postMessage(reply: WorkerReply, transfer?: Transferable[]): void;
}

/** Answers the requests of remote.ts. @param create tests put another backend here */
export function serveWorker(scope: WorkerScope, create: typeof createGpuBackend = createGpuBackend): void {
  const cancels = new Map<number, { aborted: boolean }>();
  let backend: GpuBackend | undefined;

  async function open(options: Extract<WorkerRequest, { type: 'open' }>['options']): Promise<void> {
    try {
      backend = await create({
        ...options,
        onNotice: (sentence) => scope.postMessage({ type: 'notice', sentence }),
        onTile: () => scope.postMessage({ type: 'tile' }),
      });
      scope.postMessage({ type: 'opened', stats: backend.stats() });
    } catch (error) {
      scope.postMessage({ type: 'refused', message: messageOf(error) });
    }
  }

  async function evaluate({ id, colors, plan }: Extract<WorkerRequest, { type: 'evaluate' }>): Promise<void> {
    const cancel = { aborted: false };
    cancels.set(id, cancel);
    try {
      if (!backend) throw new ColorshineError('BACKEND_FAILED', 'the GPU worker has not been opened');
      const out = new Uint32Array(colors.length);
      await backend.evaluate(colors, plan, out, cancel);
      scope.postMessage({ type: 'done', id, out, stats: backend.stats() }, [out.buffer]);
    } catch (error) {
      const code = error instanceof ColorshineError ? error.code : 'BACKEND_FAILED';
      scope.postMessage({ type: 'failed', id, code, message: messageOf(error) });
    } finally {
      cancels.delete(id);
    }
  }

  scope.onmessage = ({ data }) => {
    if (data.type === 'open') void open(data.options);
    if (data.type === 'evaluate') void evaluate(data);
    if (data.type === 'close') backend?.dispose();
    const cancel = data.type === 'cancel' ? cancels.get(data.id) : undefined;
    if (cancel) cancel.aborted = true;
  };
}

import { ColorshineError } from '../../core/errors.js';
import type { Cancel } from '../../core/types.js';
import { DEFAULT_DEADLINE, type GpuBackend, type GpuBackendOptions, type GpuStats } from './backend.js';
import type { WorkerReply, WorkerRequest } from './worker-messages.js';

export interface WorkerGpuBackendOptions extends GpuBackendOptions {
  /** Text of the bundled worker.ts, or the address of one that the page may load. */
  readonly worker: { readonly script: string } | { readonly url: string | URL };
}

/** The worker reports its own lateness; the host steps in only when it is silent this much longer, milliseconds. */
const GRACE = 5_000;
/** A `Cancel` can only be asked, so it is asked this often, milliseconds. */
const CANCEL_INTERVAL = 20;

interface Waiting {
  readonly out: Uint32Array;
  readonly resolve: () => void;
  readonly reject: (error: ColorshineError) => void;
}

/**
 * The gpu backend in a worker of its own, so that drawing, compiling and reading back never hold up the page. A worker
 * that crashes or falls silent is ended, and everything waiting for it fails with BACKEND_FAILED.
 *
 * @throws BACKEND_FAILED when workers, OffscreenCanvas or the mode are refused
 */
export async function createWorkerGpuBackend(options: WorkerGpuBackendOptions): Promise<GpuBackend> {
  const { mode, onNotice, onTile, worker: location, deadline = DEFAULT_DEADLINE, ...rest } = options;
  const worker = startWorker(location);
  const waiting = new Map<number, Waiting>();
  let opening: { resolve: (stats: GpuStats) => void; reject: (error: ColorshineError) => void } | undefined;
  let alarm: ReturnType<typeof setTimeout> | undefined;
  let stats: GpuStats | undefined;
  let ended: ColorshineError | undefined;
  let lastId = 0;

  function end(message: string): void {
    ended ??= new ColorshineError('BACKEND_FAILED', `${mode}: ${message}`);
    clearTimeout(alarm);
    worker.terminate();
    opening?.reject(ended);
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  }

  function watch(): void {
    clearTimeout(alarm);
    if (!opening && waiting.size === 0) return;
    const silence = deadline + GRACE;
    alarm = setTimeout(() => end(`the GPU worker did not answer within ${silence / 1000} s`), silence);
  }

  const send = (request: WorkerRequest, transfer: Transferable[] = []) => worker.postMessage(request, transfer);

  worker.onerror = (event) => {
    event.preventDefault();
    end(`the GPU worker ${opening ? 'was refused' : 'crashed'}${event.message ? `: ${event.message}` : ''}`);
  };
  worker.onmessageerror = () => end('the GPU worker sent something unreadable');
  worker.onmessage = ({ data: reply }: { data: WorkerReply }) => {
    if (reply.type === 'opened') opening?.resolve(reply.stats);
    if (reply.type === 'refused') opening?.reject(new ColorshineError('BACKEND_FAILED', reply.message));
    if (reply.type === 'notice') onNotice?.(reply.sentence);
    if (reply.type === 'tile') onTile?.();
    if (reply.type === 'done') {
      stats = reply.stats;
      const one = waiting.get(reply.id);
      waiting.delete(reply.id);
      one?.out.set(reply.out);
      one?.resolve();
    }
    if (reply.type === 'failed') {
      const one = waiting.get(reply.id);
      waiting.delete(reply.id);
      one?.reject(new ColorshineError(reply.code, reply.message));
    }
    watch();
  };

  try {
    stats = await new Promise<GpuStats>((resolve, reject) => {
      opening = { resolve, reject };
      watch();
      send({ type: 'open', options: { mode, deadline, ...rest } });
    });
  } catch (error) {
    opening = undefined;
    end('the GPU worker could not be opened');
    throw error;
  }
  opening = undefined;
  watch();

  async function evaluate(
    colors: Uint32Array,
    plan: Parameters<GpuBackend['evaluate']>[1],
    out: Uint32Array,
    signal?: Cancel,
  ) {
    if (ended) throw ended;
    const id = ++lastId;
    let asking: ReturnType<typeof setInterval> | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        waiting.set(id, { out, resolve, reject });
        const copy = colors.slice();
        send({ type: 'evaluate', id, colors: copy, plan }, [copy.buffer]);
        if (signal?.aborted) send({ type: 'cancel', id });
        else if (signal) asking = setInterval(() => signal.aborted && send({ type: 'cancel', id }), CANCEL_INTERVAL);
        if (waiting.size === 1) watch();
      });
    } finally {
      clearInterval(asking);
    }
  }

  return {
    name: mode,
    device: stats.device,
    evaluate,
    stats: () => stats as GpuStats,
    dispose: () => end('the backend was disposed'),
  };
}

function startWorker(location: WorkerGpuBackendOptions['worker']): Worker {
  try {
    if ('url' in location) return new Worker(location.url);
    const url = URL.createObjectURL(new Blob([location.script], { type: 'text/javascript' }));
    try {
      return new Worker(url);
    } finally {
      // The worker has its own reference once constructed, though some engines fetch a task later.
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
    }
  } catch (cause) {
    throw new ColorshineError('BACKEND_FAILED', 'this page refuses workers', { cause });
  }
}

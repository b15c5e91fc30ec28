import { ColorshineError, messageOf } from '../../core/errors.js';
import type { Cancel, Plan } from '../../core/types.js';
import { type Channel, startOnPage, startWorker, type WorkerLocation } from './channel.js';
import { DEFAULT_DEADLINE, type GpuBackend, type GpuBackendOptions, type GpuStats } from './options.js';
import type { WorkerRequest } from './worker-messages.js';

export interface OpenGpuOptions extends GpuBackendOptions {
  readonly worker: WorkerLocation;
}

export interface OpenedGpu {
  readonly backend: GpuBackend;
  /** True when it runs in a worker of its own. */
  readonly inWorker: boolean;
  /** Why it does not. */
  readonly reason?: string;
}

/** The worker reports its own lateness; the host steps in only when it is silent this much longer, milliseconds. */
const GRACE = 5_000;
/** A `Cancel` can only be asked, so it is asked this often, milliseconds. */
const CANCEL_INTERVAL = 20;

/**
 * Opens the GPU in a worker where the page and the browser allow it, else the same script on the page.
 *
 * @throws BACKEND_FAILED when the mode works in neither
 */
export async function openGpuBackend({ worker, ...options }: OpenGpuOptions): Promise<OpenedGpu> {
  try {
    return { backend: await createWorkerGpuBackend({ ...options, worker }), inWorker: true };
  } catch (error) {
    if ('url' in worker) throw error;
    return { backend: await connect(startOnPage(worker.script), options), inWorker: false, reason: messageOf(error) };
  }
}

/**
 * The gpu backend in a worker of its own, so that drawing, compiling and reading back never hold up the page. A worker
 * that crashes or falls silent is ended, and everything waiting for it fails with BACKEND_FAILED.
 *
 * @throws BACKEND_FAILED when workers, OffscreenCanvas or the mode are refused
 */
export async function createWorkerGpuBackend({ worker, ...options }: OpenGpuOptions): Promise<GpuBackend> {
  return connect(startWorker(worker), options);
}

/** What waits for an answer. */
interface Waiting<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: ColorshineError) => void;
}

async function connect(channel: Channel, options: GpuBackendOptions): Promise<GpuBackend> {
  const { mode, onNotice, onTile, deadline = DEFAULT_DEADLINE, ...rest } = options;
  const waiting = new Map<number, Waiting<Uint32Array>>();
  let opening: Waiting<void> | undefined;
  let alarm: ReturnType<typeof setTimeout> | undefined;
  let stats: GpuStats | undefined;
  let ended: ColorshineError | undefined;
  let lastId = 0;

  const send = (request: WorkerRequest, transfer: Transferable[] = []) => channel.postMessage(request, transfer);

  function end(message: string): void {
    ended ??= new ColorshineError('BACKEND_FAILED', `${mode}: ${message}`);
    clearTimeout(alarm);
    channel.terminate();
    opening?.reject(ended);
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  }

  /** Starts the clock anew while something is awaited; every message is a sign of life. */
  function watch(): void {
    clearTimeout(alarm);
    if (!opening && waiting.size === 0) return;
    const silence = deadline + GRACE;
    alarm = setTimeout(() => end(`the GPU worker did not answer within ${silence / 1000} s`), silence);
  }

  function take(id: number): Waiting<Uint32Array> | undefined {
    const one = waiting.get(id);
    waiting.delete(id);
    return one;
  }

  channel.onerror = (event) => {
    event.preventDefault();
    end(`the GPU worker ${opening ? 'was refused' : 'crashed'}${event.message ? `: ${event.message}` : ''}`);
  };
  channel.onmessageerror = () => end('the GPU worker sent something unreadable');
  channel.onmessage = ({ data: reply }) => {
    switch (reply.type) {
      case 'opened':
        stats = reply.stats;
        opening?.resolve();
        break;
      case 'refused':
        opening?.reject(new ColorshineError('BACKEND_FAILED', reply.message));
        break;
      case 'notice':
        onNotice?.(reply.sentence);
        break;
      case 'tile':
        onTile?.();
        break;
      case 'done':
        stats = reply.stats;
        take(reply.id)?.resolve(reply.out);
        break;
      case 'failed':
        take(reply.id)?.reject(new ColorshineError(reply.code, reply.message));
        break;
    }
    watch();
  };

  async function evaluate(colors: Uint32Array, plan: Plan, out: Uint32Array, signal?: Cancel): Promise<void> {
    if (ended) throw ended;
    const id = ++lastId;
    // Transferred, and so copied first: the caller keeps its colors.
    const copy = colors.slice();
    const answer = new Promise<Uint32Array>((resolve, reject) => waiting.set(id, { resolve, reject }));
    send({ type: 'evaluate', id, colors: copy, plan }, [copy.buffer]);
    if (waiting.size === 1) watch();
    const ask = () => signal?.aborted && send({ type: 'cancel', id });
    ask();
    const asking = signal ? setInterval(ask, CANCEL_INTERVAL) : undefined;
    try {
      out.set(await answer);
    } finally {
      clearInterval(asking);
    }
  }

  try {
    await new Promise<void>((resolve, reject) => {
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
  const lastStats = () => stats as GpuStats;
  return {
    name: mode,
    device: lastStats().device,
    evaluate,
    stats: lastStats,
    dispose: () => end('the backend was disposed'),
  };
}

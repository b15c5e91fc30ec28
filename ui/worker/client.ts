import { ColorshineError } from '../../src/core/errors.js';
import type { Engine } from './engine.js';
import type { EngineAnswer, EngineCall, EngineMethod } from './messages.js';
import type { PageScope } from './worker.js';

export interface EngineClient {
  readonly engine: Engine;
  /** False: workers are refused here and the engine runs on the page. */
  readonly inWorker: boolean;
  dispose(): void;
}

/** A refused worker may neither throw nor report an error: after this long without its first word it counts as refused. */
const START_MS = 3000;

/**
 * Starts the engine in a blob worker, or on the page where a policy forbids workers.
 *
 * @param source text of the worker's script
 */
export async function startEngine(source: string): Promise<EngineClient> {
  const worker = await startWorker(source);
  if (!worker) return { engine: runOnPage(source), inWorker: false, dispose() {} };
  return { engine: bridge(worker), inWorker: true, dispose: () => worker.terminate() };
}

/** An inline script is allowed wherever this one ran. */
function runOnPage(source: string): Engine {
  const script = document.createElement('script');
  script.textContent = source;
  document.head.append(script);
  script.remove();
  const engine = (globalThis as PageScope).colorshineEngine?.();
  if (!engine) throw new ColorshineError('BACKEND_FAILED', 'this window may run neither workers nor inline scripts');
  return engine;
}

function startWorker(source: string): Promise<Worker | undefined> {
  return new Promise((resolve) => {
    let worker: Worker | undefined;
    const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
    const settle = (result: Worker | undefined): void => {
      clearTimeout(timer);
      URL.revokeObjectURL(url);
      if (!result) worker?.terminate();
      resolve(result);
    };
    const timer = setTimeout(() => settle(undefined), START_MS);
    try {
      worker = new Worker(url);
      worker.onerror = (event) => {
        event.preventDefault();
        settle(undefined);
      };
      worker.onmessage = () => settle(worker);
    } catch {
      settle(undefined);
    }
  });
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** The engine's methods as messages. */
function bridge(worker: Worker): Engine {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let listener: ((sentence: string) => void) | undefined;
  worker.onmessage = ({ data }: MessageEvent<EngineAnswer>) => {
    if (data.kind === 'ready') return;
    if (data.kind === 'notice') {
      listener?.(data.sentence);
      return;
    }
    const call = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.kind === 'done') call?.resolve(data.value);
    else call?.reject(revive(data));
  };
  worker.onerror = (event) => {
    event.preventDefault();
    for (const call of waiting.values()) {
      call.reject(new ColorshineError('BACKEND_FAILED', `worker: ${event.message || 'it stopped'}`));
    }
    waiting.clear();
  };

  function call(method: EngineMethod, args: readonly unknown[], signal?: unknown): Promise<never> {
    return new Promise((resolve, reject) => {
      const id = ++lastId;
      const abortable = signal as AbortSignal | undefined;
      const send = (message: EngineCall): void => worker.postMessage(message);
      if (abortable?.aborted) return reject(new ColorshineError('CANCELED', 'canceled'));
      const cancel = (): void => {
        waiting.get(id)?.reject(new ColorshineError('CANCELED', 'canceled'));
        waiting.delete(id);
        send({ kind: 'cancel', id });
      };
      abortable?.addEventListener?.('abort', cancel, { once: true });
      const done = (): void => abortable?.removeEventListener?.('abort', cancel);
      waiting.set(id, {
        resolve: (value) => {
          done();
          resolve(value as never);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      });
      send({ kind: 'call', id, method, args });
    });
  }

  return {
    describe: () => call('describe', []),
    race: (options) => call('race', [options]),
    onNotice(next) {
      listener = next;
    },
    open: (file, signal) => call('open', [file], signal),
    preview: (recipe, reachOf, signal) => call('preview', [recipe, reachOf], signal),
    looks: (recipes, signal) => call('looks', [recipes], signal),
    themes: (recipes, signal) => call('themes', [recipes], signal),
    count: (hash, file, signal) => call('count', [hash, file], signal),
    pool: (spec) => call('pool', [spec]),
    openPool: () => call('openPool', []),
    paint: (recipe, colors, signal) => call('paint', [recipe, colors], signal),
    suggest: (colors, howFar) => call('suggest', [colors, howFar]),
    thumbnail: (file, side, signal) => call('thumbnail', [file, side], signal),
    transform: (file, recipe, signal) => call('transform', [file, recipe], signal),
  };
}

/** An error as the engine threw it. */
function revive({ code, message, reason }: EngineAnswer & { kind: 'failed' }): ColorshineError {
  const error = new ColorshineError(code as ConstructorParameters<typeof ColorshineError>[0], message);
  return reason ? Object.assign(error, { reason }) : error;
}

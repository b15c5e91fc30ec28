import { ColorshineError } from '../../src/core/errors.js';
import type { Engine } from './engine.js';
import type { EngineAnswer, EngineCall, EngineMethod } from './messages.js';
import type { PageScope } from './worker.js';

export interface EngineClient {
  /** Calls wait until it has started. */
  readonly engine: Engine;
  /** False: workers are refused here and the engine runs on the page. */
  readonly inWorker: Promise<boolean>;
  /** @param listener told when a worker was lost, with all it held, and another begins. There is one listener. */
  onLost(listener: () => void): void;
}

/** A refused worker may neither throw nor report an error: after this long without its first word it counts as refused. */
const START_MS = 3000;

/** A worker that is asked for something is asked this often whether it is there, milliseconds. */
const PING_MS = 5000;
/** It is gone when it said nothing for so many pings: nothing that it does holds up its messages for that long. */
const MOST_PINGS = 12;

/**
 * Starts the engine in a blob worker, or on the page where a policy forbids workers.
 *
 * @param source text of the worker's script
 * @param when what to wait for before
 */
export function startEngine(source: string, when?: Promise<void>): EngineClient {
  const start = async (): Promise<Worker | Engine> => (await startWorker(source)) ?? runOnPage(source);
  const first = when ? when.then(start) : start();
  let tellLost: (() => void) | undefined;
  return {
    engine: bridge(first, start, () => tellLost?.()),
    inWorker: first.then(isWorker, () => false),
    onLost(listener) {
      tellLost = listener;
    },
  };
}

function isWorker(started: Worker | Engine): started is Worker {
  return 'postMessage' in started;
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

/**
 * The engine's methods as messages. A worker that is gone, out of memory for example, fails what it was asked and is
 * replaced.
 */
function bridge(first: Promise<Worker | Engine>, restart: () => Promise<Worker | Engine>, onLost: () => void): Engine {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let onNotice: ((sentence: string) => void) | undefined;
  let started = begin(first);
  let timer: ReturnType<typeof setInterval> | undefined;
  /** Sent since the worker said something last. */
  let pings = 0;

  function begin(starting: Promise<Worker | Engine>): Promise<Worker | Engine> {
    const attached = attach(starting);
    attached.catch(() => undefined); // each call is told
    return attached;
  }

  async function attach(starting: Promise<Worker | Engine>): Promise<Worker | Engine> {
    const target = await starting;
    if (!isWorker(target)) {
      target.onNotice((sentence) => onNotice?.(sentence));
      return target;
    }
    target.onmessage = ({ data }: MessageEvent<EngineAnswer>) => {
      pings = 0;
      if (data.kind === 'ready' || data.kind === 'pong') return;
      if (data.kind === 'notice') {
        onNotice?.(data.sentence);
        return;
      }
      const call = waiting.get(data.id);
      waiting.delete(data.id);
      if (data.kind === 'done') call?.resolve(data.value);
      else call?.reject(revive(data));
    };
    target.onerror = (event) => {
      event.preventDefault();
      rejectAll('BACKEND_FAILED', event.message || 'it stopped');
    };
    return target;
  }

  /** As long as somebody waits: no event tells that a worker has ended. */
  function watch(target: Worker): void {
    if (timer !== undefined) return;
    pings = 0;
    timer = setInterval(() => {
      if (waiting.size > 0 && pings < MOST_PINGS) {
        pings++;
        target.postMessage({ kind: 'ping' } satisfies EngineCall);
        return;
      }
      clearInterval(timer);
      timer = undefined;
      if (waiting.size === 0) return;
      target.terminate();
      started = begin(restart());
      rejectAll('WORKER_LOST', 'it has ended, for want of memory perhaps; a new one takes over');
      onLost();
    }, PING_MS);
  }

  function rejectAll(code: 'BACKEND_FAILED' | 'WORKER_LOST', message: string): void {
    const calls = [...waiting.values()];
    waiting.clear();
    for (const call of calls) call.reject(Object.assign(new Error(`worker: ${message}`), { code }));
  }

  async function call(method: EngineMethod, args: readonly unknown[], signal?: unknown): Promise<never> {
    const target = await started;
    const abortable = signal as AbortSignal | undefined;
    if (abortable?.aborted) throw new ColorshineError('CANCELED', 'canceled');
    if (!isWorker(target)) return (target[method] as (...all: unknown[]) => Promise<never>)(...args, signal);
    return new Promise((resolve, reject) => {
      const id = ++lastId;
      const send = (message: EngineCall): void => target.postMessage(message);
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
      watch(target);
    });
  }

  return {
    describe: () => call('describe', []),
    race: (options) => call('race', [options]),
    onNotice(next) {
      onNotice = next;
    },
    open: (file, signal) => call('open', [file], signal),
    preview: (recipe, reachOf, part, signal) => call('preview', [recipe, reachOf, part], signal),
    detail: (spec, recipe, reachOf, signal) => call('detail', [spec, recipe, reachOf], signal),
    looks: (recipes, signal) => call('looks', [recipes], signal),
    themes: (recipes, signal) => call('themes', [recipes], signal),
    count: (hash, file, signal) => call('count', [hash, file], signal),
    pool: (spec) => call('pool', [spec]),
    openPool: () => call('openPool', []),
    paint: (recipe, colors, signal) => call('paint', [recipe, colors], signal),
    suggest: (colors, howFar) => call('suggest', [colors, howFar]),
    paintExactly: (recipe, colors) => call('paintExactly', [recipe, colors]),
    card: (hash, file, recipe) => call('card', [hash, file, recipe]),
    measure: (hash, file, recipe) => call('measure', [hash, file, recipe]),
    thumbnail: (file, side, signal) => call('thumbnail', [file, side], signal),
    transform: (file, recipe, signal) => call('transform', [file, recipe], signal),
  };
}

/** An error as the engine threw it. */
function revive({ code, message, reason }: EngineAnswer & { kind: 'failed' }): ColorshineError {
  const error = new ColorshineError(code as ConstructorParameters<typeof ColorshineError>[0], message);
  return reason ? Object.assign(error, { reason }) : error;
}

import { reasonOf } from '../reason.js';
import type { Pool, StartPool } from './pool.js';

export interface ThreadsOptions {
  /** The calling one included. Default 1. */
  readonly threads?: number;
  readonly startPool?: StartPool;
  /** Starts workers only when there is work that pays for it. Default: at once. */
  readonly sparing?: boolean;
  /** Receives one sentence, once, when workers fail and the work goes on without them. */
  readonly onNotice?: (sentence: string) => void;
}

/** The workers of one backend: when they start, and whether they are still there. */
export interface Threads {
  /** How many may be at work, the calling one included; 1 when a worker has failed. */
  readonly count: number;
  /** Those that run. */
  readonly pool: Pool | undefined;
  /**
   * The workers, when all have started; undefined where there are none or they failed. Sparing, none are started until the
   * work that came adds up to more than a start costs.
   *
   * @param milliseconds the work takes on one thread
   */
  take(milliseconds: number): Promise<Pool | undefined>;
  /** After a failure: goes on with the calling thread alone. */
  giveUp(error: unknown): void;
  dispose(): void;
}

/** A worker takes 65 ms of a core to start, and with one more a picture takes three quarters of the time. */
const START_PAYS_MS = 200;

export function createThreads(
  module: WebAssembly.Module,
  { threads = 1, startPool, sparing = false, onNotice }: ThreadsOptions,
): Threads {
  let pool: Pool | undefined;
  let hasFailed = false;
  let isDisposed = false;
  let starting: Promise<void> | undefined;
  let waited = 0;

  function giveUp(error: unknown): void {
    if (hasFailed) return;
    hasFailed = true;
    pool?.dispose();
    pool = undefined;
    // Whoever disposed of the backend knows, and hears of nothing else.
    if (!isDisposed) onNotice?.(`The wasm backend goes on with one thread: ${reasonOf(error)}.`);
  }

  function start(): void {
    if (threads === 1 || !startPool || starting) return;
    starting = startPool(module, threads - 1).then((started) => {
      if (isDisposed) return started.dispose();
      pool = started;
    }, giveUp);
  }

  if (!sparing) start();
  return {
    get count() {
      return hasFailed || !startPool ? 1 : threads;
    },
    get pool() {
      return pool;
    },
    async take(milliseconds) {
      waited += milliseconds;
      if (waited >= START_PAYS_MS) start();
      await starting;
      return pool;
    },
    giveUp,
    dispose() {
      isDisposed = true;
      pool?.dispose();
      pool = undefined;
    },
  };
}

import { messageOf } from '../../core/errors.js';
import { type ThreadSupport, WorkerSeat } from './worker-seat.js';

/** The workers of one engine: when they start, who is there, and what is said when one is lost. */
export interface Workers {
  /** Threads that may take part, the calling one included. */
  readonly threads: number;
  /** Threads that are there or can be started: falls as workers are lost. */
  readonly remaining: number;
  /** Those that are ready and have no picture of their own. */
  free(): WorkerSeat[];
  /** Starts all, once. @returns settles when each is ready or lost */
  start(): Promise<void>;
  /** A worker for a whole picture, as soon as one has nothing to do; undefined when there is none. To be given back. */
  borrow(): Promise<WorkerSeat | undefined>;
  giveBack(seat: WorkerSeat): void;
  /** Goes on without any, for good, and says so. */
  giveUp(reason: string): void;
  /** Ends all, until they are needed again: only so they give their memory back. */
  rest(): void;
  dispose(): void;
}

export function createWorkers(
  module: WebAssembly.Module,
  threads: number,
  startWorker: ThreadSupport['startWorker'],
  onNotice: ((sentence: string) => void) | undefined,
): Workers {
  let seats: WorkerSeat[] = [];
  /** Threads that were lost, which do not come back. */
  let lost = 0;
  const waiting: (() => void)[] = [];
  let starting: Promise<void> | undefined;
  let isDisposed = false;
  let hasSpoken = false;

  const alive = (): WorkerSeat[] => seats.filter(({ state }) => state !== 'lost');
  const remaining = (): number => (isDisposed ? 1 : threads - lost);
  const free = (): WorkerSeat[] => seats.filter(({ state, isBusy }) => state === 'ready' && !isBusy);

  function onLost(reason: string): void {
    lost++;
    for (const wake of waiting.splice(0)) wake();
    if (isDisposed || hasSpoken) return;
    hasSpoken = true;
    const left = remaining();
    onNotice?.(`The wasm backend goes on with ${left === 1 ? 'one thread' : `${left} threads`}: ${reason}.`);
  }

  function startAll(): void {
    for (let index = 1; index < threads - lost; index++) {
      try {
        seats.push(new WorkerSeat(startWorker, index, module, onLost));
      } catch (error) {
        // No further one would come up either.
        lost = threads - 2 - seats.length;
        onLost(messageOf(error));
        return;
      }
    }
  }

  return {
    threads,
    get remaining() {
      return remaining();
    },
    free,
    async start() {
      if (!isDisposed && !starting) {
        starting = Promise.resolve(); // from now on those that are lost count
        startAll();
        starting = Promise.all(seats.map(({ started }) => started)).then(() => undefined);
      }
      await starting;
    },
    async borrow() {
      await this.start();
      for (;;) {
        const seat = free().at(-1); // the one whose memory is still warm
        if (seat) {
          seat.isBusy = true;
          return seat;
        }
        if (alive().length === 0) return undefined;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    giveBack(seat) {
      seat.isBusy = false;
      waiting.shift()?.();
    },
    giveUp(reason) {
      for (const seat of alive()) seat.end();
      seats = [];
      lost = threads - 2;
      onLost(reason);
    },
    rest() {
      for (const seat of alive()) seat.end();
      seats = [];
      starting = undefined;
    },
    dispose() {
      isDisposed = true;
      for (const seat of alive()) seat.end();
      for (const wake of waiting.splice(0)) wake();
    },
  };
}

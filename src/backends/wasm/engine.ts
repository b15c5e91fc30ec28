import { createBreath, takeBreath } from '../../core/breath.js';
import { throwIfCanceled } from '../../core/errors.js';
import { BLOCK_KERNELS, type BlockKernel, type KernelName, type Setups } from './block-kernels.js';
import { LEFT, legOf, NEXT, READY } from './control.js';
import { Heap } from './heap.js';
import { Progress } from './progress.js';
import type { Run } from './run.js';
import { openThread, type Thread, writeTables } from './thread.js';
import { createThreadScale } from './thread-scale.js';
import { createTurn } from './turn.js';
import type { WorkerSeat } from './worker-seat.js';
import type { Workers } from './workers.js';

/** A run that accumulates has lost a thread: what its tables hold is not known, the stage has to begin again. */
export class ThreadLost extends Error {}

/** The one way in which threads share work: run a kernel on blocks, each thread taking the next one until none is left. */
export interface Engine {
  readonly hasSimd: boolean;
  /** Threads that may be at work. */
  readonly threads: number;
  /** The heap, made when it is first asked for and whenever memory has been given back. */
  heap(): Heap;
  /** The calling thread's instance of the kernels in that heap. */
  own(): Thread;
  /**
   * Runs a kernel; a second caller waits for the first. The event loop has its turn after each leg; the signal is heard then.
   *
   * @throws CANCELED, ThreadLost; all threads have stopped by then
   */
  run<K extends KernelName>(run: Run<K>): Promise<void>;
  /** Keeps memory while it is needed between runs. @returns to be called at the end */
  hold(): () => void;
  /** Gives large memory back at once, if nothing is at work. */
  release(): void;
  dispose(): void;
}

/** Longest time without a look at the event loop. A person notices a tenth of a second; half of that is promised. */
const LEG_MS = 20;
/** The same with others: to call them together and to wait for the last one is worth a millisecond or two of each. */
const SHARED_LEG_MS = 28;
/** How long the calling thread sleeps at a time while others finish their last block, and how often before it looks at the event loop. */
const NAP_MS = 1;
const NAPS = 10;
/** A block takes milliseconds: a thread that is silent for this long is given up. */
const BLOCK_DEADLINE_MS = 30_000;
/** Large memory that nobody has used for this long is given back. */
const IDLE_MS = 30_000;

export interface EngineOptions {
  readonly module: WebAssembly.Module;
  readonly hasSimd: boolean;
  /** Undefined: one thread. `module` is then for shared memory. */
  readonly workers?: Workers | undefined;
  /** Whether the clock decides how many threads take part; else all do. */
  readonly isAdaptive?: boolean;
  readonly now?: () => number;
  readonly idleMs?: number;
}

export function createEngine({
  module,
  hasSimd,
  workers,
  isAdaptive = false,
  now = () => performance.now(),
  idleMs = IDLE_MS,
}: EngineOptions): Engine {
  let heap: Heap | undefined;
  let thread: Thread | undefined;
  /** Workers that have the heap. */
  let informed = new Set<WorkerSeat>();
  const runs = createTurn();
  let holds = 0;
  let idle: ReturnType<typeof setTimeout> | undefined;
  let legs = 0;
  const scale = createThreadScale(workers?.threads ?? 1, isAdaptive);
  const breathe = createBreath();

  function own(): Thread {
    if (!heap || !thread) {
      heap = new Heap(module, workers?.threads ?? 1, workers !== undefined);
      thread = openThread(heap, 0);
      writeTables(heap);
    }
    return thread;
  }

  function release(): void {
    if (holds > 0) return;
    workers?.rest();
    informed = new Set();
    heap = undefined;
    thread = undefined;
  }

  function hold(): () => void {
    holds++;
    clearTimeout(idle);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      if (--holds > 0 || (!heap?.isLarge && !workers)) return;
      idle = setTimeout(release, idleMs);
      (idle as { unref?(): void }).unref?.(); // of Node: it shall not keep the process alive
    };
  }

  /** Tells workers what is to be done in the next leg. */
  function gather(team: readonly WorkerSeat[], { kernel, setup }: Run<KernelName>, self: Heap): void {
    const { i32, memory, threads } = self;
    legs = (legs + 1) | 0;
    for (const word of [READY, NEXT, LEFT]) Atomics.store(i32, word, 0);
    for (const seat of team) {
      if (!informed.has(seat)) {
        seat.post({ type: 'heap', heap: { memory, module, threads } });
        informed.add(seat);
      }
      seat.post({ type: 'run', leg: legs, kernel, setup });
    }
  }

  /** Waits until every thread of a team has found nothing more to take, or is lost and does not run any more. */
  async function whenLeft(team: readonly WorkerSeat[], { i32 }: Heap): Promise<void> {
    const began = now();
    for (let nap = 1; ; nap++) {
      const left = Atomics.load(i32, LEFT);
      const late = team.filter(({ state, index }) => state !== 'lost' && Atomics.load(i32, legOf(index)) !== legs);
      if (late.length === 0) break;
      Atomics.wait(i32, LEFT, left, NAP_MS);
      if (nap % NAPS === 0) await takeBreath(); // a loss is heard then
      if (now() - began < BLOCK_DEADLINE_MS) continue;
      for (const seat of late) seat.lose(`no answer within ${BLOCK_DEADLINE_MS / 1000} s`);
    }
    await Promise.all(team.map(({ ended }) => ended));
  }

  async function run<K extends KernelName>(wanted: Run<K>): Promise<void> {
    const leave = await runs.enter(wanted.signal);
    const letGo = hold();
    try {
      await runAlone(wanted as unknown as Run<KernelName>);
    } finally {
      letGo();
      leave();
    }
  }

  async function runAlone(job: Run<KernelName>): Promise<void> {
    throwIfCanceled(job.signal);
    const self = own();
    const make = BLOCK_KERNELS[job.kernel] as (of: Thread, setup: Setups[KernelName]) => BlockKernel;
    const progress = new Progress(job, self.heap, make(self, job.setup));
    const pace = scale.start(job.kernel);
    const limit = job.maxThreads ?? Number.POSITIVE_INFINITY;
    const there = (): WorkerSeat[] => (workers?.free() ?? []).filter(({ index }) => index < limit);
    job.begin?.(self.heap);
    while (progress.left > 0) {
      await breathe();
      throwIfCanceled(job.signal);
      const count = pace.threads(progress.left, there().length + 1);
      if (pace.needsWorkers()) await workers?.start();
      const team = there().slice(0, count - 1);
      job.prepare?.(self.heap);
      const [left, began] = [progress.left, now()];
      const leg = team.length === 0 ? LEG_MS : SHARED_LEG_MS;
      const isTimeUp = (): boolean => now() - began >= leg || job.signal?.aborted === true;
      if (team.length === 0) progress.alone(isTimeUp);
      else await together(progress, team, job, self.heap, isTimeUp);
      pace.note(team.length + 1, left - progress.left, now() - began);
    }
    job.end?.(self.heap);
    await breathe(); // what comes next may not look for a while
  }

  async function together(
    progress: Progress,
    team: readonly WorkerSeat[],
    job: Run<KernelName>,
    self: Heap,
    isTimeUp: () => boolean,
  ): Promise<void> {
    gather(team, job, self);
    try {
      progress.shared(isTimeUp);
    } finally {
      progress.shut();
      await whenLeft(team, self); // whatever has happened, nobody writes to the heap any more
    }
    const isLost = progress.redoLost() || team.some(({ state }) => state === 'lost');
    if (isLost && job.accumulates) throw new ThreadLost('a thread was lost');
  }

  return {
    hasSimd,
    get threads() {
      return workers?.remaining ?? 1;
    },
    heap: () => own().heap,
    own,
    run,
    hold,
    release,
    dispose() {
      clearTimeout(idle);
      workers?.dispose();
      heap = undefined;
      thread = undefined;
    },
  };
}

import { ColorshineError, type ErrorCode, throwIfCanceled } from '../../core/errors.js';
import type { RecolorReport } from '../../core/report.js';
import type { Cancel, Pixels } from '../../core/types.js';
import type { FromWorker, ToWorker, WholePicture } from './messages.js';

/** A worker thread, as far as the engine needs one. */
export interface WorkerHandle {
  post(message: ToWorker, transfer: ArrayBuffer[]): void;
  /** Called once, before the first `post`. */
  listen(onMessage: (message: FromWorker) => void, onLost: (reason: string) => void): void;
  /** Whether the worker keeps the process alive. */
  hold(alive: boolean): void;
  /** @returns settles when nothing of it runs any more */
  terminate(): Promise<unknown>;
}

/** What an engine needs to have several threads. */
export interface ThreadSupport {
  startWorker(): WorkerHandle;
  /** The kernels for memory that threads share; SIMD. */
  compileShared(): Promise<WebAssembly.Module>;
}

/** A start takes 50 ms; one that is silently dropped shows only as silence. */
const START_DEADLINE_MS = 10_000;
/** How often a picture on another thread is asked whether it is still wanted. */
const LOOK_MS = 20;

/** One worker, from its start to its loss. Whoever lost it hears of it once, whatever it was doing. */
export class WorkerSeat {
  /** Settles when it is ready or lost. */
  readonly started: Promise<void>;
  state: 'starting' | 'ready' | 'lost' = 'starting';
  /** Once it is lost: settles when nothing of it runs any more. */
  ended: Promise<unknown> | undefined;
  /** Whether it has a picture of its own. */
  isBusy = false;
  private readonly handle: WorkerHandle;
  private settleStart: () => void = () => {};
  private picture: { readonly done: (message: FromWorker) => void; readonly lost: (error: Error) => void } | undefined;

  /** @param onLost called once */
  constructor(
    start: ThreadSupport['startWorker'],
    readonly index: number,
    module: WebAssembly.Module,
    private readonly onLost: (reason: string) => void,
  ) {
    this.handle = start();
    this.started = new Promise((resolve) => {
      this.settleStart = resolve;
    });
    const late = setTimeout(() => this.lose(`no answer within ${START_DEADLINE_MS / 1000} s`), START_DEADLINE_MS);
    this.started.then(() => clearTimeout(late));
    this.handle.listen(
      (message) => this.receive(message),
      (reason) => this.lose(reason),
    );
    this.handle.post({ type: 'start', index, module }, []);
  }

  private receive(message: FromWorker): void {
    if (this.state === 'lost') return;
    if (message.type === 'failed') this.lose(message.message);
    else if (message.type === 'picture') this.picture?.done(message);
    else {
      this.state = 'ready';
      this.handle.hold(false);
      this.settleStart();
    }
  }

  post(message: ToWorker): void {
    this.handle.post(message, []);
  }

  /** Ends it, if it has not ended by itself, and says so. */
  lose(reason: string): void {
    if (this.state === 'lost') return;
    this.end(reason);
    this.onLost(reason);
  }

  /** Ends it on purpose. */
  end(reason = 'ended'): void {
    this.state = 'lost';
    this.ended = this.handle.terminate().catch(() => undefined);
    this.picture?.lost(new ColorshineError('BACKEND_FAILED', `backend wasm: a worker was lost: ${reason}`));
    this.settleStart();
  }

  /**
   * Recolors a whole picture there. It is moved, so the caller keeps the original.
   *
   * @returns the picture, recolored, and what was done
   * @throws BACKEND_FAILED when the worker is lost, and what `recolorPixels` throws
   */
  async recolor(
    picture: Omit<WholePicture, 'canceled'>,
    signal: Cancel | undefined,
  ): Promise<{ pixels: Pixels; report: RecolorReport }> {
    const canceled = new Int32Array(new SharedArrayBuffer(4));
    const look = setInterval(() => signal?.aborted && Atomics.store(canceled, 0, 1), LOOK_MS);
    this.handle.hold(true); // otherwise a process with nothing else to do would end while it waits
    try {
      const answer = await new Promise<FromWorker>((done, lost) => {
        this.picture = { done, lost };
        if (this.state === 'lost') lost(new ColorshineError('BACKEND_FAILED', 'backend wasm: a worker was lost'));
        else
          this.handle.post({ type: 'picture', id: 0, picture: { ...picture, canceled } }, [
            picture.pixels.data.buffer as ArrayBuffer,
          ]);
      });
      throwIfCanceled(signal);
      if (answer.type !== 'picture') throw new TypeError('recolor: a worker gave no picture back');
      const { pixels, report, error } = answer;
      if (error) throw new ColorshineError(error.code as ErrorCode, error.message);
      if (!report) throw new TypeError('recolor: a worker gave no report');
      return { pixels, report };
    } finally {
      clearInterval(look);
      this.picture = undefined;
      if (this.state !== 'lost') this.handle.hold(false);
    }
  }
}

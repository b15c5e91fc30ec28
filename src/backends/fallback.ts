import type { Backend, BackendName } from '../core/backend.js';
import { ColorshineError, messageOf } from '../core/errors.js';
import type { Lut } from '../core/lut/lut.js';
import type { Interpolation } from '../core/options.js';
import type { Cancel, Plan } from '../core/types.js';
import { openWithin, withinDeadline } from './deadline.js';
import { createJsBackend } from './js/index.js';
import { spotCheck } from './self-test.js';

/** A backend that may not exist yet. */
export interface BackendCandidate {
  /** What a user reads: js, wasm, webgl2, webgpu. */
  readonly name: string;
  /** Starts it. @throws when it cannot run here; the message is shown to the user */
  readonly create: () => Promise<Backend>;
}

export interface FallbackOptions {
  /** Receives one sentence for each backend that fails, once. */
  readonly onNotice?: (sentence: string) => void;
  /** Longest wait for a start, and for one evaluation of a device that may hang; default 60 s. */
  readonly deadlineMs?: number;
  /** The first candidate, if it runs already; it is disposed of with the rest. */
  readonly first?: Backend;
}

const DEFAULT_DEADLINE_MS = 60_000;
/**
 * These end, and check themselves; a GPU may hang or lie. So only what a GPU is given has a deadline, and it writes into memory of
 * its own: its answer may come when somebody else has given one.
 */
const TRUSTED: ReadonlySet<string> = new Set(['js', 'wasm']);

/**
 * One backend out of several: an evaluation that fails, hangs or gives garbage is done again on the next one, and the
 * failed one is not used any more.
 *
 * @param candidates in order of preference; the js backend is added at the end if it is missing
 * @returns `name` is that of the backend in use; `evaluate16` goes to the first that has one
 */
export function withFallback(candidates: readonly BackendCandidate[], options: FallbackOptions = {}): Backend {
  const { onNotice, deadlineMs = DEFAULT_DEADLINE_MS } = options;
  const js = createJsBackend();
  const list: readonly BackendCandidate[] = candidates.some(({ name }) => name === 'js')
    ? candidates
    : [...candidates, { name: 'js', create: async () => js }];
  const started = new Map<BackendCandidate, Promise<Backend>>();
  const running = new Map<BackendCandidate, Backend>();
  let current = 0;
  let isDisposed = false;
  if (options.first && list[0]) {
    started.set(list[0], Promise.resolve(options.first));
    running.set(list[0], options.first);
  }

  function start(candidate: BackendCandidate): Promise<Backend> {
    let backend = started.get(candidate);
    if (!backend) {
      backend = openWithin(() => candidate.create(), deadlineMs, `backend ${candidate.name}`);
      backend.then(
        (value) => {
          running.set(candidate, value);
          if (isDisposed) value.dispose();
        },
        () => {},
      );
      started.set(candidate, backend);
    }
    return backend;
  }

  /** Tries one candidate after the other. */
  async function attempt(work: (backend: Backend, name: string) => Promise<void>): Promise<void> {
    for (;;) {
      const index = current;
      const candidate = list[index] as BackendCandidate;
      try {
        return await work(await start(candidate), candidate.name);
      } catch (error) {
        const next = list[index + 1];
        if (!isFailure(error) || !next) throw error;
        // A concurrent evaluation may have moved on already.
        if (current === index) {
          current++;
          running.get(candidate)?.dispose();
          running.delete(candidate);
          onNotice?.(`${candidate.name} failed (${messageOf(error)}); the work goes on with ${next.name}.`);
        }
      }
    }
  }

  /** The backend in use where its results need no check, else wasm where it runs, else js. */
  async function trusted(): Promise<Backend> {
    let found: Backend = js;
    await attempt(async (backend, name) => {
      const wasm = TRUSTED.has(name) ? undefined : list.find((candidate) => candidate.name === 'wasm');
      if (TRUSTED.has(name)) found = backend;
      else if (wasm) found = await start(wasm).catch(() => js);
    });
    return found;
  }

  return {
    get name() {
      const candidate = list[current] as BackendCandidate;
      // One that has not been needed yet will be what its candidate is called.
      return running.get(candidate)?.name ?? (candidate.name as BackendName);
    },
    evaluate(colors: Uint32Array, plan: Plan, out: Uint32Array, signal?: Cancel) {
      return attempt(async (backend, name) => {
        if (TRUSTED.has(name)) return backend.evaluate(colors, plan, out, signal);
        const own = new Uint32Array(out.length);
        await withinDeadline(backend.evaluate(colors, plan, own, signal), deadlineMs, `backend ${name}`);
        if (!(await spotCheck(colors, plan, own, js))) {
          throw new ColorshineError('BACKEND_FAILED', `backend ${name}: it gave wrong colors`);
        }
        out.set(own);
      });
    },
    // What changes samples in place cannot be done again elsewhere, so no deadline cuts it short; js and wasm lose workers but
    // never fail.
    async evaluate16(samples: Uint16Array, channels: 3 | 4, plan: Plan, signal?: Cancel) {
      const { evaluate16 = js.evaluate16 } = await trusted();
      await evaluate16?.(samples, channels, plan, signal);
    },
    async sortPixels16(...request: Parameters<NonNullable<Backend['sortPixels16']>>) {
      return (await (await trusted()).sortPixels16?.(...request)) ?? false;
    },
    /** Absent while the backend in use has none: a table is then built from its 8-bit colors. */
    get evaluateGrid() {
      const inUse = running.get(list[current] as BackendCandidate);
      if (inUse && !inUse.evaluateGrid) return undefined;
      return (axis: Float64Array, plan: Plan, out: Float32Array, signal?: Cancel) =>
        attempt(async (backend, name) => {
          const { evaluateGrid = js.evaluateGrid } = TRUSTED.has(name) ? backend : js;
          await evaluateGrid?.(axis, plan, out, signal);
        });
    },
    /** Byte for byte what the core's own does: no need to stand in for one that fails. */
    async createSampler(lut: Lut, interpolation: Interpolation, maxCode: 255 | 65535) {
      const inUse = running.get(list[current] as BackendCandidate);
      return inUse?.createSampler?.(lut, interpolation, maxCode).catch(() => undefined);
    },
    /** Stages of pictures and radii need no check: they are js's or wasm's, whoever evaluates colors. */
    openPicture: async (pixels, options) => (await trusted()).openPicture?.(pixels, options),
    measureCensus: async (...request) => (await trusted()).measureCensus?.(...request),
    recolorApart: async (pixels, recipeOrPlan, strategy, signal) => {
      const inUse = running.get(list[current] as BackendCandidate);
      return inUse?.recolorApart?.(pixels, recipeOrPlan, strategy, signal);
    },
    stats() {
      return running.get(list[current] as BackendCandidate)?.stats?.();
    },
    dispose() {
      isDisposed = true;
      for (const backend of running.values()) backend.dispose();
    },
  };
}

/** A cancel or a wrong plan is no failure of the backend: another one would say the same. */
function isFailure(error: unknown): boolean {
  return !(error instanceof ColorshineError) || error.code === 'BACKEND_FAILED';
}

import { compilePlan } from '../../core/compiled-plan.js';
import { ColorshineError, throwIfCanceled } from '../../core/errors.js';
import type { Cancel, Plan } from '../../core/types.js';
import { openWithin, withinDeadline } from '../deadline.js';
import { createJsBackend } from '../js/index.js';
import { shortReasonOf } from '../reason.js';
import { type GpuEngine, GpuFault, type OpenEngine } from './engine.js';
import { openGpuJs } from './gpu-js.js';
import { DEFAULT_DEADLINE, type GpuBackend, type GpuBackendOptions } from './options.js';
import { packParameters } from './parameters.js';
import { DEFAULT_MEMORY_LIMIT, estimateTileBytes, fitTile, MIN_TILE, nextTile, SMALL_TILE } from './tiles.js';
import { checkSentinels, SENTINEL_COUNT, sentinelsFor, takeTile } from './verify.js';

/** Sentinels, and what float64 makes of them. */
interface Known {
  readonly sentinels: Uint32Array;
  readonly answers: Uint32Array;
}

/**
 * Opens the GPU and keeps its one context until `dispose`.
 *
 * Calls of `evaluate` may overlap; they run one after the other. A lost context or a wrong answer is repaired once an
 * evaluation by a new context, an out-of-memory by smaller tiles; what cannot be repaired is BACKEND_FAILED, after
 * which another backend should take over.
 *
 * @param openEngine what runs the kernel; tests put failures behind it
 * @throws BACKEND_FAILED when the mode does not work here
 */
export async function createGpuBackend(
  { mode, onNotice, onTile, deadline = DEFAULT_DEADLINE, memoryLimit = DEFAULT_MEMORY_LIMIT }: GpuBackendOptions,
  openEngine: OpenEngine = openGpuJs,
): Promise<GpuBackend> {
  const told = new Set<string>();
  const totals = { tiles: 0, bytesUp: 0, bytesDown: 0, hostColors: 0, restarts: 0, halvings: 0 };
  const host = createJsBackend();
  const inputs = new Map<number, Float32Array>();
  let engine: GpuEngine | undefined;
  let tileSize = 0;
  let disposed = false;
  let queue: Promise<unknown> = Promise.resolve();

  async function open(): Promise<GpuEngine> {
    engine = await openWithin(() => openEngine(mode), deadline, 'the device');
    const fitting = fitTile(memoryLimit, engine.maxTile);
    tileSize = tileSize === 0 ? fitting : Math.min(tileSize, fitting);
    return engine;
  }

  function close(): void {
    engine?.dispose();
    engine = undefined;
  }

  function notice(kind: string, sentence: string): void {
    if (told.has(kind)) return;
    told.add(kind);
    onNotice?.(sentence);
  }

  /** One tile, checked. @returns places that are left to the host */
  async function runTile(colors: Uint32Array, parameters: Float32Array, known: Known, out: Uint32Array) {
    const running = engine ?? (await open());
    const size = nextTile(colors.length + SENTINEL_COUNT, tileSize);
    const count = Math.min(colors.length, size - SENTINEL_COUNT);
    const input = inputs.get(size) ?? new Float32Array(size);
    inputs.set(size, input);
    input.set(count === colors.length ? colors : colors.subarray(0, count));
    input.fill(0, count);
    input.set(known.sentinels, size - SENTINEL_COUNT);
    const result = await withinDeadline(running.run(input, parameters), deadline, `a tile of ${size} colors`);
    totals.tiles++;
    totals.bytesUp += input.byteLength + parameters.byteLength;
    totals.bytesDown += result.byteLength;
    const undecided = takeTile(result, input, count, out);
    checkSentinels(result.subarray(size - SENTINEL_COUNT), known.sentinels, known.answers);
    return { count, undecided };
  }

  /** Makes the next try of a tile possible, or throws. @throws BACKEND_FAILED */
  function repair(error: unknown, mayRestart: boolean): 'smaller' | 'restarted' {
    const fault = error instanceof GpuFault ? error : new GpuFault('broken', shortReasonOf(error), { cause: error });
    if (fault.kind === 'memory' && tileSize > MIN_TILE) {
      engine?.release(tileSize);
      engine?.release(Math.min(SMALL_TILE, tileSize));
      tileSize /= 2;
      totals.halvings++;
      inputs.clear();
      notice('memory', `${mode}: the GPU ran out of memory, so smaller tiles are used`);
      return 'smaller';
    }
    close();
    if (!mayRestart || (fault.kind !== 'lost' && fault.kind !== 'wrong')) throw failure(fault);
    totals.restarts++;
    notice(fault.kind, `${mode}: ${fault.message}; a new context took over`);
    return 'restarted';
  }

  function failure(cause: unknown): ColorshineError {
    return new ColorshineError('BACKEND_FAILED', `${mode}: ${shortReasonOf(cause)}`, { cause });
  }

  async function run(colors: Uint32Array, plan: Plan, out: Uint32Array, signal?: Cancel): Promise<void> {
    const compiled = compilePlan(plan);
    if (compiled.repaints + compiled.attractors === 0) {
      out.set(colors);
      return;
    }
    const parameters = packParameters(compiled);
    const sentinels = sentinelsFor(compiled);
    const known = { sentinels, answers: new Uint32Array(SENTINEL_COUNT) };
    await host.evaluate(sentinels, plan, known.answers);
    let restarted = false;
    for (let done = 0; done < colors.length; ) {
      throwIfCanceled(signal);
      if (disposed) throw failure('the backend was disposed');
      const rest = out.subarray(done);
      try {
        const { count, undecided } = await runTile(colors.subarray(done), parameters, known, rest);
        if (undecided.length > 0) await decide(colors.subarray(done), undecided, plan, rest);
        done += count;
        onTile?.();
      } catch (error) {
        if (repair(error, !restarted && !disposed) === 'restarted') restarted = true;
      }
    }
  }

  /** Evaluates some colors in float64. */
  async function decide(colors: Uint32Array, places: readonly number[], plan: Plan, out: Uint32Array): Promise<void> {
    const few = Uint32Array.from(places, (i) => colors[i] as number);
    const decided = new Uint32Array(few.length);
    await host.evaluate(few, plan, decided);
    for (let k = 0; k < places.length; k++) out[places[k] as number] = decided[k] as number;
    totals.hostColors += few.length;
  }

  let device: string;
  try {
    device = (await open()).device;
  } catch (error) {
    throw failure(error);
  }
  return {
    name: mode,
    device,
    evaluate(colors, plan, out, signal) {
      const result = queue.then(() => run(colors, plan, out, signal));
      queue = result.catch(() => {});
      return result;
    },
    stats: () => ({
      device,
      tileSize,
      estimatedBytes: estimateTileBytes(tileSize) + (tileSize > SMALL_TILE ? estimateTileBytes(SMALL_TILE) : 0),
      ...totals,
    }),
    dispose() {
      disposed = true;
      inputs.clear();
      close();
    },
  };
}

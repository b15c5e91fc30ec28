/** How soon a cancel is heard. No test may look at a clock; this part does. */
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { createWasmBackend } from '../src/backends/wasm/index.js';
import { NODE_THREADS } from '../src/backends/wasm/node-threads.js';
import { buildLut } from '../src/core/lut/build.js';
import {
  type Backend,
  type Cancel,
  ColorshineError,
  createJsBackend,
  makeRecipe,
  measurePlan,
  type Pixels,
  planFor,
  recolorPixels,
  type StrategyChoice,
  takeCensus,
} from '../src/index.js';
import { summarize, table } from './measure.js';
import { makePhotoLike } from './photo-like.js';

const SIDE = 4096;
const DEEP_SIDE = 2048;
const LUT_SIZES = [33, 65, 129];
/** Moments of a run at which it is canceled, evenly spread. */
const MOMENTS = 16;
/** What is promised: docs/internals/architecture.md, "Cancel". */
const PROMISED_MS = 50;
/** How often a moment over the promise is measured again. */
const RETRIES = 2;

/** Gets ready, which is the caller's time, and returns what is measured. */
type Work = () => (signal?: Cancel) => Promise<unknown>;

function isCancel(error: unknown): boolean {
  if (error instanceof ColorshineError && error.code === 'CANCELED') return true;
  throw error;
}

/** @returns milliseconds from when a cancel was due to when the work ended, canceled or done */
async function measureLatency(work: Work, afterMs: number): Promise<{ late: number; wasCanceled: boolean }> {
  const signal = { aborted: false };
  const canceled = work();
  const due = performance.now() + afterMs;
  const timer = setTimeout(() => {
    signal.aborted = true;
  }, due - performance.now());
  const wasCanceled = await canceled(signal).then(() => false, isCancel);
  clearTimeout(timer);
  return { late: Math.max(0, performance.now() - due), wasCanceled };
}

/** For each moment of a run; over the promise, the median of `RETRIES` + 1: what the machine does by itself does not come again. */
async function measureLatencies(work: Work, singles: number[]): Promise<number[]> {
  const run = work();
  const began = performance.now();
  await run();
  const whole = performance.now() - began;
  const latencies: number[] = [];
  for (let moment = 0; moment < MOMENTS; moment++) {
    const measure = () => measureLatency(work, (whole * moment) / MOMENTS);
    const { late, wasCanceled } = await measure();
    // Work that was done before anybody could hear anything is no cancel unheard.
    if (!wasCanceled && late <= PROMISED_MS) continue;
    const tries = [late];
    if (late > PROMISED_MS) {
      singles.push(late);
      for (let retry = 0; retry < RETRIES; retry++) tries.push((await measure()).late);
    }
    latencies.push(summarize(tries).median);
  }
  return latencies;
}

function noise<S extends Uint8Array | Uint16Array>(data: S): S {
  const words = new Uint32Array(data.buffer);
  let state = 1;
  for (let i = 0; i < words.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    words[i] = state ^ (state >>> 15);
  }
  return data;
}

/** @returns Markdown */
export async function benchCancel(): Promise<string> {
  const recipe = makeRecipe(['blue;50;120', 'oklch(70% 0.1 50) -> teal;60;100', 'keep gold;20;80']);
  const square = (data: Pixels['data'], side: number): Pixels => ({ data, width: side, height: side, channels: 3 });
  const photo = square(makePhotoLike(SIDE), SIDE);
  const noisy = square(noise(new Uint8Array(SIDE * SIDE * 3)), SIDE);
  const deep = square(noise(new Uint16Array(DEEP_SIDE * DEEP_SIDE * 3)), DEEP_SIDE);
  const plan = planFor(square(photo.data.slice(0, 3 * 64 * 64), 64), recipe);
  const backends: Record<string, Backend> = {
    js: createJsBackend(),
    wasm: await createWasmBackend(),
    [`wasm, ${availableParallelism()} threads`]: await createWasmBackend({
      threads: availableParallelism(),
      support: NODE_THREADS,
    }),
  };
  const recolor =
    (pixels: Pixels, backend: Backend, strategy?: StrategyChoice): Work =>
    () => {
      const copy = { ...pixels, data: pixels.data.slice() };
      return (signal) => recolorPixels(copy, recipe, { backend, strategy, signal });
    };
  const works: [string, (backend: Backend) => Work][] = [
    ['photo-like, table', (backend) => recolor(photo, backend, 'table')],
    ['photo-like, direct', (backend) => recolor(photo, backend, 'direct')],
    ['photo-like, lut', (backend) => recolor(photo, backend, 'lut')],
    ['noise, table', (backend) => recolor(noisy, backend, 'table')],
    ['noise, direct', (backend) => recolor(noisy, backend, 'direct')],
    ['16 bits', (backend) => recolor(deep, backend)],
    ['census of noise', (backend) => () => (signal) => takeCensus(noisy, { backend, signal })],
    ['plan of noise', (backend) => () => (signal) => measurePlan(noisy, recipe, { backend, signal })],
    ...LUT_SIZES.map((size): [string, (backend: Backend) => Work] => [
      `lookup table, ${size}³`,
      (backend) => () => (signal) => buildLut(plan, size, backend, signal),
    ]),
  ];
  const rows: string[][] = [];
  const singles: number[] = [];
  let count = 0;
  for (const [name, make] of works) {
    const cells: string[] = [];
    for (const backend of Object.values(backends)) {
      const latencies = await measureLatencies(make(backend), singles);
      count += latencies.length;
      const { median, max } = summarize(latencies);
      cells.push(latencies.length === 0 ? 'done at once' : `${median.toFixed(0)} (${max.toFixed(0)})`);
    }
    rows.push([name, ...cells]);
  }
  for (const backend of Object.values(backends)) backend.dispose();
  return [
    `Milliseconds until a cancel has ended the work: median (and longest) of ${MOMENTS} moments of a run. ${SIDE} x ${SIDE}, 16 bits ` +
      `${DEEP_SIDE} x ${DEEP_SIDE}. Promised: ${PROMISED_MS}. A moment over that counts with the median of ${RETRIES + 1} tries; ` +
      `${singles.length} of ${count} first tries were over, the longest ${Math.max(0, ...singles).toFixed(0)}.`,
    table(['work', ...Object.keys(backends)], rows),
  ].join('\n\n');
}

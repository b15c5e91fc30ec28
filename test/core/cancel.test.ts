/**
 * A cancel comes by the event loop: a click, a signal of the process, a timer. Long work hears it only if it lets the loop have its turn
 * and then looks. Counted, not timed: each run below would take seconds and is canceled 5 ms after its slow stage began.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWasmBackend } from '../../src/backends/wasm/index.js';
import { NODE_THREADS } from '../../src/backends/wasm/node-threads.js';
import { ReachSearch } from '../../src/core/analysis/suggest-reach.js';
import { readTarget } from '../../src/core/analysis/targets.js';
import { labStreamOf } from '../../src/core/measure-plan.js';
import {
  type Backend,
  type Cancel,
  createJsBackend,
  makeRecipe,
  measurePlan,
  type Pixels,
  type Plan,
  planFor,
  type RecolorOptions,
  recolorPixels,
  takeCensus,
} from '../../src/index.js';
import { makeNoise } from '../support/lut.js';
import { rejection } from '../support/rejection.js';

const SIDE = 2000;
const ABORTED_AFTER_MS = 5;
/** Looks after the abort: the one that throws, and one of a stage that it passes on its way out. */
const MAX_LATE_LOOKS = 2;
/** As many as there may be, each of which moves every pixel. */
const RECIPE = makeRecipe(Array.from({ length: 64 }, (_, i) => `hsl(${(i * 47) % 360} 80% 50%);100;30`));

const SUGGESTED = makeRecipe(Array.from({ length: 64 }, (_, i) => `keep hsl(${(i * 47) % 360} 80% 50%);auto;100`));

function noise<S extends Uint8Array | Uint16Array>(data: S, max: number): Pixels & { data: S } {
  const random = makeNoise(max);
  for (let i = 0; i < data.length; i++) data[i] = random() * (max + 1);
  return { data, width: SIDE, height: SIDE, channels: 3 };
}

const sources = { 8: noise(new Uint8Array(SIDE * SIDE * 3), 255), 16: noise(new Uint16Array(SIDE * SIDE * 3), 65535) };
const small = { ...sources[8], data: sources[8].data.slice(0, 3 * 64 * 64), width: 64, height: 64 };
const plan = planFor(small, RECIPE);

/** A signal that a timer aborts, and that counts how often it is looked at from then on. */
class TimedCancel implements Cancel {
  isFired = false;
  lateLooks = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  start(): void {
    this.timer ??= setTimeout(() => {
      this.isFired = true;
    }, ABORTED_AFTER_MS);
  }

  get aborted(): boolean {
    if (this.isFired) this.lateLooks++;
    return this.isFired;
  }
}

/** Says when the backend evaluates colors, and counts what is begun after the abort. */
function watch(backend: Backend, cancel: TimedCancel): { backend: Backend; late: () => number } {
  let late = 0;
  const evaluate: Backend['evaluate'] = (...request) => {
    if (cancel.isFired) late++;
    cancel.start();
    return backend.evaluate(...request);
  };
  return { backend: { ...backend, evaluate }, late: () => late };
}

function copyOf<P extends Pixels>(source: P): P {
  return { ...source, data: source.data.slice() };
}

function changedSamples({ data }: Pixels, source: Pixels): number {
  let changed = 0;
  for (let i = 0; i < data.length; i++) if (data[i] !== source.data[i]) changed++;
  return changed;
}

const WAYS: readonly [string, () => Promise<Backend>][] = [
  ['js', async () => createJsBackend()],
  ['wasm', () => createWasmBackend()],
  ['wasm, 3 threads', () => createWasmBackend({ threads: 3, support: NODE_THREADS })],
];

/** Work, and whether it may have changed pixels by then. */
const WORK: readonly [string, 8 | 16, Plan | typeof RECIPE, Partial<RecolorOptions>, 'untouched' | 'partly'][] = [
  ['table', 8, plan, { strategy: 'table' }, 'untouched'],
  ['table with radii to measure', 8, RECIPE, { strategy: 'table' }, 'untouched'],
  ['direct', 8, plan, { strategy: 'direct' }, 'partly'],
  ['direct with radii to measure', 8, RECIPE, { strategy: 'direct' }, 'untouched'],
  ['lut of 65 nodes', 8, plan, { strategy: 'lut', lut: { size: 65, measureError: false } }, 'untouched'],
  ['direct', 16, plan, { strategy: 'direct' }, 'partly'],
  ['direct with radii to measure', 16, RECIPE, { strategy: 'direct' }, 'untouched'],
  ['lut of 65 nodes', 16, plan, { strategy: 'lut', lut: { size: 65, measureError: false } }, 'untouched'],
];

describe.each(WAYS)('a cancel by a timer, %s', (_, open) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await open();
  });
  afterAll(() => backend.dispose());

  it.each(WORK)('is heard while it works: %s, %i bits', async (_name, bits, recipeOrPlan, options, left) => {
    const source = sources[bits];
    const pixels = copyOf(source);
    const cancel = new TimedCancel();
    const watched = watch(backend, cancel);
    cancel.start();
    const run = recolorPixels(pixels, recipeOrPlan, { ...options, backend: watched.backend, signal: cancel });
    expect((await rejection(run)).code).toBe('CANCELED');
    expect(cancel.isFired).toBe(true);
    expect(cancel.lateLooks).toBeLessThanOrEqual(MAX_LATE_LOOKS);
    expect(watched.late()).toBe(0);
    const changed = changedSamples(pixels, source);
    if (left === 'untouched') expect(changed).toBe(0);
    else expect(changed).toBeLessThan(pixels.data.length / 2);
  });

  it('is heard while colors are evaluated, and the pixels are as they were', async () => {
    const pixels = copyOf(sources[8]);
    const cancel = new TimedCancel();
    const watched = watch(backend, cancel);
    const run = recolorPixels(pixels, plan, { strategy: 'table', backend: watched.backend, signal: cancel });
    expect((await rejection(run)).code).toBe('CANCELED');
    expect(cancel.lateLooks).toBeLessThanOrEqual(MAX_LATE_LOOKS);
    expect(changedSamples(pixels, sources[8])).toBe(0);
    // What was borrowed for it is clean again.
    const next = copyOf(small);
    await recolorPixels(next, plan, { strategy: 'table', backend });
    const direct = copyOf(small);
    await recolorPixels(direct, plan, { strategy: 'direct', backend });
    expect(Buffer.compare(next.data, direct.data)).toBe(0);
  });

  it.each([8, 16] as const)('is heard while radii are measured, %i bits', async (bits) => {
    const cancel = new TimedCancel();
    cancel.start();
    expect((await rejection(measurePlan(sources[bits], RECIPE, { backend, signal: cancel }))).code).toBe('CANCELED');
    expect(cancel.lateLooks).toBeLessThanOrEqual(MAX_LATE_LOOKS);
  });

  it('is looked at before anything is done', async () => {
    for (const work of [
      () => takeCensus(small, { backend, signal: { aborted: true } }),
      () => measurePlan(small, RECIPE, { backend, signal: { aborted: true } }),
      () => recolorPixels(copyOf(small), plan, { backend, signal: { aborted: true } }),
    ]) {
      expect((await rejection(work())).code).toBe('CANCELED');
    }
  });
});

it('a cancel by a timer is heard by a picture on another thread', async () => {
  const backend = await createWasmBackend({ threads: 2, support: NODE_THREADS });
  for (const [strategy, bits] of [
    ['table', 8],
    ['direct', 8],
    ['direct', 16],
  ] as const) {
    const pixels = copyOf(sources[bits]);
    const cancel = new TimedCancel();
    cancel.start();
    const run = recolorPixels(pixels, plan, { strategy, backend, signal: cancel, isOneOfMany: true });
    expect((await rejection(run)).code).toBe('CANCELED');
    expect(cancel.isFired).toBe(true);
    expect(changedSamples(pixels, sources[bits])).toBe(0);
  }
  backend.dispose();
});

describe('the colors of a picture, looked at for a reach or a share', () => {
  it.each([8, 16] as const)('are left at once, %i bits', async (bits) => {
    const cancel = new TimedCancel();
    const searches = SUGGESTED.rows.map((row) => new ReachSearch(readTarget(row).center));
    const stream = labStreamOf(sources[bits], { backend: createJsBackend(), signal: cancel });
    let looked = 0;
    const looking = stream.each((lab, counts, length) => {
      cancel.start();
      looked += length;
      for (const search of searches) search.look(lab, counts, length);
    });
    expect(await rejection(looking)).toMatchObject({ code: 'CANCELED' });
    expect(looked).toBeLessThan((SIDE * SIDE) / 4);
  });
});

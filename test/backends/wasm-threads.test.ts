import { expect, it } from 'vitest';
import { createWasmBackend } from '../../src/backends/wasm/index.js';
import { startNodePool } from '../../src/backends/wasm/node-threads.js';
import type { StartPool } from '../../src/backends/wasm/pool.js';
import { makeRecipe, recolorPixels } from '../../src/index.js';
import { copyOf, makePicture, sameBytes, withoutPictures } from '../support/pictures.js';

const RECIPE = makeRecipe(['#c05030;50;150', '#3060c0;40;80']);

/** A pool that tells how often it was started. */
function countStarts(): { readonly startPool: StartPool; readonly starts: () => number } {
  let starts = 0;
  const startPool: StartPool = (module, size) => {
    starts++;
    return startNodePool(module, size);
  };
  return { startPool, starts: () => starts };
}

it('starts sparing threads when the pictures that came would have paid for them, with the same bytes', async () => {
  const { startPool, starts } = countStarts();
  const backend = await createWasmBackend({ threads: 2, startPool, sparing: true });
  const source = makePicture(3, 4000, 4000);
  const wanted = copyOf(source);
  const other = await createWasmBackend();
  await recolorPixels(wanted, RECIPE, { backend: withoutPictures(other), strategy: 'table' });
  const startsAfter: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    const got = copyOf(source);
    await recolorPixels(got, RECIPE, { backend, strategy: 'table' });
    expect(sameBytes(got, wanted)).toBe(true);
    startsAfter.push(starts());
  }
  expect(startsAfter).toEqual([0, 0, 1]);
  backend.dispose();
});

it.each([
  ['a batch', () => makePicture(3), 'table', true],
  ['noise', () => makePicture(3, 2300, 2200), 'direct', false],
] as const)('starts sparing threads at once for %s', async (_, make, strategy, isOneOfMany) => {
  const { startPool, starts } = countStarts();
  const backend = await createWasmBackend({ threads: 2, startPool, sparing: true });
  await recolorPixels(make(), RECIPE, { backend, strategy, isOneOfMany });
  expect(starts()).toBe(1);
  backend.dispose();
});

it('starts threads at once where it is not told to spare them', async () => {
  const { startPool, starts } = countStarts();
  const backend = await createWasmBackend({ threads: 2, startPool });
  expect(starts()).toBe(1);
  backend.dispose();
});

it('does without threads what is too large for a list of its colors', async () => {
  const backend = await createWasmBackend();
  const source = makePicture(4, 4100, 4097); // more than MAX_LONE_PIXELS
  const wanted = copyOf(source);
  const plain = await recolorPixels(wanted, RECIPE, { backend: withoutPictures(backend), strategy: 'table' });
  const report = await recolorPixels(source, RECIPE, { backend, strategy: 'table' });
  expect(sameBytes(source, wanted)).toBe(true);
  expect(report.plan).toEqual(plain.plan);
  backend.dispose();
});

it('ends work in progress without workers and without a word when it is disposed of', async () => {
  const notices: string[] = [];
  const disposing: StartPool = async (module, size) => {
    const pool = await startNodePool(module, size);
    const run: typeof pool.run = (jobs, own) => {
      backend.dispose();
      return pool.run(jobs, own);
    };
    return { ...pool, run };
  };
  const backend = await createWasmBackend({ threads: 2, startPool: disposing, onNotice: (text) => notices.push(text) });
  const source = makePicture(3, 1100, 1000);
  const [wanted, got] = [copyOf(source), copyOf(source)];
  const other = await createWasmBackend();
  await recolorPixels(wanted, RECIPE, { backend: other, strategy: 'direct' });
  await recolorPixels(got, RECIPE, { backend, strategy: 'direct' });
  expect(sameBytes(got, wanted)).toBe(true);
  expect(notices).toEqual([]);
});

import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { createWasmBackend } from '../../../src/backends/wasm/index.js';
import { NODE_THREADS } from '../../../src/backends/wasm/node-threads.js';
import { makeRecipe, recolorPixels } from '../../../src/index.js';
import { copyOf, makePicture, sameBytes } from '../../support/pictures.js';

const recipe = makeRecipe(['#c05030;50;150', '#3060c0;40;80']);
const MB = 2 ** 20;

// What was let go is freed when the collector comes, which a process that goes on sees to.
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

async function settledMemory(): Promise<number> {
  for (let i = 0; i < 4; i++) {
    collect();
    await sleep(20);
  }
  return process.memoryUsage.rss() / MB;
}

it.each([
  ['one thread', {}],
  ['three threads', { threads: 3, support: NODE_THREADS }],
] as const)('an idle engine gives large memory back, %s', async (_, options) => {
  const backend = await createWasmBackend({ ...options, idleMs: 40 });
  const every = new Uint8Array(2 ** 22 * 3);
  for (let color = 0; color < 2 ** 22; color++) every.set([color, color >> 8, color >> 14], color * 3);
  const sizes = [
    [4, 3],
    [90, 70],
    [701, 613],
    [1500, 1400],
    [300, 200],
  ] as const;
  await recolorPixels(makePicture(3, 64, 64), recipe, { backend, strategy: 'direct' });
  const before = await settledMemory();
  let peak = 0;
  for (let n = 0; n < 50; n++) {
    const [width, height] = sizes[n % sizes.length] as (typeof sizes)[number];
    const pixels =
      n === 25
        ? { data: every.slice(), width: 2048, height: 2048, channels: 3 as const }
        : makePicture(n % 3 === 0 ? 4 : 3, width, height);
    await recolorPixels(pixels, recipe, { backend, strategy: 'table' });
    peak = Math.max(peak, process.memoryUsage.rss() / MB);
  }
  await sleep(200);
  const after = await settledMemory();
  // Its tables took 100 MB and more; what is left is the noise of a process.
  expect(peak - before).toBeGreaterThan(90);
  expect(after - before).toBeLessThan((peak - before) / 2);
  // And it works on.
  const [got, wanted] = [makePicture(3), copyOf(makePicture(3))];
  await recolorPixels(got, recipe, { backend, strategy: 'table' });
  await recolorPixels(wanted, recipe, { backend: await createWasmBackend(), strategy: 'table' });
  expect(sameBytes(got, wanted)).toBe(true);
  backend.dispose();
});

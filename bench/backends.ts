/**
 * Colors per second of each backend on a photograph's colors. Run: npx tsx bench/backends.ts
 *
 * Medians of interleaved runs, so that a busy machine slows all rows alike; the checksum shows that work was done.
 */

import { createWasmBackend } from '../src/backends/wasm/index.js';
import { startNodePool } from '../src/backends/wasm/node-threads.js';
import { countColors, createColorTable, createJsBackend, makeRecipe, planFromCensus } from '../src/index.js';
import { makePhotoLike } from './photo-like.js';

const SIZE = 4096;
const RUNS = 15;
const EIGHT = [
  '#c85a28;30;60',
  '#3060c0;30;80',
  '#208040;30;120',
  'gray;30;50',
  'white;20;60',
  'black;20;90',
  'tan;50;40',
  'navy;40;100',
];
const RECIPES = { '2 attractors': ['#c85a28;40;80', '#3060c0;50;70'], '8 attractors': EIGHT };

const census = countColors(makePhotoLike(SIZE), 3, createColorTable());
const colors = census.colors.slice();
const backends = {
  js: createJsBackend(),
  'wasm scalar, 1 thread': await createWasmBackend({ variant: 'scalar' }),
  'wasm, 1 thread': await createWasmBackend(),
  'wasm, 2 threads': await createWasmBackend({ threads: 2, startPool: startNodePool }),
};
console.log(`${colors.length} distinct colors of a ${SIZE} x ${SIZE} photo-like picture, ${RUNS} runs each`);

for (const [name, attractors] of Object.entries(RECIPES)) {
  const plan = planFromCensus(census, makeRecipe(attractors), 'srgb');
  const times = new Map(Object.keys(backends).map((key) => [key, [] as number[]]));
  const out = new Uint32Array(colors.length);
  const sums = new Map<string, number>();
  for (let run = 0; run < RUNS + 2; run++) {
    for (const [key, backend] of Object.entries(backends)) {
      const start = performance.now();
      await backend.evaluate(colors, plan, out);
      if (run >= 2) times.get(key)?.push(performance.now() - start);
      sums.set(key, checksum(out));
    }
  }
  const reference = median(times.get('js') ?? []);
  for (const [key, list] of times) {
    const time = median(list);
    const speed = colors.length / time / 1000;
    console.log(
      `${name}  ${key.padEnd(22)} ${speed.toFixed(1).padStart(6)} M colors/s  best ${(colors.length / Math.min(...list) / 1000).toFixed(1).padStart(6)}  x${(reference / time).toFixed(2)} of js  checksum ${sums.get(key)?.toString(16)}`,
    );
  }
}
for (const backend of Object.values(backends)) backend.dispose();

function median(list: readonly number[]): number {
  return [...list].sort((p, q) => p - q)[Math.floor(list.length / 2)] ?? Number.NaN;
}

function checksum(words: Uint32Array): number {
  let sum = 0;
  for (let i = 0; i < words.length; i++) sum = (Math.imul(sum, 31) + (words[i] as number)) >>> 0;
  return sum;
}

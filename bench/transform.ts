import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import sharp from 'sharp';
import { createWasmBackend } from '../src/backends/wasm/index.js';
import { startNodePool } from '../src/backends/wasm/node-threads.js';
import { type Backend, createColorTable, createJsBackend, makeRecipe, recolorPixels } from '../src/index.js';
import { checksum, summarize, table } from './measure.js';
import { makePhotoLike } from './photo-like.js';

export const RECIPE = ['blue;50;70', 'oklch(70% 0.1 50);60;70'];
const SIZES = [1024, 2048, 4096];
const RUNS = 7;
const STAGES = ['census', 'radii', 'pull', 'repaint'] as const;

/** The transform without codec: census, radii, pull, repaint. Backends take turns. @returns Markdown */
export async function benchTransform(): Promise<string> {
  const threads = availableParallelism();
  const backends: [string, Backend][] = [
    ['js, 1 thread', createJsBackend()],
    ['wasm, 1 thread', await createWasmBackend()],
    [`wasm, ${threads} threads`, await createWasmBackend({ threads, startPool: startNodePool })],
  ];
  const rows: string[][] = [];
  for (const [name, size, picture] of await pictures()) {
    const results = backends.map(() => [] as Record<string, number>[]);
    const sums = backends.map(() => '');
    let distinct = 0;
    for (let run = 0; run <= RUNS; run++) {
      for (const [i, [, backend]] of backends.entries()) {
        const { timings, sum, colors } = await runOnce(picture, size, backend);
        if (run > 0) results[i]?.push(timings); // the first is a warm-up
        sums[i] = sum;
        distinct = colors;
      }
    }
    backends.forEach(([backend], i) => {
      rows.push([
        `${name} ${size}²`,
        backend,
        distinct.toLocaleString('en-US'),
        ...cells(results[i] ?? [], size),
        sums[i] ?? '',
      ]);
    });
  }
  for (const [, backend] of backends) backend.dispose();
  const header = [
    'picture',
    'backend',
    'distinct colors',
    ...STAGES.map((stage) => `${stage} ms`),
    'total ms',
    'ns/pixel',
    'Mpx/s',
    'checksum',
  ];
  return table(header, rows);
}

const recipe = makeRecipe(RECIPE);
const colorTable = createColorTable();

async function runOnce(picture: Uint8Array, size: number, backend: Backend) {
  const data = new Uint8Array(picture);
  const pixels = { data, width: size, height: size, channels: 3 as const };
  const options = { backend, table: colorTable, strategy: 'table' as const, now: () => performance.now() };
  const began = performance.now();
  const { timings, distinctColors = 0 } = await recolorPixels(pixels, recipe, options);
  return { timings: { ...timings, total: performance.now() - began }, sum: checksum(data), colors: distinctColors };
}

function cells(runs: readonly Record<string, number>[], size: number): string[] {
  const median = (key: string): number => summarize(runs.map((run) => run[key] as number)).median;
  const total = median('total');
  return [
    ...STAGES.map((stage) => median(stage).toFixed(0)),
    total.toFixed(0),
    ((total * 1e6) / size ** 2).toFixed(1),
    (size ** 2 / total / 1e3).toFixed(0),
  ];
}

async function pictures(): Promise<[string, number, Uint8Array][]> {
  const made = SIZES.map((size): [string, number, Uint8Array] => ['photo-like', size, makePhotoLike(size)]);
  const lake = await sharp('examples/lake.jpg').resize(4096, 4096, { fit: 'cover' }).removeAlpha().raw().toBuffer();
  return [...made, ['examples/lake.jpg', 4096, lake]];
}

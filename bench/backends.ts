import sharp from 'sharp';
import { createWasmBackend } from '../src/backends/wasm/index.js';
import { NODE_THREADS } from '../src/backends/wasm/node-threads.js';
import {
  type Backend,
  type Census,
  countColors,
  createColorTable,
  createJsBackend,
  makeRecipe,
  planFromCensus,
} from '../src/index.js';
import { checksum, summarize, table } from './measure.js';
import { makePhotoLike } from './photo-like.js';

const RUNS = 21;
const RECIPES: Readonly<Record<string, readonly string[]>> = {
  '2': ['#c85a28;40;80', '#3060c0;50;70'],
  '8': [
    '#c85a28;30;60',
    '#3060c0;30;80',
    '#208040;30;120',
    'gray;30;50',
    'white;20;60',
    'black;20;90',
    'tan;50;40',
    'navy;40;100',
  ],
};

/** Colors per second of each backend on a picture's distinct colors; backends take turns. @returns Markdown */
export async function benchBackends(): Promise<string> {
  const backends: Record<string, Backend> = {
    'js, 1 thread': createJsBackend(),
    'wasm scalar, 1 thread': await createWasmBackend({ variant: 'scalar' }),
    'wasm, 1 thread': await createWasmBackend(),
    'wasm, 2 threads': await createWasmBackend({ threads: 2, support: NODE_THREADS }),
  };
  const rows: string[][] = [];
  for (const [picture, census] of await benchPictures()) {
    for (const [count, attractors] of Object.entries(RECIPES)) {
      const plan = planFromCensus(census, makeRecipe(attractors), 'srgb');
      const out = new Uint32Array(census.colors.length);
      const times = new Map(Object.keys(backends).map((name) => [name, [] as number[]]));
      const sums = new Map<string, string>();
      for (let run = -2; run < RUNS; run++) {
        for (const [name, backend] of Object.entries(backends)) {
          const start = performance.now();
          await backend.evaluate(census.colors, plan, out);
          if (run >= 0) times.get(name)?.push(performance.now() - start);
          sums.set(name, checksum(new Uint8Array(out.buffer)));
        }
      }
      const medianOf = (name: string): number => summarize(times.get(name) ?? []).median;
      for (const name of Object.keys(backends)) {
        const speed = census.colors.length / medianOf(name) / 1000;
        const ratio = medianOf('js, 1 thread') / medianOf(name);
        rows.push([picture, count, name, speed.toFixed(1), `${ratio.toFixed(1)} x`, sums.get(name) ?? '']);
      }
    }
  }
  for (const backend of Object.values(backends)) backend.dispose();
  return table(['distinct colors of', 'attractors', 'backend', 'M colors/s', 'against js', 'checksum'], rows);
}

/** Pictures with the census that backends are compared on. */
export async function benchPictures(): Promise<[string, Census][]> {
  const lake = await sharp('examples/lake.jpg').removeAlpha().raw().toBuffer();
  const made: [string, Uint8Array][] = [
    ['examples/lake.jpg', lake],
    ['photo-like 4096²', makePhotoLike(4096)],
  ];
  return made.map(([name, data]) => {
    const census = countColors(data, 3, createColorTable());
    return [`${name} (${census.colors.length.toLocaleString('en-US')})`, census];
  });
}

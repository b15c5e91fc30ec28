import { performance } from 'node:perf_hooks';
import sharp from 'sharp';
import { createColorTable, createJsBackend, makeRecipe, recolorPixels } from '../src/index.js';
import { checksum, summarize, table } from './measure.js';
import { makePhotoLike } from './photo-like.js';

export const RECIPE = ['blue;50;70', 'oklch(70% 0.1 50);60;70'];
const SIZES = [1024, 2048, 4096];
const RUNS = 7;

/** The transform without codec, one thread, js backend: census, radii, pull, repaint. @returns Markdown */
export async function benchTransform(): Promise<string> {
  const recipe = makeRecipe(RECIPE);
  const backend = createJsBackend();
  const colorTable = createColorTable();
  const rows: string[][] = [];
  for (const [name, size, picture] of await pictures()) {
    const runs: Record<string, number>[] = [];
    let sum = '';
    let distinct = 0;
    for (let i = 0; i <= RUNS; i++) {
      const data = new Uint8Array(picture);
      const pixels = { data, width: size, height: size, channels: 3 as const };
      const report = await recolorPixels(pixels, recipe, { backend, table: colorTable, now: () => performance.now() });
      if (i === 0) continue; // warm-up
      runs.push({ ...report.timings });
      distinct = report.distinctColors ?? 0;
      sum = checksum(data);
    }
    const stage = (key: string): number => summarize(runs.map((run) => run[key] as number)).median;
    const total = summarize(runs.map((run) => Object.values(run).reduce((a, b) => a + b, 0))).median;
    const cells = ['census', 'radii', 'pull', 'repaint'].map((key) => stage(key).toFixed(0));
    rows.push([
      `${name} ${size}²`,
      distinct.toLocaleString('en-US'),
      ...cells,
      total.toFixed(0),
      ((total * 1e6) / size ** 2).toFixed(1),
      (size ** 2 / total / 1e3).toFixed(0),
      sum,
    ]);
  }
  const header = [
    'picture',
    'distinct colors',
    'census ms',
    'radii ms',
    'pull ms',
    'repaint ms',
    'total ms',
    'ns/pixel',
    'Mpx/s',
    'checksum',
  ];
  return table(header, rows);
}

async function pictures(): Promise<[string, number, Uint8Array][]> {
  const made = SIZES.map((size): [string, number, Uint8Array] => ['photo-like', size, makePhotoLike(size)]);
  const lake = await sharp('examples/lake.jpg').resize(4096, 4096, { fit: 'cover' }).removeAlpha().raw().toBuffer();
  return [...made, ['examples/lake.jpg', 4096, lake]];
}

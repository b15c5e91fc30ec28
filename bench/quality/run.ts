/**
 * `npm run quality [-- PHOTO…]`: what recipes do to pictures that an eye would mind, in numbers and side by side. Default: the
 * example images. Writes bench/out/quality/index.html and report.md.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { createWasmBackend } from '../../src/backends/wasm/index.js';
import { type Recipe, recolorPixels } from '../../src/index.js';
import { table } from '../measure.js';
import { measureBands } from './bands.js';
import { measureGrain } from './grain.js';
import { measureHalos } from './halos.js';
import { type LabPicture, toLabPicture } from './lab-picture.js';
import { tileOrders } from './lightness-order.js';
import { RECIPES } from './recipes.js';

const OUT = 'bench/out/quality';
/** Long side of the pictures that are judged: grain and fringes of a photo as it is seen on a page. */
const SIDE = 1024;
const TILES = { columns: 8, rows: 6 };
const HEADER = ['recipe', 'order of lightness (worst tile)', 'grain, L ×', 'grain, chroma ×', 'longest run', 'halos ‰'];
const EXAMPLES = ['examples/lake.jpg', 'examples/still-life.jpg'];

interface Judgment {
  readonly recipe: string;
  readonly file: string;
  readonly cells: readonly string[];
}

const files = process.argv.slice(2);
const backend = await createWasmBackend();
await mkdir(OUT, { recursive: true });
const sections: { readonly title: string; readonly original: string; readonly judgments: readonly Judgment[] }[] = [];
for (const [n, file] of (files.length > 0 ? files : EXAMPLES).entries()) {
  const original = `${n}-original.webp`;
  const before = await readPicture(file);
  await writePicture(before, original);
  const judgments: Judgment[] = [];
  for (const [k, { name, recipe }] of RECIPES.entries()) {
    const after = await recolor(before, recipe);
    judgments.push({ recipe: name, file: `${n}-${k}.webp`, cells: judge(before, after) });
    await writePicture(after, `${n}-${k}.webp`);
  }
  sections.push({ title: basename(file), original, judgments });
  console.log(`## ${basename(file)}\n\n${toTable(judgments)}\n`);
}
backend.dispose();
await writeFile(join(OUT, 'report.md'), sections.map((s) => `## ${s.title}\n\n${toTable(s.judgments)}\n`).join('\n'));
await writeFile(join(OUT, 'index.html'), toPage());
console.log(`${OUT}/index.html`);

async function readPicture(file: string): Promise<LabPicture> {
  const { data, info } = await sharp(file)
    .autoOrient()
    .resize(SIDE, SIDE, { fit: 'inside', withoutEnlargement: true })
    .toColorspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return toLabPicture(new Uint8Array(data), info.width, info.height);
}

async function recolor({ rgb, width, height }: LabPicture, recipe: Recipe): Promise<LabPicture> {
  const data = rgb.slice();
  await recolorPixels({ data, width, height, channels: 3 }, recipe, { backend });
  return toLabPicture(data, width, height);
}

function judge(before: LabPicture, after: LabPicture): string[] {
  const orders = tileOrders(before, after, TILES.columns, TILES.rows);
  const grain = measureGrain(before, after);
  const bands = measureBands(before, after);
  const mean = orders.reduce((sum, order) => sum + order, 0) / orders.length;
  return [
    orders.length === 0 ? '–' : `${mean.toFixed(3)} (${Math.min(...orders).toFixed(2)})`,
    grain.lightness.toFixed(2),
    grain.chroma.toFixed(2),
    `${bands.before} → ${bands.after}`,
    (1000 * measureHalos(before, after)).toFixed(1),
  ];
}

function toTable(judgments: readonly Judgment[]): string {
  return table(
    HEADER,
    judgments.map(({ recipe, cells }) => [recipe, ...cells]),
  );
}

async function writePicture({ rgb, width, height }: LabPicture, name: string): Promise<void> {
  await sharp(rgb, { raw: { width, height, channels: 3 } })
    .webp({ quality: 90 })
    .toFile(join(OUT, name));
}

function toPage(): string {
  const figure = (file: string, caption: string): string =>
    `<figure><img src="${file}" loading="lazy" alt=""><figcaption>${escapeHtml(caption)}</figcaption></figure>`;
  const body = sections.map(({ title, original, judgments }) => {
    const results = judgments.map(({ recipe, file, cells }) =>
      figure(file, `${recipe}: ${cells.map((cell, i) => `${HEADER[i + 1]} ${cell}`).join(' · ')}`),
    );
    return `<h2>${escapeHtml(title)}</h2><div>${figure(original, 'Original')}${results.join('')}</div>`;
  });
  return `<!doctype html><meta charset="utf-8"><title>Quality</title><meta name="color-scheme" content="light dark"><style>
body{font:14px/1.5 system-ui;margin:2rem}div{display:grid;grid-template-columns:repeat(auto-fill,minmax(22rem,1fr));gap:1.5rem}
figure{margin:0}img{width:100%}figcaption{font-size:12px}</style>${body.join('')}`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}

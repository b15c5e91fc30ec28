/**
 * `npm run bench:docs`: puts the results that `npm run bench` kept (bench/out/results.json) into the pages that show them, between
 * the marks `<!-- bench:part -->` and `<!-- /bench:part -->`, and draws the charts. Parts without a result stay as they are.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { posix } from 'node:path';
import type { KeptResult } from '../bench/measure.js';
import { drawBarChart } from '../src/node/bench/bar-chart.js';
import { machineLine } from '../src/node/bench/machine.js';

const PAGES = ['docs/internals/performance.md', 'docs/huge-images.md'];
const results = JSON.parse(await readFile('bench/out/results.json', 'utf8')) as Record<string, KeptResult>;
const placed = new Set<string>();
for (const path of PAGES) {
  let page = await readFile(path, 'utf8');
  for (const [part, { markdown, chart, machine, date }] of Object.entries(results)) {
    const [open, close] = [`<!-- bench:${part} -->`, `<!-- /bench:${part} -->`];
    const [from, to] = [page.indexOf(open), page.indexOf(close)];
    if (from < 0 || to < from) continue;
    placed.add(part);
    const image = `images/bench-${part}.svg`;
    const where = `${machineLine(machine)}; ${date}`;
    if (chart) await writeFile(`docs/${image}`, drawBarChart({ ...chart, footer: where }));
    const picture = chart ? `\n![${chart.title}](${posix.relative(posix.dirname(path), `docs/${image}`)})\n` : '';
    page = `${page.slice(0, from)}${open}\n${picture}\n${markdown}\n\n_${where}_\n\n${page.slice(to)}`;
  }
  await writeFile(path, page);
}
for (const part of Object.keys(results)) {
  if (!placed.has(part))
    console.error(`no place for ${part}: expected <!-- bench:${part} --> in ${PAGES.join(' or ')}`);
}

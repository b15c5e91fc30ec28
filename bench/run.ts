/**
 * `npm run bench [-- part...]`: every figure that the README and docs/internals/performance.md quote. Default: all parts but `window` and `gigapixel`,
 * which need a browser and minutes.
 *
 * Results are printed and kept in bench/out/results.json, part by part, with the machine they come from; `npm run bench:docs`
 * writes them into docs/internals/performance.md.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { describeMachine, machineLine } from '../src/node/bench/machine.js';
import { benchBackends } from './backends.js';
import { benchBatch } from './batch.js';
import { benchCancel } from './cancel.js';
import { benchCli } from './cli.js';
import { benchDeep } from './deep.js';
import { benchHierarchical } from './hierarchical.js';
import { benchJpeg } from './jpeg.js';
import { benchLut } from './lut.js';
import type { KeptResult, PartResult } from './measure.js';
import { benchBuildMemory, benchGigapixel, benchMemory } from './memory.js';
import { benchPng } from './png.js';
import { benchRows } from './rows.js';
import { benchStart } from './start.js';
import { benchTransform } from './transform.js';
import { benchWindow } from './window.js';

const PARTS: Readonly<Record<string, () => Promise<string | PartResult>>> = {
  transform: benchTransform,
  backends: benchBackends,
  rows: benchRows,
  lut: benchLut,
  deep: benchDeep,
  cli: benchCli,
  jpeg: benchJpeg,
  png: benchPng,
  batch: benchBatch,
  cancel: benchCancel,
  start: benchStart,
  memory: benchMemory,
  'build-memory': benchBuildMemory,
  hierarchical: benchHierarchical,
  window: benchWindow,
  gigapixel: benchGigapixel,
};
const ON_REQUEST: readonly string[] = ['gigapixel', 'window'];

const RESULTS = 'bench/out/results.json';

const machine = describeMachine();
console.log(`${machineLine(machine)}\n`);
const asked = process.argv.slice(2);
for (const name of asked) {
  if (!(name in PARTS)) throw new Error(`part: expected some of ${Object.keys(PARTS).join(', ')}, got ${name}`);
}
for (const [name, bench] of Object.entries(PARTS)) {
  if (asked.length > 0 ? !asked.includes(name) : ON_REQUEST.includes(name)) continue;
  const found = await bench();
  const result = typeof found === 'string' ? { markdown: found } : found;
  console.log(`## ${name}\n\n${result.markdown}\n`);
  await keep(name, { ...result, machine, date: new Date().toISOString().slice(0, 10) });
}

async function keep(name: string, result: KeptResult): Promise<void> {
  await mkdir('bench/out', { recursive: true });
  const kept = JSON.parse(await readFile(RESULTS, 'utf8').catch(() => '{}')) as Record<string, KeptResult>;
  await writeFile(RESULTS, `${JSON.stringify({ ...kept, [name]: result }, null, 1)}\n`);
}

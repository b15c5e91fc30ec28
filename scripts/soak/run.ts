/**
 * `npm run soak [-- --minutes N --seed N --only NAME]`: hours of bad luck in half an hour. Each line says what was tried and what was
 * wrong; exit code 1 if anything was. Inputs that found a fault are kept in bench/out/soak/.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { table } from '../../bench/measure.js';
import { describeMachine, machineLine } from '../../src/node/bench/machine.js';
import { createRandom } from '../random.js';
import type { Line, Outcome } from './line.js';
import { LINES } from './lines.js';

const KEPT = 'bench/out/soak';
const MINUTE_MS = 60_000;

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '30' }, seed: { type: 'string' }, only: { type: 'string' } },
});
const minutes = Number(values.minutes);
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
if (!(minutes > 0)) throw new Error(`--minutes: expected a number above 0, got ${values.minutes}`);
if (!Number.isInteger(seed)) throw new Error(`--seed: expected an integer, got ${values.seed}`);
const chosen = LINES.filter(({ name }) => values.only === undefined || name === values.only);
if (chosen.length === 0)
  throw new Error(`--only: expected one of ${LINES.map(({ name }) => name).join(', ')}, got ${values.only}`);

console.log(`${machineLine(describeMachine())}\n${minutes} minutes, --seed ${seed}\n`);
await mkdir(KEPT, { recursive: true });
const shares = chosen.reduce((sum, { share }) => sum + share, 0);
const rows: string[][] = [];
let faults = 0;
for (const [n, line] of chosen.entries()) {
  const whyNot = line.whyNot?.();
  if (whyNot !== undefined) {
    rows.push([line.name, 'not run', whyNot]);
    continue;
  }
  const outcome = await runLine(line, n);
  faults += outcome.faults.length;
  console.log(
    `${line.name}: ${outcome.tried}; ${outcome.faults.length === 0 ? 'no fault' : outcome.faults.join('\n  ')}`,
  );
  rows.push([
    line.name,
    outcome.tried,
    outcome.faults.length === 0 ? 'none' : `${outcome.faults.length}: ${outcome.faults[0]?.split('\n')[0]}`,
  ]);
}
console.log(`\n${table(['line', 'tried', 'faults'], rows)}`);
process.exitCode = faults > 0 ? 1 : 0;

async function runLine(line: Line, n: number): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'colorshine-soak-'));
  const end = Date.now() + (minutes * MINUTE_MS * line.share) / shares;
  try {
    return await line.run({
      random: createRandom(seed + n),
      folder,
      goesOn: () => Date.now() < end,
      async keep(name, bytes) {
        const path = join(KEPT, name);
        await writeFile(path, bytes);
        return path;
      },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

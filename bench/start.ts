import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { spreadOf } from '../src/node/bench/statistics.js';
import { medianRatio, table, timeTurns } from './measure.js';

const RUNS = 21;

/** How fast the command line answers, against Node doing nothing. */
export async function benchStart(): Promise<string> {
  const cli = resolve('dist/cli.cjs');
  const calls: readonly [name: string, args: readonly string[]][] = [
    ['node -e 0', ['-e', '0']],
    ['colorshine --version', [cli, '--version']],
    ['colorshine --help', [cli, '--help']],
    ['colorshine shine --help', [cli, 'shine', '--help']],
  ];
  const times = timeTurns(
    RUNS,
    calls.map(
      ([, args]) =>
        () =>
          timeNode(args),
    ),
  );
  const rows = calls.map(([name], i) => {
    const { median, min, max } = spreadOf(times[i] as number[]);
    const ratio = medianRatio(times[i] as number[], times[0] as number[]);
    return [name, ...[median, min, max].map((ms) => ms.toFixed(0)), ratio.toFixed(2)];
  });
  return table(['command', 'median ms', 'min', 'max', 'against node -e 0'], rows);
}

function timeNode(args: readonly string[]): number {
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return performance.now() - began;
}

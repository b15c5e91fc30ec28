/** Numbers of the command line: each has a range, and what is outside is said of the flag as it was typed. */
import { describe, expect, it } from 'vitest';
import * as imageFlags from '../../src/node/cli/flags.js';
import { type Flag, parseFlags, valueName } from '../../src/node/cli/parse-flags.js';
import * as projectFlags from '../../src/node/cli/project-flags.js';

/** Whatever is an array there is a table of flags. */
const TABLES = Object.fromEntries(
  Object.entries({ ...imageFlags, ...projectFlags }).filter(([, table]) => Array.isArray(table)),
) as unknown as Record<string, readonly Flag[]>;
const numbers = Object.entries(TABLES).flatMap(([table, flags]) =>
  flags.filter(({ kind }) => kind === 'number').map((flag) => [table, flag.name, flags, flag] as const),
);

it('of every command that opens an image: --max-pixels', () => {
  expect(numbers.filter(([, name]) => name === 'max-pixels').map(([table]) => table)).toEqual([
    'SHINE_FLAGS',
    'LUT_FLAGS',
    'PALETTE_FLAGS',
    'ANALYZE_FLAGS',
    'BENCH_FLAGS',
    'WORKER_FLAGS',
  ]);
});

describe.each(numbers)('%s --%s', (_, name, flags, { range }) => {
  it('has a range', () => {
    expect(range).toBeDefined();
    const { min, max } = range as { min: number; max: number };
    expect(parseFlags([`--${name}=${min}`], flags).values[valueName(name)]).toBe(min);
    for (const bad of [min - 1, ...(max < 1e9 ? [max + 1] : [])]) {
      expect(() => parseFlags([`--${name}`, String(bad)], flags)).toThrow(
        `--${name}: expected a number from ${min} to ${max}`,
      );
    }
  });
});

it('whole ones, but for the share of a palette', () => {
  expect(() => parseFlags(['--quality=80.5'], imageFlags.SHINE_FLAGS)).toThrow('--quality: expected a whole number');
  expect(parseFlags(['--how-far=60.5'], imageFlags.PALETTE_FLAGS).values.howFar).toBe(60.5);
});

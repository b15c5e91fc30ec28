import { type ColorTable, createColorTable } from './analysis/census.js';

/** A table that nobody has used for this long is let go. */
const IDLE_MS = 30_000;

/** As far as an environment has them; a timer shall not keep a process alive. */
const environment = globalThis as {
  setTimeout?(work: () => void, milliseconds: number): { unref?(): void } | number;
  clearTimeout?(timer: unknown): void;
};

/** One table of 64 MiB, all zero, between two pictures: a fresh one costs more to touch than to use. */
let spare: ColorTable | undefined;
let idle: unknown;

/** @returns all zero; to be given back so */
export function borrowTable(): ColorTable {
  environment.clearTimeout?.(idle);
  const table = spare ?? createColorTable();
  spare = undefined;
  return table;
}

/** @param table all zero */
export function giveBackTable(table: ColorTable): void {
  spare = table;
  environment.clearTimeout?.(idle);
  idle = environment.setTimeout?.(() => {
    spare = undefined;
  }, IDLE_MS);
  if (typeof idle === 'object') (idle as { unref?(): void } | null)?.unref?.();
  if (idle === undefined) spare = undefined; // nobody would let it go
}

import {
  type Census,
  type ColorTable,
  clearTable,
  countColors,
  createColorTable,
  readCounts,
} from '../../src/core/analysis/census.js';
import type { Backend } from '../../src/core/backend.js';
import { fillTable, repaint } from '../../src/core/repaint.js';
import type { Plan } from '../../src/core/types.js';
import type { Pacer } from '../codec/pacer.js';

/** Bytes of RGBA a strip: a quarter of a megapixel takes some 10 ms to count. */
const STRIP_BYTES = 1 << 20;
/** Colors evaluated between two pauses: some 5 ms on the js backend. */
const BLOCK_COLORS = 1 << 15;

let spareTable: ColorTable | undefined;

/** The census of RGBA pixels, strip by strip; the same as `countColors` gives. */
export async function takeCensus(data: Uint8Array, pacer: Pacer): Promise<Census> {
  return withCensus(data, pacer, async (census) => census);
}

/**
 * `recolorPixels` by the table strategy, in place, with pauses; the same bytes.
 *
 * @param planFor gives the plan once the census is known
 */
export async function recolorPaced(
  data: Uint8Array,
  planFor: (census: Census) => Promise<Plan>,
  backend: Backend,
  pacer: Pacer,
): Promise<{ plan: Plan; distinctColors: number }> {
  return withCensus(data, pacer, async (census, table) => {
    const plan = await planFor(census);
    const newColors = await evaluatePaced(census.colors, plan, backend, pacer);
    fillTable(table, census.colors, newColors);
    for (let at = 0; at < data.length; at += STRIP_BYTES) {
      repaint(data.subarray(at, at + STRIP_BYTES), 4, table);
      await pacer.pause();
    }
    return { plan, distinctColors: census.colors.length };
  });
}

/** `backend.evaluate` in blocks. */
export async function evaluatePaced(
  colors: Uint32Array,
  plan: Plan,
  backend: Backend,
  pacer: Pacer,
): Promise<Uint32Array> {
  const out = new Uint32Array(colors.length);
  for (let at = 0; at < colors.length; at += BLOCK_COLORS) {
    const end = at + BLOCK_COLORS;
    await backend.evaluate(colors.subarray(at, end), plan, out.subarray(at, end), pacer.signal);
    await pacer.pause();
  }
  return out;
}

/** Lends the table to one job at a time; a second one at once makes its own. */
async function withCensus<T>(
  data: Uint8Array,
  pacer: Pacer,
  use: (census: Census, table: ColorTable) => Promise<T>,
): Promise<T> {
  const table = spareTable ?? createColorTable();
  spareTable = undefined;
  const lists: Uint32Array[] = [];
  try {
    for (let at = 0; at < data.length; at += STRIP_BYTES) {
      lists.push(countColors(data.subarray(at, at + STRIP_BYTES), 4, table).colors);
      await pacer.pause();
    }
    const colors = joinLists(lists);
    return await use({ colors, counts: readCounts(table, colors) }, table);
  } finally {
    for (const list of lists) clearTable(table, list);
    spareTable = table;
  }
}

function joinLists(lists: readonly Uint32Array[]): Uint32Array {
  const joined = new Uint32Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    joined.set(list, at);
    at += list.length;
  }
  return joined;
}

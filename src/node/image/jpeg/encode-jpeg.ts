import { type BaselineJpeg, parseBaseline, patchSize, writeTables } from './baseline.js';
import { dcSymbol, makeOptimalTable } from './huffman.js';
import { compileRecoder, createRecoder, type Recoder, type TokenizedScan } from './recoder.js';

/** Rows of an MCU at 4:2:0, and of two at 4:4:4: where a picture may be cut. */
const CUT_ROWS = 16;
/** Small enough that the strips keep all threads busy to the end, large enough that a strip's own costs do not show. */
const STRIP_PIXELS = 1 << 21;
/** Each part that is written to a file is a trip to the thread pool. */
const PART_BYTES = 1 << 20;
const END_OF_IMAGE = Uint8Array.of(0xff, 0xd9);

/** A picture to be encoded, wherever its pixels are. */
export interface JpegStrips {
  readonly width: number;
  readonly height: number;
  /**
   * @param row a multiple of 16
   * @returns these rows as a baseline JPEG with the standard Huffman tables; all strips with the same settings
   */
  encode(row: number, count: number): Promise<Uint8Array>;
}

export interface JpegOptions {
  /** Strips at work at a time; the bytes do not depend on it. */
  readonly threads: number;
  /** A multiple of 16; the bytes do not depend on it. Default: strips of 2^21 pixels. */
  readonly stripRows?: number;
}

/**
 * A picture as a baseline JPEG with Huffman tables made for it, byte for byte as sharp writes it with `optimiseCoding`, but
 * up to twice as fast: libjpeg then keeps all coefficients and goes through them twice more, on one thread. Here strips
 * of the picture are encoded side by side with the standard tables, and only their codes are exchanged.
 *
 * @param template a whole JPEG of any size with the wanted settings and metadata
 * @returns the file in parts, in order
 */
export async function* encodeJpeg(
  picture: JpegStrips,
  template: Promise<Uint8Array>,
  options: JpegOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  compileRecoder().catch(() => undefined); // awaited when the first strip is there
  let first: BaselineJpeg | undefined;
  let recoder: Recoder | undefined;
  const scans: TokenizedScan[] = [];
  for await (const strip of encodeStrips(picture, options)) {
    const jpeg = parseBaseline(strip);
    first ??= jpeg;
    recoder ??= await createRecoder(first);
    scans.push(recoder.read(jpeg));
  }
  if (!recoder || !first) throw new Error('a JPEG without rows');
  const differences = scans.map((scan, i) => firstDifferences(scan, scans[i - 1]));
  const counts = sumCounts(first, scans, differences);
  const tables = first.tables.map(({ name }, i) => ({ name, ...makeOptimalTable(counts[i] as Uint32Array) }));
  recoder.setTables(tables);
  const head = parseBaseline(await template).beforeTables.slice();
  patchSize(head, picture);
  const parts = writeFile(head, tables, first.scanHeader, recoder, scans, differences);
  yield* joinSmall(parts);
}

/** Each part is good until the next. */
function* writeFile(
  head: Uint8Array,
  tables: BaselineJpeg['tables'],
  scanHeader: Uint8Array,
  recoder: Recoder,
  scans: readonly TokenizedScan[],
  differences: readonly Int32Array[],
): Generator<Uint8Array> {
  yield head;
  yield writeTables(tables);
  yield scanHeader;
  for (const [i, scan] of scans.entries()) yield recoder.write(scan, differences[i] as Int32Array);
  yield recoder.finish();
  yield END_OF_IMAGE;
}

/** Copies the parts together to larger ones. */
function* joinSmall(parts: Iterable<Uint8Array>): Generator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  for (const part of parts) {
    waiting.push(part.slice());
    bytes += part.length;
    if (bytes < PART_BYTES) continue;
    yield Buffer.concat(waiting);
    waiting = [];
    bytes = 0;
  }
  yield Buffer.concat(waiting);
}

/** Some more than threads are under way, so that none waits for this loop or for whoever counts. */
async function* encodeStrips(
  { width, height, encode }: JpegStrips,
  { threads, stripRows }: JpegOptions,
): AsyncGenerator<Uint8Array> {
  const rows = stripRows ?? Math.max(1, Math.round(STRIP_PIXELS / (width * CUT_ROWS))) * CUT_ROWS;
  const waiting: Promise<Uint8Array>[] = [];
  for (let row = 0; row < height; row += rows) {
    const strip = encode(row, Math.min(rows, height - row));
    strip.catch(() => undefined); // awaited below, in order
    waiting.push(strip);
    if (waiting.length > threads) yield (await waiting.shift()) as Uint8Array;
  }
  for (const strip of waiting) yield await strip;
}

/** What the first block of each component differs by from the strip before; from 0 at the top of the picture. */
function firstDifferences({ firstDc }: TokenizedScan, before: TokenizedScan | undefined): Int32Array {
  return firstDc.map((dc, component) => dc - (before?.lastDc[component] ?? 0));
}

/** How often each symbol occurs in the whole picture, for each table. */
function sumCounts(
  { tables, mcu }: BaselineJpeg,
  scans: readonly TokenizedScan[],
  differences: readonly Int32Array[],
): Uint32Array[] {
  const totals = tables.map(() => new Uint32Array(256));
  for (const [i, { counts, firstDc }] of scans.entries()) {
    for (const [table, total] of totals.entries()) {
      for (const [symbol, count] of (counts[table] as Uint32Array).entries()) add(total, symbol, count);
    }
    for (const [component, dc] of dcTables(mcu)) {
      const total = totals[dc] as Uint32Array;
      add(total, dcSymbol(firstDc[component] as number), -1);
      add(total, dcSymbol(differences[i]?.[component] as number), 1);
    }
  }
  return totals;
}

/** Each component with its table for DC. */
function dcTables(mcu: BaselineJpeg['mcu']): Map<number, number> {
  return new Map(mcu.map(({ component, dc }) => [component, dc]));
}

function add(counts: Uint32Array, symbol: number, count: number): void {
  counts[symbol] = (counts[symbol] as number) + count;
}

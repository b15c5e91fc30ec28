/** What one thread does to a picture: the host's side of assembly/picture.ts. */

const PAGE_BYTES = 65536;
/** Pixels a call of the kernel takes; they lie in a core's cache meanwhile. */
const CHUNK_PIXELS = 16384;
/** Colors are numbered in groups of blocks, which the threads take one after the other. */
const BLOCK_COLORS = 64;
const GROUP_BLOCKS = 256;
export const GROUP_COUNT = 2 ** 24 / BLOCK_COLORS / GROUP_BLOCKS;
const GROUP_COLORS = GROUP_BLOCKS * BLOCK_COLORS;

const TABLE_BYTES = 2 ** 24;
const HIDDEN_BYTES = 2 ** 21;
const RECORDS_BYTES = (2 ** 24 / BLOCK_COLORS) * 16;
const SLOTS_BYTES = 2 ** 26;
/** Of one thread: pixels, spilled colors, numbered colors and counts. Each a multiple of 16 bytes. */
const STAGE = {
  pixels: 0,
  spill: CHUNK_PIXELS * 4,
  colors: CHUNK_PIXELS * 8,
  counts: CHUNK_PIXELS * 8 + GROUP_COLORS * 4,
  bytes: CHUNK_PIXELS * 8 + GROUP_COLORS * 8,
} as const;

/** Where things lie, in bytes. Untouched pages of the large ranges cost nothing. */
function layOut(threads: number) {
  const records = PAGE_BYTES;
  const stages = records + RECORDS_BYTES;
  const tables = stages + Math.ceil((STAGE.bytes * threads) / PAGE_BYTES) * PAGE_BYTES;
  const hidden = tables + TABLE_BYTES * threads;
  const slots = hidden + HIDDEN_BYTES * threads;
  return { records, stages, tables, hidden, slots, bytes: slots + SLOTS_BYTES };
}

/** What a thread needs to take part; goes to workers as it is. */
export interface PictureMemory {
  /** Tells one memory from the next. */
  readonly id: number;
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly threads: number;
}

let nextId = 1;

/** @param isShared memory for workers; the module must be compiled for it */
export function createPictureMemory(module: WebAssembly.Module, threads: number, isShared: boolean): PictureMemory {
  const pages = layOut(threads).bytes / PAGE_BYTES;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, ...(isShared && { shared: true }) });
  return { id: nextId++, module, memory, threads };
}

/** A word for each color, where its new color goes. */
export function slotsOf({ memory, threads }: PictureMemory): Uint32Array {
  return new Uint32Array(memory.buffer, layOut(threads).slots, SLOTS_BYTES / 4);
}

/** All that is counted into and looked up from. */
export function tablesOf({ memory, threads }: PictureMemory): Uint8Array {
  const { tables, bytes } = layOut(threads);
  return new Uint8Array(memory.buffer, tables, bytes - tables);
}

interface Exports {
  countRgb(from: number, pixels: number, table: number, spill: number): number;
  countRgba(from: number, pixels: number, table: number, hidden: number, spill: number): number;
  merge(tables: number, threads: number, hidden: number, records: number, first: number, end: number): number;
  emit(
    tables: number,
    threads: number,
    hidden: number,
    records: number,
    first: number,
    end: number,
    base: number,
    colors: number,
    counts: number,
  ): number;
  rank(color: number, records: number): number;
  paintRgb(from: number, pixels: number, slots: number): void;
  paintRgba(from: number, pixels: number, slots: number): void;
}

/** A thread's hand in a picture. All hands of one memory work side by side; a stage begins when all have ended the last. */
export interface PictureHand {
  /**
   * Counts pixels into this thread's table.
   *
   * @returns colors whose byte ran over, each standing for 255 pixels more
   */
  count(data: Uint8Array, channels: 3 | 4): Uint32Array;
  /** Merges groups of colors while there are any. @param totals receives the distinct colors of each group */
  merge(next: Int32Array, totals: Int32Array, hasAlpha: boolean): void;
  /**
   * Numbers the colors of groups while there are any, and clears the tables.
   *
   * @param bases number of each group's first color, and at the end that of all
   * @param colors receives the packed colors in their order, `counts` their visible pixels
   */
  emit(next: Int32Array, bases: Int32Array, hasAlpha: boolean, colors: Uint32Array, counts: Uint32Array): void;
  /** Number of a color that occurs. */
  rank(color: number): number;
  /** Gives pixels their new colors, in place. */
  paint(data: Uint8Array, channels: 3 | 4): void;
  /** Zeroes all tables, after a picture that was given up half counted. */
  clear(): void;
}

/** @param index of the thread, 0 to `threads` - 1 */
export function createPictureHand({ module, memory, threads }: PictureMemory, index: number): PictureHand {
  const at = layOut(threads);
  const abort = (): never => {
    throw new Error('the picture kernel aborted');
  };
  const instance = new WebAssembly.Instance(module, { env: { memory, abort } });
  const kernel = instance.exports as unknown as Exports;
  const { buffer } = memory;
  const stage = at.stages + STAGE.bytes * index;
  const table = at.tables + TABLE_BYTES * index;
  const hidden = at.hidden + HIDDEN_BYTES * index;
  const pixels = new Uint8Array(buffer, stage, CHUNK_PIXELS * 4);
  const spill = new Uint32Array(buffer, stage + STAGE.spill, CHUNK_PIXELS);
  const colorStage = new Uint32Array(buffer, stage + STAGE.colors, GROUP_COLORS);
  const countStage = new Uint32Array(buffer, stage + STAGE.counts, GROUP_COLORS);

  function eachGroup(next: Int32Array, work: (group: number, first: number, end: number) => void): void {
    for (let group = Atomics.add(next, 0, 1); group < GROUP_COUNT; group = Atomics.add(next, 0, 1)) {
      work(group, group * GROUP_BLOCKS, (group + 1) * GROUP_BLOCKS);
    }
  }

  return {
    count(data, channels) {
      const spilled = new SpillList();
      for (let start = 0; start < data.length; start += CHUNK_PIXELS * channels) {
        const part = data.subarray(start, start + CHUNK_PIXELS * channels);
        pixels.set(part);
        const length = part.length / channels;
        const found =
          channels === 3
            ? kernel.countRgb(stage, length, table, stage + STAGE.spill)
            : kernel.countRgba(stage, length, table, hidden, stage + STAGE.spill);
        if (found > 0) spilled.add(spill.subarray(0, found));
      }
      return spilled.toArray();
    },
    merge(next, totals, hasAlpha) {
      eachGroup(next, (group, first, end) => {
        totals[group] = kernel.merge(at.tables, threads, hasAlpha ? at.hidden : 0, at.records, first, end);
      });
    },
    emit(next, bases, hasAlpha, colors, counts) {
      eachGroup(next, (group, first, end) => {
        const base = bases[group] as number;
        if (base === bases[group + 1]) return;
        const found = kernel.emit(
          at.tables,
          threads,
          hasAlpha ? at.hidden : 0,
          at.records,
          first,
          end,
          base,
          stage + STAGE.colors,
          stage + STAGE.counts,
        );
        colors.set(colorStage.subarray(0, found), base);
        counts.set(countStage.subarray(0, found), base);
      });
    },
    rank: (color) => kernel.rank(color, at.records) >>> 0,
    paint(data, channels) {
      const paint = channels === 3 ? kernel.paintRgb : kernel.paintRgba;
      for (let start = 0; start < data.length; start += CHUNK_PIXELS * channels) {
        const part = data.subarray(start, start + CHUNK_PIXELS * channels);
        pixels.set(part);
        paint(stage, part.length / channels, at.slots);
        part.set(pixels.subarray(0, part.length));
      }
    },
    clear() {
      new Uint8Array(buffer, at.tables, at.slots - at.tables).fill(0);
    },
  };
}

/** Colors that ran over: few, since each stands for 255 pixels. */
class SpillList {
  private readonly parts: Uint32Array[] = [];
  private length = 0;

  add(colors: Uint32Array): void {
    this.parts.push(new Uint32Array(colors)); // a copy outside of the shared memory
    this.length += colors.length;
  }

  toArray(): Uint32Array {
    const all = new Uint32Array(this.length);
    let at = 0;
    for (const part of this.parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
}

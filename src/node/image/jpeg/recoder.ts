import {
  COMPONENTS,
  COUNTS,
  DATA,
  DECODER_BYTES,
  DECODER_LIMITS,
  DECODER_STARTS,
  DECODER_SYMBOLS,
  DECODERS,
  ENCODERS,
  FIRST_DC,
  FIRST_DIFFERENCES,
  LAST_DC,
  LOOKUP_BITS,
  MAX_CODE_BITS,
  MCU,
  MCU_BLOCK_BYTES,
  MCU_BLOCKS,
  READ_AHEAD,
  TABLES,
} from './assembly/layout.js';
import type { BaselineJpeg } from './baseline.js';
import { assignCodes, type HuffmanTable } from './huffman.js';
import { RECODE_KERNEL } from './kernels.generated.js';

/** The part of a picture that one JPEG holds, and what its symbols are. */
export interface CountedScan {
  readonly jpeg: BaselineJpeg;
  /** For each of its tables how often each of 256 symbols occurs. */
  readonly counts: readonly Uint32Array[];
  /** DC of each component, in the first and in the last block. */
  readonly firstDc: Int32Array;
  readonly lastDc: Int32Array;
}

/** Reads scans with the tables of one JPEG, and writes them one behind the other with other tables. */
export interface Recoder {
  /** @param jpeg built as the first one: same tables and sampling */
  count(jpeg: BaselineJpeg): CountedScan;
  /** Sets the tables to write with, in the order of the first JPEG's. */
  setTables(tables: readonly HuffmanTable[]): void;
  /**
   * @param firstDifferences what the first block's DC of each component is written as
   * @returns the bytes that are complete, good until the next call
   */
  write(scan: CountedScan, firstDifferences: Int32Array): Uint8Array;
  /** @returns the rest */
  finish(): Uint8Array;
}

interface Exports {
  count(from: number, mcus: number, blocks: number): void;
  write(from: number, mcus: number, blocks: number, to: number): number;
  finish(to: number): number;
}

const PAGE_BYTES = 65536;
/** Symbols of a table. */
const SYMBOLS = 256;

let compiled: Promise<WebAssembly.Module> | undefined;

/** @param first tells the tables and the sampling of all */
export async function createRecoder(first: BaselineJpeg): Promise<Recoder> {
  const { tables, mcu } = first;
  if (tables.length > TABLES || mcu.length > MCU_BLOCKS) throw new Error('a JPEG with too many tables or blocks');
  compiled ??= WebAssembly.compile(Buffer.from(RECODE_KERNEL, 'base64'));
  const memory = new WebAssembly.Memory({ initial: Math.ceil(DATA / PAGE_BYTES) });
  const { exports } = await WebAssembly.instantiate(await compiled, { env: { memory, abort } });
  const kernel = exports as unknown as Exports;
  for (const [i, table] of tables.entries()) writeDecoder(memory.buffer, DECODERS + i * DECODER_BYTES, table);
  writeMcu(memory.buffer, mcu);

  /** @returns where the output may begin */
  function load(scan: Uint8Array, room: number): number {
    const out = DATA + scan.length + READ_AHEAD;
    const missing = out + room - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    const data = new Uint8Array(memory.buffer);
    data.set(scan, DATA);
    data.fill(0, DATA + scan.length, out);
    return out;
  }

  return {
    count(jpeg) {
      load(jpeg.scan, 0);
      const counts = new Uint32Array(memory.buffer, COUNTS, tables.length * SYMBOLS).fill(0);
      const lastDc = new Int32Array(memory.buffer, LAST_DC, COMPONENTS).fill(0);
      kernel.count(DATA, jpeg.mcus, mcu.length);
      return {
        jpeg,
        counts: tables.map((_, i) => counts.slice(i * SYMBOLS, (i + 1) * SYMBOLS)),
        firstDc: new Int32Array(memory.buffer, FIRST_DC, COMPONENTS).slice(),
        lastDc: lastDc.slice(),
      };
    },
    setTables(newTables) {
      for (const [i, table] of newTables.entries()) {
        new Uint32Array(memory.buffer, ENCODERS, TABLES * SYMBOLS).set(assignCodes(table), i * SYMBOLS);
      }
    },
    write({ jpeg, counts }, firstDifferences) {
      const codes = new Uint32Array(memory.buffer, ENCODERS, TABLES * SYMBOLS).slice();
      const out = load(jpeg.scan, boundBytes(counts, codes));
      new Int32Array(memory.buffer, FIRST_DIFFERENCES, COMPONENTS).set(firstDifferences);
      const end = kernel.write(DATA, jpeg.mcus, mcu.length, out);
      return new Uint8Array(memory.buffer, out, end - out);
    },
    finish() {
      const end = kernel.finish(DATA);
      return new Uint8Array(memory.buffer, DATA, end - DATA);
    },
  };
}

function abort(): never {
  throw new Error('the JPEG kernel aborted');
}

/** The most bytes that symbols may take when each byte of them is 255 and gets a 0 behind it. */
function boundBytes(counts: readonly Uint32Array[], codes: Uint32Array): number {
  let bits = 0;
  for (const [table, frequencies] of counts.entries()) {
    for (const [symbol, frequency] of frequencies.entries()) {
      bits += frequency * (((codes[table * SYMBOLS + symbol] as number) & 255) + (symbol & 15));
    }
  }
  // The first differences and the waiting bits are not among those counted.
  return Math.ceil(bits / 4) + 64;
}

function writeDecoder(buffer: ArrayBuffer, at: number, { lengths, symbols }: HuffmanTable): void {
  const lookup = new Uint16Array(buffer, at, 1 << LOOKUP_BITS);
  const limits = new Uint32Array(buffer, at + DECODER_LIMITS, MAX_CODE_BITS + 1);
  const starts = new Int32Array(buffer, at + DECODER_STARTS, MAX_CODE_BITS + 1);
  new Uint8Array(buffer, at + DECODER_SYMBOLS, SYMBOLS).set(symbols);
  let code = 0;
  let place = 0;
  for (let length = 1; length <= MAX_CODE_BITS; length++) {
    starts[length] = place - code;
    for (let i = 0; i < (lengths[length - 1] as number); i++, code++, place++) {
      const symbol = symbols[place] as number;
      const free = LOOKUP_BITS - length;
      if (free >= 0) lookup.fill(((length + (symbol & 15)) << 8) | symbol, code << free, (code + 1) << free);
    }
    limits[length] = code << (MAX_CODE_BITS - length);
    code <<= 1;
  }
}

function writeMcu(buffer: ArrayBuffer, mcu: BaselineJpeg['mcu']): void {
  for (const [i, { component, dc, ac }] of mcu.entries()) {
    const addresses = [dc, ac].flatMap((table) => [
      DECODERS + table * DECODER_BYTES,
      ENCODERS + table * SYMBOLS * 4,
      COUNTS + table * SYMBOLS * 4,
    ]);
    new Uint32Array(buffer, MCU + i * MCU_BLOCK_BYTES, MCU_BLOCK_BYTES / 4).set([component, ...addresses]);
  }
}

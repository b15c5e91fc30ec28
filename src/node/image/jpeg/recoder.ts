import {
  CODE_BYTES,
  CODES,
  COMPONENTS,
  COUNTS,
  DATA,
  DC_KEY,
  DECODER_BYTES,
  DECODER_LIMITS,
  DECODER_STARTS,
  DECODER_SYMBOLS,
  DECODERS,
  FIRST_DC,
  FIRST_DC_KEY,
  FIRST_TOKENS,
  KEY_SHIFT,
  LAST_DC,
  LOOKUP_BITS,
  MAX_CODE_BITS,
  MCU,
  MCU_BLOCK_BYTES,
  MCU_BLOCKS,
  PAIR_SHIFT,
  PAIRS,
  READ_AHEAD,
  SHORT_BITS,
} from './assembly/layout.js';
import type { BaselineJpeg } from './baseline.js';
import { assignCodes, dcSymbol, type HuffmanTable } from './huffman.js';
import { RECODE_KERNEL } from './kernels.generated.js';

/** A scan that was read. */
export interface TokenizedScan {
  /** For each of the JPEG's tables how often each of 256 symbols occurs. */
  readonly counts: readonly Uint32Array[];
  /** DC of each component, in the first and in the last block. */
  readonly firstDc: Int32Array;
  readonly lastDc: Int32Array;
  /** In the recoder's memory. */
  readonly tokens: { readonly begin: number; readonly end: number; readonly first: Uint32Array };
}

/** Reads scans with the tables of one JPEG, and writes them one behind the other with other tables. */
export interface Recoder {
  /** @param jpeg built as the first one: same tables and sampling */
  read(jpeg: BaselineJpeg): TokenizedScan;
  /** Sets the tables to write with, in the order of the first JPEG's. */
  setTables(tables: readonly HuffmanTable[]): void;
  /**
   * @param firstDifferences what the DC of each component's first block is written as
   * @returns the bytes that are complete, good until the next call
   */
  write(scan: TokenizedScan, firstDifferences: Int32Array): Uint8Array;
  /** @returns the rest */
  finish(): Uint8Array;
}

interface Exports {
  tokenize(from: number, mcus: number, blocks: number, to: number): number;
  write(from: number, end: number, packEnd: number, to: number): number;
  finish(to: number): number;
}

const PAGE_BYTES = 65536;
/** Symbols of a table, and keys of a pair of tables. */
const SYMBOLS = 256;
/** Symbols of DC are lengths of up to 11 bits. */
const DC_SYMBOLS = 12;

let compiled: Promise<WebAssembly.Module> | undefined;

/** Begins to compile, beside whatever else there is to do before `createRecoder`. */
export function compileRecoder(): Promise<WebAssembly.Module> {
  compiled ??= WebAssembly.compile(Buffer.from(RECODE_KERNEL, 'base64'));
  return compiled;
}

/** @param first tells the tables and the sampling of all */
export async function createRecoder({ tables, mcu }: BaselineJpeg): Promise<Recoder> {
  const pairs = findPairs(mcu);
  if (pairs.length > PAIRS || mcu.length > MCU_BLOCKS) throw new Error('a JPEG with too many tables or blocks');
  const memory = new WebAssembly.Memory({ initial: Math.ceil(DATA / PAGE_BYTES) });
  const { exports } = await WebAssembly.instantiate(await compileRecoder(), { env: { memory, abort } });
  const kernel = exports as unknown as Exports;
  const at = (address: number, count: number): Uint32Array => new Uint32Array(memory.buffer, address, count);
  for (const [i, table] of pairs.flat().entries()) {
    writeDecoder(memory.buffer, DECODERS + i * DECODER_BYTES, tables[table] as HuffmanTable);
  }
  for (const [i, { component, dc }] of mcu.entries()) {
    at(MCU + i * MCU_BLOCK_BYTES, 2).set([component, pairs.findIndex((pair) => pair[0] === dc)]);
  }
  /** Fewest bits of a symbol, two bytes of token each. */
  const fewestBits = Math.min(...tables.map(({ lengths }) => 1 + lengths.findIndex((count) => count > 0)));
  let tokensEnd = DATA;

  function reserve(end: number): void {
    const missing = end - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
  }

  return {
    read({ scan, mcus }) {
      const begin = tokensEnd;
      const from = begin + Math.ceil((scan.length * 16) / fewestBits) + COMPONENTS * 2;
      const end = from + scan.length + READ_AHEAD;
      reserve(end);
      const data = new Uint8Array(memory.buffer);
      data.set(scan, from);
      data.fill(0, end - READ_AHEAD, end);
      const keys = at(COUNTS, PAIRS * SYMBOLS).fill(0);
      at(LAST_DC, COMPONENTS).fill(0);
      tokensEnd = kernel.tokenize(from, mcus, mcu.length, begin);
      return {
        counts: countSymbols(keys, pairs, tables.length),
        firstDc: new Int32Array(memory.buffer, FIRST_DC, COMPONENTS).slice(),
        lastDc: new Int32Array(memory.buffer, LAST_DC, COMPONENTS).slice(),
        tokens: { begin, end: tokensEnd, first: at(FIRST_TOKENS, COMPONENTS).slice() },
      };
    },

    setTables(newTables) {
      const codes = at(CODES, (PAIRS * SYMBOLS * CODE_BYTES) / 4);
      const assigned = newTables.map(assignCodes);
      for (const [pair, [dc, ac]] of pairs.entries()) {
        const set = (key: number, code: number, size: number, isLong: boolean): void => {
          codes.set([(code >>> 8) << size, (code & 255) + size + (isLong ? 256 : 0)], (pair * SYMBOLS + key) * 2);
        };
        for (const [symbol, code] of (assigned[ac] as Uint32Array).entries()) {
          set(symbol, code, symbol & 15, (symbol & 15) > SHORT_BITS);
        }
        for (const [symbol, code] of (assigned[dc] as Uint32Array).subarray(0, DC_SYMBOLS).entries()) {
          set((symbol << 4) | DC_KEY, code, symbol, symbol > SHORT_BITS);
          set((symbol << 4) | FIRST_DC_KEY, code, symbol, true);
        }
      }
    },

    write({ tokens }, firstDifferences) {
      for (const { component, dc } of mcu) {
        const difference = firstDifferences[component] as number;
        const size = dcSymbol(difference);
        const pair = pairs.findIndex((tables) => tables[0] === dc);
        const bits = (difference < 0 ? difference - 1 : difference) & ((1 << size) - 1);
        const token = (pair << PAIR_SHIFT) | (((size << 4) | FIRST_DC_KEY) << KEY_SHIFT);
        new Uint16Array(memory.buffer, tokens.first[component], 2).set([token, bits]);
      }
      // A token is 2 bytes and gives at most 23 bits, or 4 and at most 27.
      const packEnd = (tokensEnd + Math.ceil((tokens.end - tokens.begin) / 2) * 3 + 23) & ~7;
      reserve(packEnd + (packEnd - tokensEnd) * 2);
      const end = kernel.write(tokens.begin, tokens.end, packEnd, packEnd);
      return new Uint8Array(memory.buffer, packEnd, end - packEnd);
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

/** The tables for DC and AC that blocks use together. */
function findPairs(mcu: BaselineJpeg['mcu']): (readonly [dc: number, ac: number])[] {
  const pairs = new Map(mcu.map(({ dc, ac }) => [`${dc} ${ac}`, [dc, ac] as const]));
  return [...pairs.values()];
}

/** How often each symbol of each table occurs. */
function countSymbols(keys: Uint32Array, pairs: readonly (readonly [number, number])[], tables: number): Uint32Array[] {
  const counts = Array.from({ length: tables }, () => new Uint32Array(SYMBOLS));
  for (const [pair, [dc, ac]] of pairs.entries()) {
    for (const [key, count] of keys.subarray(pair * SYMBOLS, (pair + 1) * SYMBOLS).entries()) {
      const isDc = (key & 15) >= FIRST_DC_KEY;
      const total = counts[isDc ? dc : ac] as Uint32Array;
      const symbol = isDc ? key >> 4 : key;
      total[symbol] = (total[symbol] as number) + count;
    }
  }
  return counts;
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

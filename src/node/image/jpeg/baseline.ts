import type { HuffmanTable } from './huffman.js';

/** One 8 x 8 block of a scan's repeating unit (MCU): whose it is, and its tables. */
export interface ScanBlock {
  /** Position among the scan's components, 0 to 2. */
  readonly component: number;
  /** Indices into `BaselineJpeg.tables`. */
  readonly dc: number;
  readonly ac: number;
}

/** A baseline JPEG with one scan, as sharp writes it, taken apart. Views into the file. */
export interface BaselineJpeg {
  readonly width: number;
  readonly height: number;
  /** From the beginning to the first Huffman table. */
  readonly beforeTables: Uint8Array;
  /** The scan's header, which follows the tables. */
  readonly scanHeader: Uint8Array;
  /** In the order of the file, with the byte that names them: class and slot. */
  readonly tables: readonly (HuffmanTable & { readonly name: number })[];
  /** The blocks of one MCU, in order. */
  readonly mcu: readonly ScanBlock[];
  /** How many MCUs the scan has. */
  readonly mcus: number;
  /** The coded blocks, without the marker at the end. */
  readonly scan: Uint8Array;
}

const START_OF_FRAME = 0xc0;
const HUFFMAN_TABLES = 0xc4;
const START_OF_SCAN = 0xda;
const END_BYTES = 2;
const BLOCK_SIZE = 8;

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly components: readonly { readonly across: number; readonly down: number }[];
}

/** @param file a whole baseline JPEG by sharp @throws Error when it is built otherwise */
export function parseBaseline(file: Uint8Array): BaselineJpeg {
  let frame: Frame | undefined;
  let tablesBegin: number | undefined;
  const tables: BaselineJpeg['tables'][number][] = [];
  for (let at = 2; ; ) {
    const marker = file[at + 1];
    const end = at + 2 + readUint16(file, at + 2);
    const body = file.subarray(at + 4, end);
    if (marker === START_OF_FRAME) frame = readFrame(body);
    else if (marker === HUFFMAN_TABLES) {
      tablesBegin ??= at;
      tables.push(...readTables(body));
    } else if (marker === START_OF_SCAN) {
      if (!frame || tablesBegin === undefined) throw new Error('a JPEG without a baseline frame or Huffman tables');
      return {
        width: frame.width,
        height: frame.height,
        beforeTables: file.subarray(0, tablesBegin),
        scanHeader: file.subarray(at, end),
        tables,
        ...readScan(body, frame, tables),
        scan: file.subarray(end, file.length - END_BYTES),
      };
    } else if (file[at] !== 0xff || tablesBegin !== undefined) {
      throw new Error('a JPEG whose segments are not in the expected order');
    }
    at = end;
  }
}

/** Writes the size of the picture into the frame. @param head `beforeTables` of a file, changed in place */
export function patchSize(head: Uint8Array, size: { readonly width: number; readonly height: number }): void {
  const { width, height } = size;
  for (let at = 2, end = 0; at < head.length; at = end) {
    end = at + 2 + readUint16(head, at + 2);
    const body = head.subarray(at + 4, end);
    if (head[at + 1] === START_OF_FRAME) body.set([height >> 8, height & 0xff, width >> 8, width & 0xff], 1);
  }
}

/** Huffman tables as segments of a file, one each. */
export function writeTables(tables: BaselineJpeg['tables']): Uint8Array {
  const segments = tables.map(({ name, lengths, symbols }) => {
    const length = 2 + 1 + 16 + symbols.length;
    return [0xff, HUFFMAN_TABLES, length >> 8, length & 0xff, name, ...lengths, ...symbols];
  });
  return Uint8Array.from(segments.flat());
}

function readFrame(body: Uint8Array): Frame {
  const components = Array.from({ length: body[5] as number }, (_, i) => {
    const sampling = body[7 + 3 * i] as number;
    return { across: sampling >> 4, down: sampling & 15 };
  });
  return { height: readUint16(body, 1), width: readUint16(body, 3), components };
}

function* readTables(body: Uint8Array): Generator<BaselineJpeg['tables'][number]> {
  for (let at = 0; at < body.length; ) {
    const name = body[at] as number;
    const lengths = body.subarray(at + 1, at + 17);
    const symbolsEnd = at + 17 + lengths.reduce((sum, count) => sum + count, 0);
    yield { name, lengths, symbols: body.subarray(at + 17, symbolsEnd) };
    at = symbolsEnd;
  }
}

function readScan(
  body: Uint8Array,
  { width, height, components }: Frame,
  tables: BaselineJpeg['tables'],
): Pick<BaselineJpeg, 'mcu' | 'mcus'> {
  const slotOf = (name: number): number => tables.findIndex((table) => table.name === name);
  if (body[0] !== components.length) throw new Error('a JPEG with more than one scan');
  const mcu = components.flatMap(({ across, down }, component) => {
    const slots = body[2 + 2 * component] as number;
    const block = { component, dc: slotOf(slots >> 4), ac: slotOf(0x10 | (slots & 15)) };
    return new Array<ScanBlock>(across * down).fill(block);
  });
  const across = Math.max(...components.map((component) => component.across));
  const down = Math.max(...components.map((component) => component.down));
  return { mcu, mcus: Math.ceil(width / (BLOCK_SIZE * across)) * Math.ceil(height / (BLOCK_SIZE * down)) };
}

function readUint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

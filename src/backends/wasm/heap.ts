import { BUFFER_BYTES, BUFFERS, FIRST_BUFFER, TABLE_BYTES, THREAD_BYTES, THREADS } from './assembly/layout.js';

const PAGE_BYTES = 65536;
/** More threads than this would each want a counting table of 19 MB for ever smaller parts. */
const MAX_TABLES = 16;
/** A word for each of 2^24 colors. */
const WORDS_BYTES = 2 ** 26;
/** Room behind each list of a census for what vectors read and write past its end. */
const SPARE_COLORS = 16;

/** Memory that one engine computes in; goes to workers as it is where it is shared. */
export interface SharedHeap {
  readonly memory: WebAssembly.Memory;
  readonly module: WebAssembly.Module;
  readonly threads: number;
}

/**
 * A wasm memory with its views. That of one thread grows when a picture needs more; it never shrinks: to give memory back, drop it.
 *
 * Addresses are bytes. Views are taken anew after the memory has grown.
 */
export class Heap implements SharedHeap {
  readonly memory: WebAssembly.Memory;
  private views: Views;

  /** @param shared the memory of another thread's heap; undefined: a new one, which workers see if `isShared` */
  constructor(
    readonly module: WebAssembly.Module,
    readonly threads: number,
    readonly isShared: boolean,
    shared?: WebAssembly.Memory,
  ) {
    this.memory = shared ?? makeMemory(threads, isShared);
    this.views = viewsOf(this.memory.buffer);
  }

  private get current(): Views {
    if (this.views.u8.buffer !== this.memory.buffer) this.views = viewsOf(this.memory.buffer);
    return this.views;
  }
  get u8(): Uint8Array {
    return this.current.u8;
  }
  get u16(): Uint16Array {
    return this.current.u16;
  }
  get u32(): Uint32Array {
    return this.current.u32;
  }
  get i32(): Int32Array {
    return this.current.i32;
  }
  get f32(): Float32Array {
    return this.current.f32;
  }
  get f64(): Float64Array {
    return this.current.f64;
  }

  /** Whether pictures have been counted in it, which takes tens of megabytes and more. */
  get isLarge(): boolean {
    return this.memory.buffer.byteLength > addressOfTables(this.threads);
  }

  /** Start of a buffer. @param index 0, the calling thread's own, to `threads` * BUFFERS - 1 */
  bufferAt(index: number): number {
    return THREADS + Math.floor(index / BUFFERS) * THREAD_BYTES + FIRST_BUFFER + (index % BUFFERS) * BUFFER_BYTES;
  }

  /** Where the tables for counting pictures lie; makes room for a census of so many colors. @throws RangeError when memory is short */
  layOutPicture(colors: number): PictureLayout {
    const { threads } = this;
    const census = addressOfCensus(threads);
    const missing = pagesFor(census + bytesOfCensus(colors)) - this.memory.buffer.byteLength / PAGE_BYTES;
    if (missing > 0) this.memory.grow(missing);
    const list = (colors + SPARE_COLORS) * 4;
    const more = census - WORDS_BYTES;
    return {
      tables: addressOfTables(threads),
      tableCount: Math.min(threads, MAX_TABLES),
      slots: more - WORDS_BYTES,
      more,
      colors: census,
      counts: census + list,
      newColors: census + 2 * list,
    };
  }
}

/** Addresses of what a picture is counted into and looked up from. */
export interface PictureLayout {
  /** Counting tables, TABLE_BYTES each, and how many threads have one. */
  readonly tables: number;
  readonly tableCount: number;
  /** A word a color: its new color; and pixels that a byte did not hold. */
  readonly slots: number;
  readonly more: number;
  /** The census: packed colors, visible pixels of each, and room for their new colors. */
  readonly colors: number;
  readonly counts: number;
  readonly newColors: number;
}

/** What threads share is there from the start: growing it would have to reach all of them. The addresses alone cost nothing. */
function makeMemory(threads: number, isShared: boolean): WebAssembly.Memory {
  if (!isShared) return new WebAssembly.Memory({ initial: pagesFor(addressOfTables(threads)) });
  const pages = pagesFor(addressOfCensus(threads) + bytesOfCensus(2 ** 24));
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

interface Views {
  readonly u8: Uint8Array;
  readonly u16: Uint16Array;
  readonly u32: Uint32Array;
  readonly i32: Int32Array;
  readonly f32: Float32Array;
  readonly f64: Float64Array;
}

function viewsOf(buffer: ArrayBufferLike): Views {
  return {
    u8: new Uint8Array(buffer),
    u16: new Uint16Array(buffer),
    u32: new Uint32Array(buffer),
    i32: new Int32Array(buffer),
    f32: new Float32Array(buffer),
    f64: new Float64Array(buffer),
  };
}

function addressOfTables(threads: number): number {
  return THREADS + threads * THREAD_BYTES;
}

function addressOfCensus(threads: number): number {
  return addressOfTables(threads) + Math.min(threads, MAX_TABLES) * TABLE_BYTES + 2 * WORDS_BYTES;
}

function bytesOfCensus(colors: number): number {
  return 3 * 4 * (colors + SPARE_COLORS);
}

function pagesFor(bytes: number): number {
  return Math.ceil(bytes / PAGE_BYTES);
}

import { PIXEL_BUCKETS, SORT_TARGETS } from '../../core/analysis/pixel-buckets.js';

/** Memory for a block that all threads see, kept between pictures. */
export class SharedBlock {
  readonly next = new Int32Array(new SharedArrayBuffer(4));
  private readonly memory: SharedArrayBuffer;

  constructor(readonly bytes: number) {
    this.memory = new SharedArrayBuffer(bytes);
  }

  /** As many samples of the same type. */
  view<T extends Uint8Array | Uint16Array>(samples: T): T {
    const view =
      samples instanceof Uint16Array
        ? new Uint16Array(this.memory, 0, samples.length)
        : new Uint8Array(this.memory, 0, samples.length);
    return view as T;
  }
}

/** Memory that all threads see for the buckets of a block, and for the counts of each thread, kept between pictures. */
export class SortRoom {
  readonly buckets: readonly Uint16Array[];
  /** By thread, then by target. */
  readonly counts: readonly (readonly Uint32Array[])[];

  constructor(
    readonly threads: number,
    pixels: number,
  ) {
    const targets = Array.from({ length: SORT_TARGETS });
    this.buckets = targets.map(() => new Uint16Array(new SharedArrayBuffer(pixels * 2)));
    this.counts = Array.from({ length: threads }, () =>
      targets.map(() => new Uint32Array(new SharedArrayBuffer(PIXEL_BUCKETS * 4))),
    );
  }
}

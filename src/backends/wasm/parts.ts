/** A picture cut into one part a thread; the calling thread works on the caller's memory, the workers on shared copies. */
export interface Parts {
  readonly own: Uint8Array;
  /** Views of the caller's memory, and their shared copies. */
  readonly theirs: readonly { readonly original: Uint8Array; readonly copy: Uint8Array }[];
}

/** @param helpers workers that take a part each; 0: the calling thread takes the whole picture */
export type Cut = (data: Uint8Array, channels: 3 | 4, helpers: number) => Parts;

/** One picture at a time: the memory of the copies is kept, since a fresh page costs more to touch than to use. */
export function createCut(): Cut {
  let memory: SharedArrayBuffer | undefined;
  return (data, channels, helpers) => {
    if (helpers === 0) return { own: data, theirs: [] };
    // Parts begin at multiples of 8 bytes: elsewhere the engine copies to shared memory byte by byte.
    const groupBytes = 8 * channels;
    const partBytes = Math.ceil(data.length / (helpers + 1) / groupBytes) * groupBytes;
    if (!memory || memory.byteLength < partBytes * helpers) memory = new SharedArrayBuffer(partBytes * helpers);
    const shared = memory;
    const theirs = Array.from({ length: helpers }, (_, i) => {
      const original = data.subarray((i + 1) * partBytes, (i + 2) * partBytes);
      const copy = new Uint8Array(shared, i * partBytes, original.length);
      copy.set(original);
      return { original, copy };
    });
    return { own: data.subarray(0, partBytes), theirs };
  };
}

import { open } from 'node:fs/promises';
import type { Sharp } from 'sharp';
import { type Finish, finishBuffer, finishFile } from './splice.js';

/** Where an encoded image goes, whoever encodes it. */
export interface EncodeTarget<T> {
  /** @param finish puts metadata in */
  fromSharp(pipeline: Sharp, finish?: Finish): Promise<T>;
  /** @param parts each in memory of its own */
  fromParts(parts: AsyncIterable<Uint8Array>): Promise<T>;
}

export const BUFFER_TARGET: EncodeTarget<Buffer> = {
  fromSharp: async (pipeline, finish) => finishBuffer(await pipeline.toBuffer(), finish),
  async fromParts(parts) {
    const all: Uint8Array[] = [];
    for await (const part of parts) all.push(part);
    return Buffer.concat(all);
  },
};

/** @param path of a file that is made, or overwritten */
export function fileTarget(path: string): EncodeTarget<void> {
  return {
    async fromSharp(pipeline, finish) {
      await pipeline.toFile(path);
      await finishFile(path, finish);
    },
    async fromParts(parts) {
      const file = await open(path, 'w');
      let writing = Promise.resolve();
      try {
        // While a part is written the next one is made.
        for await (const part of parts) {
          await writing;
          writing = file.writeFile(part); // appends, and writes all of it
          writing.catch(() => undefined); // awaited with the next part
        }
        await writing;
      } finally {
        await writing.catch(() => undefined);
        await file.close();
      }
    },
  };
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { withSingleThread } from '../../src/node/build/single-thread.js';
import { readStream } from '../../src/node/files/input.js';
import { readText } from '../../src/node/files/text.js';
import { loadRecipe } from '../../src/node/recipe-file.js';
import { gradient, toSharp } from '../support/images.js';
import { makeTempFolder } from '../support/temp-folder.js';

/** A stream without end; `taken` says how much of it was read. */
function endless(first: Uint8Array) {
  const state = { taken: 0 };
  async function* generate(): AsyncGenerator<Uint8Array> {
    yield first;
    for (;;) {
      state.taken++;
      yield new Uint8Array(65_536);
    }
  }
  return { state, stream: generate() };
}

describe('standard input', () => {
  it('is refused with its first bytes when they are no image’s', async () => {
    const { state, stream } = endless(new Uint8Array(0));
    await expect(readStream(stream, 'standard input')).rejects.toMatchObject({ code: 'INPUT_UNSUPPORTED' });
    expect(state.taken).toBe(1);
  });

  it('is refused when it does not end', async () => {
    const png = await toSharp(gradient(40, 30)).png().toBuffer();
    const { state, stream } = endless(png);
    await expect(readStream(stream, 'standard input', 1_000_000)).rejects.toMatchObject({
      code: 'INPUT_TOO_LARGE',
      message: 'standard input: expected at most 1000000 bytes, got more',
    });
    expect(state.taken).toBeLessThan(20);
  });

  it('gives all bytes of an image, however it comes, and of what is too short to tell', async () => {
    const png = await toSharp(gradient(40, 30)).png().toBuffer();
    const pieces = async function* () {
      for (let at = 0; at < png.length; at += 100) yield png.subarray(at, at + 100);
    };
    expect(await readStream(pieces(), 'x', png.length)).toEqual(png);
    expect(await readStream(endlessly([]), 'x')).toEqual(Buffer.alloc(0));
  });
});

async function* endlessly(chunks: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

describe('a text', () => {
  it('is read to a bound, also from a device without end', async () => {
    const path = join(await makeTempFolder(), 'a.json');
    await writeFile(path, '12345');
    expect(await readText(path, 5)).toBe('12345');
    await expect(readText(path, 4)).rejects.toMatchObject({ code: 'INPUT_TOO_LARGE' });
  });

  it.skipIf(process.platform !== 'linux')('of a recipe is refused when it is a device without end', async () => {
    await expect(loadRecipe('/dev/zero', '--recipe: /dev/zero')).rejects.toMatchObject({ code: 'INPUT_TOO_LARGE' });
  });
});

describe('the number of libvips’ threads', () => {
  const before = sharp.concurrency();
  afterEach(() => void sharp.concurrency(before));

  it('is one while an AVIF is made, and then as it was, also after a failure', async () => {
    sharp.concurrency(3);
    const seen = await Promise.all([1, 2].map(() => withSingleThread(async () => sharp.concurrency())));
    expect(seen).toEqual([1, 1]);
    expect(sharp.concurrency()).toBe(3);
    await expect(withSingleThread(() => Promise.reject(new Error('x')))).rejects.toThrow('x');
    expect(sharp.concurrency()).toBe(3);
  });

  it('stays what a host sets meanwhile', async () => {
    sharp.concurrency(3);
    await withSingleThread(async () => sharp.concurrency(2));
    expect(sharp.concurrency()).toBe(2);
  });
});

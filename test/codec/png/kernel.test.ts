import { deflateRawSync, deflateSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../scripts/random.js';
import { ADAPTIVE, AVERAGE, NONE, PAETH, SUB, UP } from '../../../src/codec/png/assembly/layout.js';
import { type KernelOptions, openKernel, type PngKernel } from '../../../src/codec/png/kernel.js';
import { filterRow } from '../../support/filter-row.js';
import { unfilter } from '../../support/png-pixels.js';

const FILTERS = [NONE, SUB, UP, AVERAGE, PAETH, ADAPTIVE];

function createKernel(options: KernelOptions): PngKernel {
  const kernel = openKernel(options);
  if (!kernel) throw new Error('no SIMD here');
  return kernel;
}

/** Rows by the definition. @param above the row before the first */
function filterPlainly(data: Uint8Array, above: Uint8Array, pixelBytes: number, filter: number): Buffer {
  const rowBytes = above.length;
  const filtered = new Uint8Array((data.length / rowBytes) * (rowBytes + 1));
  let last = above;
  for (let i = 0; i * rowBytes < data.length; i++) {
    const row = data.subarray(i * rowBytes, (i + 1) * rowBytes);
    filterRow(row, last, pixelBytes, filter, filtered.subarray(i * (rowBytes + 1), (i + 1) * (rowBytes + 1)));
    last = row;
  }
  return Buffer.from(filtered);
}

/** What zlib itself writes behind its stream. */
function checksumOfZlib(data: Uint8Array): number {
  const stream = deflateSync(data);
  return stream.readUInt32BE(stream.length - 4);
}

/** Bytes of several kinds in turn: noise, slopes, flat ones, the extremes. */
function makeBytes(length: number, seed: number): Uint8Array {
  const random = createRandom(seed);
  const kinds = [
    () => random() * 256,
    (i: number) => i * 3 + random() * 4,
    () => 77,
    () => (random() < 0.5 ? 0 : 255),
    (i: number) => (i % 7) * 40,
  ];
  return Uint8Array.from({ length }, (_, i) => (kinds[(i >> 6) % kinds.length] as (i: number) => number)(i));
}

describe('row filters', () => {
  const shape = fc.record({
    width: fc.integer({ min: 1, max: 90 }),
    pixelBytes: fc.constantFrom(3, 4),
    calls: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
    filter: fc.constantFrom(...FILTERS),
    seed: fc.nat(),
  });

  it('give the bytes of the definition, and the pixels again', () => {
    fc.assert(
      fc.property(shape, ({ width, pixelBytes, calls, filter, seed }) => {
        const rowBytes = width * pixelBytes;
        const simd = createKernel({ rowBytes, pixelBytes, rows: 5 });
        let above = new Uint8Array(rowBytes);
        const height = calls.reduce((sum, rows) => sum + rows, 0);
        const data = makeBytes(rowBytes * height, seed);
        const all: Buffer[] = [];
        let row = 0;
        for (const rows of calls) {
          const part = data.subarray(row * rowBytes, (row + rows) * rowBytes);
          const filtered = Buffer.from(simd.filter(part, filter));
          expect(filtered.equals(filterPlainly(part, above, pixelBytes, filter))).toBe(true);
          above = part.slice(-rowBytes);
          all.push(filtered);
          row += rows;
        }
        const { data: pixels, filters } = unfilter(Buffer.concat(all), rowBytes, pixelBytes);
        expect(Buffer.from(pixels).equals(data)).toBe(true);
        if (filter !== ADAPTIVE) expect([...filters]).toEqual(new Array(height).fill(filter));
      }),
      { numRuns: 250 },
    );
  });

  it('of long rows do not overflow the sums that tell the best', () => {
    // All differences are 128, the largest, in every filter but one.
    const rowBytes = 120_000;
    const row = Uint8Array.from({ length: rowBytes }, (_, i) => ((Math.floor(i / 3) % 2) + 1) * 128);
    const data = Uint8Array.from([...row, ...row]);
    const filtered = createKernel({ rowBytes, pixelBytes: 3, rows: 2 }).filter(data, ADAPTIVE);
    expect(filterPlainly(data, new Uint8Array(rowBytes), 3, ADAPTIVE).equals(filtered)).toBe(true);
    expect(filtered[rowBytes + 1]).toBe(UP);
  });

  it.each([
    ['a flat row', NONE, () => [0, 0, 0], () => 0],
    ['a slope along the row', SUB, (x: number) => [x * 5, x * 5, x * 5], (x: number) => 255 - x],
    [
      'a row like the one above',
      UP,
      (x: number) => [x * 91, x * 62, x * 33],
      (x: number, k: number) => x * (91 - k * 29),
    ],
  ] as const)('the best of %s', (_, best, below, above) => {
    const width = 40;
    const data = new Uint8Array(width * 3 * 2);
    for (let x = 0; x < width; x++) {
      for (let k = 0; k < 3; k++) {
        data[x * 3 + k] = above(x, k);
        data[(width + x) * 3 + k] = below(x)[k] as number;
      }
    }
    const kernel = createKernel({ rowBytes: width * 3, pixelBytes: 3, rows: 2 });
    expect(kernel.filter(data, ADAPTIVE)[width * 3 + 1]).toBe(best);
  });

  it('begin anew below any row', () => {
    const data = makeBytes(60 * 4, 5);
    const kernel = createKernel({ rowBytes: 60, pixelBytes: 4, rows: 3 });
    kernel.filter(data.subarray(60), PAETH);
    kernel.begin();
    const first = Buffer.from(kernel.filter(data.subarray(0, 120), PAETH));
    kernel.begin(data.subarray(60, 120));
    const rest = Buffer.from(kernel.filter(data.subarray(120), PAETH));
    expect(Buffer.from(unfilter(Buffer.concat([first, rest]), 60, 4).data).equals(data)).toBe(true);
  });
});

describe('checksum', () => {
  it('is what zlib writes, in any split, also of the largest bytes', () => {
    const kernel = createKernel({ rowBytes: 50_000, pixelBytes: 3, rows: 1 });
    for (const fill of [makeBytes(50_000, 3), new Uint8Array(50_000).fill(255)]) {
      const filtered = kernel.filter(fill, NONE);
      for (const cut of [0, 1, 15, 16, 17, 5_551, 5_552, 5_553, 33_000, filtered.length]) {
        const sum = kernel.checksum(filtered.subarray(cut), kernel.checksum(filtered.subarray(0, cut), 1));
        expect(sum).toBe(checksumOfZlib(filtered));
      }
    }
  });
});

describe('deflateRuns', () => {
  /** What Node's zlib reads back, and how long it was. */
  function roundTrip(data: Uint8Array, isLast = true): number {
    const kernel = createKernel({ rowBytes: data.length, pixelBytes: 3, rows: 1 });
    const packed = kernel.deflateRuns(kernel.filter(data, NONE).subarray(1), isLast);
    // Without an end zlib wants to be told where to stop.
    const plain = inflateRawSync(isLast ? packed : Buffer.concat([packed, deflateRawSync(new Uint8Array(0))]));
    expect(plain.equals(data)).toBe(true);
    return packed.length;
  }

  it('gives back bytes of any kind', () => {
    const part = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc
        .tuple(fc.nat(255), fc.integer({ min: 1, max: 1200 }))
        .map(([byte, length]) => new Uint8Array(length).fill(byte)),
      fc.tuple(fc.nat(), fc.nat(9), fc.nat(20_000)).map(([seed, levels, length]) => {
        const random = createRandom(seed);
        return Uint8Array.from({ length }, () => Math.floor(random() ** 3 * 2 ** levels));
      }),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), fc.boolean(), (parts, isLast) => {
        const data = Buffer.concat([...parts, Uint8Array.of(7)]);
        roundTrip(data, isLast);
      }),
      { numRuns: 200 },
    );
  });

  it('knows every length of a run', () => {
    const parts = Array.from({ length: 600 }, (_, i) => new Uint8Array(i + 1).fill(i & 255));
    const size = roundTrip(Buffer.concat(parts));
    expect(size).toBeLessThan(2_500);
  });

  it('limits codes that would grow too long', () => {
    // Frequencies like Fibonacci's numbers make the deepest tree there is.
    const parts: Uint8Array[] = [];
    for (let i = 0, a = 1, b = 1; i < 20; i++, [a, b] = [b, a + b]) parts.push(new Uint8Array(a).fill(i * 11));
    const data = Buffer.concat(parts);
    const random = createRandom(1);
    for (let i = data.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [data[i], data[j]] = [data[j] as number, data[i] as number];
    }
    expect(roundTrip(data)).toBeLessThan(deflateRawSync(data).length);
  });

  it('stores noise', () => {
    const random = createRandom(1);
    const data = Uint8Array.from({ length: 300_000 }, () => random() * 256);
    expect(roundTrip(data)).toBeLessThan(data.length * 1.0003);
  });

  it("is as small as zlib's search for runs", () => {
    const random = createRandom(2);
    const difference = (): number => Math.round((random() + random() + random() - 1.5) * 9);
    const data = Uint8Array.from({ length: 400_000 }, (_, i) => ((i >> 12) % 3 === 0 ? 0 : difference()));
    expect(roundTrip(data)).toBeLessThan(deflateRawSync(data, { strategy: 3 }).length * 1.002);
  });
});

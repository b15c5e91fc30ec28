import { createHash, randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createJsBackend } from '../../src/backends/js/index.js';
import { countColors, createColorTable } from '../../src/core/analysis/census.js';
import { type Gamut, planFromCensuses } from '../../src/core/index.js';
import { openImage } from '../../src/node/image/open-image.js';
import { type CensusPart, createCensusPool } from '../../src/node/pooled-plan.js';
import { decodeCensuses, encodeCensuses } from '../../src/node/queue/census-file.js';

const RECIPE = {
  version: 2 as const,
  rows: [
    { color: 'teal', tolerance: 37.5, strength: 80 },
    { color: 'gray', tolerance: 100, strength: 120 },
  ],
  channels: { luminance: true, saturation: true, hue: true },
  blend: 'oklch' as const,
};

const censuses = (gamut: Gamut): fc.Arbitrary<CensusPart> =>
  fc
    .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 0xffffff }), fc.maxSafeNat()), {
      selector: ([color]) => color,
      minLength: 1,
    })
    .map((pairs) => ({
      gamut,
      census: {
        colors: Uint32Array.from(pairs, ([color]) => color),
        counts: Float64Array.from(pairs, ([, count]) => count),
      },
    }));
const partLists = fc.tuple(censuses('display-p3'), censuses('srgb'));

function toMap({ census: { colors, counts } }: CensusPart): Map<number, number> {
  return new Map(Array.from(colors, (color, i) => [color, counts[i] as number]));
}

/** Faster than comparing element by element. */
function isSame(a: Uint32Array | undefined, b: Uint32Array): boolean {
  return a !== undefined && Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer));
}

describe('the census file', () => {
  it('gives back every color and count, and the gamuts in their order', async () => {
    await fc.assert(
      fc.asyncProperty(partLists, async (parts) => {
        const back = await decodeCensuses(await encodeCensuses(parts), 'x');
        expect(back.map(({ gamut }) => gamut)).toEqual(['display-p3', 'srgb']);
        expect(back.map(toMap)).toEqual(parts.map(toMap));
      }),
      { numRuns: 50 },
    );
  });

  it('is the same for the same colors in any order, by sorting and by walking', async () => {
    for (const length of [1000, 200_000]) {
      const colors = Uint32Array.from({ length }, (_, i) => (i * 83) % 0x1000000);
      const counts = Float64Array.from({ length }, (_, i) => i % 7);
      const reversed = { colors: colors.slice().reverse(), counts: counts.slice().reverse() };
      const bytes = await encodeCensuses([{ gamut: 'srgb', census: { colors, counts } }]);
      expect(bytes.equals(await encodeCensuses([{ gamut: 'srgb', census: reversed }]))).toBe(true);
      const [part] = await decodeCensuses(bytes, 'x');
      expect(isSame(part?.census.colors, colors.slice().sort())).toBe(true);
    }
  });

  it('holds no color at all, and all of them', async () => {
    expect(await decodeCensuses(await encodeCensuses([]), 'x')).toEqual([]);
    const colors = Uint32Array.from({ length: 2 ** 24 }, (_, i) => i);
    const bytes = await encodeCensuses([
      { gamut: 'srgb', census: { colors, counts: new Float64Array(2 ** 24).fill(3) } },
    ]);
    expect(bytes.length).toBeLessThan(300_000);
    const [part] = await decodeCensuses(bytes, 'x');
    expect(part?.census.colors.length).toBe(2 ** 24);
    expect(part?.census.colors.at(-1)).toBe(0xffffff);
  });

  it('leads to the same plan, however the pictures are split', async () => {
    const pictures = [40, 50, 60].map((side) => new Uint8Array(randomBytes(side * side * 3)));
    const whole = createCensusPool();
    for (const data of pictures) {
      const raw = { width: data.length / 3, height: 1, channels: 3 } as const;
      const image = await openImage(await sharp(data, { raw }).png().toBuffer());
      await whole.addImage(image, { backend: createJsBackend() });
    }
    const files = await Promise.all(
      pictures.map((data) => encodeCensuses([{ gamut: 'srgb', census: countColors(data, 3, createColorTable()) }])),
    );
    const [a, b, c] = (await Promise.all(files.map((bytes) => decodeCensuses(bytes, 'x')))).flat() as [
      CensusPart,
      CensusPart,
      CensusPart,
    ];
    const half = createCensusPool();
    for (const part of [a, b]) half.addCensus(part);
    const tree = createCensusPool();
    for (const part of [...(await decodeCensuses(await encodeCensuses(half.parts()), 'x')), c]) tree.addCensus(part);
    expect(tree.plan(RECIPE)).toEqual(whole.plan(RECIPE));
    expect(tree.plan(RECIPE)).toEqual(planFromCensuses([c, a, b], RECIPE, 'srgb'));
  });

  it('refuses anything else, in one line', async () => {
    const bytes = await encodeCensuses([
      { gamut: 'srgb', census: { colors: Uint32Array.of(5, 9), counts: Float64Array.of(1, 2) } },
    ]);
    const bad = [Buffer.alloc(0), bytes.subarray(0, -1), Buffer.concat([bytes, Buffer.of(0)]), Buffer.from('text')];
    for (let at = 0; at < bytes.length; at++) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] as number) ^ 1;
      bad.push(flipped);
    }
    for (const given of bad) {
      await expect(decodeCensuses(given, 'some file')).rejects.toMatchObject({
        code: 'JOB_FAILED',
        message: expect.stringMatching(/^some file: expected a census, got .+$/),
      });
    }
  });

  it('takes no memory for a length that lies', async () => {
    // Seven bits a byte, lowest first: sRGB, 2^24 colors, and then none.
    const packed = deflateRawSync(Buffer.of(0, 0x80, 0x80, 0x80, 0x08));
    const unsigned = Buffer.concat([Buffer.from('cscensus\x01\x01', 'latin1'), packed]);
    const bytes = Buffer.concat([unsigned, createHash('sha256').update(unsigned).digest()]);
    const before = process.memoryUsage().arrayBuffers;
    await expect(decodeCensuses(bytes, 'some file')).rejects.toMatchObject({
      code: 'JOB_FAILED',
      message: 'some file: expected a census, got a gamut or a length that cannot be',
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createJsBackend,
  createPull,
  type LutStore,
  makeRecipe,
  type Pixels,
  packColor,
  planFor,
  recolorPixels,
} from '../../../src/index.js';
import { isSame, makeNoise } from '../../support/lut.js';

const backend = createJsBackend();
const recipe = makeRecipe(['teal;50;70', '#d06030;40;90']);

function picture(channels: 3 | 4, is16Bit = false, seed = 3): Pixels {
  const random = makeNoise(seed);
  const [width, height] = [60, 40];
  const length = width * height * channels;
  const maxCode = is16Bit ? 65535 : 255;
  const data = is16Bit ? new Uint16Array(length) : new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const smooth = Math.sin(i / 700 + (i % channels)) * 0.4 + 0.5;
    data[i] = Math.floor(Math.min(1, Math.max(0, smooth + (random() - 0.5) * 0.3)) * maxCode);
  }
  return { data, width, height, channels };
}

describe('the report', () => {
  it('says how far each pixel is off, as a count of its own says', async () => {
    const pixels = picture(4);
    for (let i = 3; i < 400; i += 4) pixels.data[i] = 0; // invisible pixels do not count
    const before = pixels.data.slice();
    const report = await recolorPixels(pixels, recipe, { backend, strategy: 'lut', lut: { size: 9 } });
    const pull = createPull(report.plan);
    const errors: number[] = [];
    const visible = new Set<number>();
    for (let at = 0; at < before.length; at += 4) {
      if (before[at + 3] === 0) continue;
      const codes = [before[at] ?? 0, before[at + 1] ?? 0, before[at + 2] ?? 0] as [number, number, number];
      visible.add(packColor(...codes));
      const exact = pull(codes);
      errors.push(Math.max(...exact.map((x, k) => Math.abs(x - (pixels.data[at + k] ?? 0)))));
    }
    errors.sort((p, q) => p - q);
    expect(report.lut?.error).toEqual({
      max: errors.at(-1),
      percentile99: errors[Math.ceil(errors.length * 0.99) - 1],
      shareAboveOne: errors.filter((e) => e > 1).length / errors.length,
      samples: visible.size,
      exhaustive: true,
    });
    expect(report.lut?.error?.max).toBeGreaterThan(1); // 9 nodes are few: the figures above say something
  });

  it('names size, interpolation and where the table came from', async () => {
    const store: LutStore = {
      fetch: async (_request, build) => ({ lut: await build(), hit: true, explanation: 'from a drawer' }),
    };
    const lut = { size: 17, interpolation: 'trilinear', store, measureError: false } as const;
    const report = await recolorPixels(picture(3), recipe, { backend, strategy: 'lut', lut });
    expect(report).toMatchObject({
      strategy: 'lut',
      lut: { size: 17, interpolation: 'trilinear', precision: 'float', hit: true, explanation: 'from a drawer' },
    });
    expect(report.lut?.error).toBeUndefined();
  });

  it('has an error in parts of a code for 16 bits', async () => {
    const report = await recolorPixels(picture(3, true), recipe, { backend, strategy: 'lut', lut: { size: 65 } });
    const { max = 0, percentile99 = 0, exhaustive } = report.lut?.error ?? {};
    expect(exhaustive).toBe(true);
    expect(percentile99).toBeGreaterThan(0);
    expect(percentile99).toBeLessThan(1);
    expect(max).toBeGreaterThanOrEqual(percentile99);
  });
});

it('freezes the plan of the picture itself, the one every other strategy uses', async () => {
  const plan = planFor(picture(3), recipe);
  const report = await recolorPixels(picture(3), recipe, { backend, strategy: 'lut' });
  expect(report.plan).toEqual(plan);
  expect(report.lut?.size).toBe(33);
});

it('comes nearer with every size', async () => {
  const shares: number[] = [];
  for (const size of [9, 17, 33, 65, 129]) {
    const { lut } = await recolorPixels(picture(3), recipe, { backend, strategy: 'lut', lut: { size } });
    shares.push(lut?.error?.shareAboveOne ?? 1);
  }
  expect(shares).toEqual([...shares].sort((p, q) => q - p));
  expect(shares.at(-1)).toBeLessThan(0.005);
});

it('leaves pixels alone when canceled before', async () => {
  const pixels = picture(3);
  const before = pixels.data.slice();
  const signal = { aborted: false };
  const store: LutStore = {
    fetch: async (_request, build) => {
      const lut = await build();
      signal.aborted = true;
      return { lut, hit: false, explanation: '' };
    },
  };
  const lut = { store, measureError: false };
  await expect(recolorPixels(pixels, recipe, { backend, strategy: 'lut', lut, signal })).rejects.toMatchObject({
    code: 'CANCELED',
  });
  expect(pixels.data).toEqual(before);
});

it('keeps what holds for every strategy: identities, alpha, attractor order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 20 }), fc.integer(), fc.boolean(), async (size, seed, is16Bit) => {
      const run = async (attractors: string[]): Promise<Pixels['data']> => {
        const pixels = picture(4, is16Bit, seed);
        await recolorPixels(pixels, makeRecipe(attractors), {
          backend,
          strategy: 'lut',
          lut: { size, measureError: false },
        });
        return pixels.data;
      };
      const before = picture(4, is16Bit, seed).data;
      expect(isSame(await run(['red;60;0', 'blue;0;150']), before)).toBe(true);
      const one = await run(['red;60;80', 'blue;40;150']);
      expect(isSame(await run(['blue;40;150', 'red;60;80']), one)).toBe(true);
      expect(one.every((value, i) => i % 4 !== 3 || value === before[i])).toBe(true);
    }),
    { numRuns: 12 },
  );
});

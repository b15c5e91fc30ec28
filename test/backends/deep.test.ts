import { describe, expect, it } from 'vitest';
import { deepCurve, encodeDeep } from '../../src/backends/js/encode-deep.js';
import { createWasmBackend } from '../../src/backends/wasm/index.js';
import { gamutMatrices, oklabFromLinear } from '../../src/core/color/oklab.js';
import { linearFromEncoded, quantize } from '../../src/core/color/srgb.js';
import { centerOf, createPull } from '../../src/core/pull.js';
import { distanceTo } from '../../src/core/row/distance.js';
import { createJsBackend } from '../../src/index.js';
import { findCase, PATHS, planOf } from '../support/cases.js';
import { isSame, makeNoise } from '../support/lut.js';

const COLORS = 40_000;

/** Random colors, of which the first half lie in dark corners, greys among them. */
function deepColors(seed: number, count = COLORS): Uint16Array {
  const random = makeNoise(seed);
  const samples = Uint16Array.from({ length: count * 3 }, (_, i) => random() * (i < count * 1.5 ? 2048 : 65536));
  for (let i = 0; i < samples.length; i += 51) samples.fill(samples[i] as number, i, i + 3);
  return samples;
}

describe('the 16-bit encoder', () => {
  const curve = deepCurve();

  it('is the power function to the last bit around every border between two codes', () => {
    const wrong: number[] = [];
    for (let code = 0; code < 65535; code++) {
      const border = linearFromEncoded((code + 0.5) / 65535);
      for (const offset of [-1e-6, -1e-9, -1e-15, -2e-16, 0, 2e-16, 1e-15, 1e-9, 1e-6]) {
        const linear = Math.min(1, border * (1 + offset));
        if (encodeDeep(linear, curve) !== quantize(linear, 65535)) wrong.push(linear);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('is the power function at a million random places, at both ends and at the kink', () => {
    const random = makeNoise(5);
    const wrong: number[] = [];
    const places = [0, 5e-324, 1e-9, 0.0031308, 0.00313080001, 1 - 2 ** -53, 1];
    for (let i = 0; i < 1e6; i++) places.push(random() ** (1 + (i % 4)));
    for (const linear of places) {
      if (encodeDeep(linear, curve) !== quantize(linear, 65535)) wrong.push(linear);
    }
    expect(wrong).toEqual([]);
  });
});

it.each(PATHS)('16-bit colors are the definition’s: $name', async (recipe) => {
  const plan = planOf(recipe);
  const before = deepColors(3);
  const after = before.slice();
  await createJsBackend().evaluate16?.(after, 3, plan);
  const pull = createPull(plan, 65535);
  let different = 0;
  let max = 0;
  for (let i = 0; i < before.length; i += 3) {
    const wanted = pull([before[i] as number, before[i + 1] as number, before[i + 2] as number]);
    const off = Math.max(...wanted.map((code, k) => Math.abs(code - (after[i + k] as number))));
    if (off > 0) different++;
    max = Math.max(max, off);
  }
  expect(max).toBeLessThanOrEqual(1);
  expect(different / COLORS).toBeLessThan(1e-4);
});

describe('the 16-bit kernel', async () => {
  const simd = await createWasmBackend();
  /** 4.5 million over all cases; an odd number, so that a pair is left with one. */
  const count = 300_001;

  it.each(PATHS)('gives the codes of js, every one: $name', async (recipe) => {
    const plan = planOf(recipe);
    const [ours, theirs] = [deepColors(11, count), deepColors(11, count)];
    await simd.evaluate16?.(ours, 3, plan);
    await createJsBackend().evaluate16?.(theirs, 3, plan);
    expect(isSame(ours, theirs)).toBe(true);
  });

  it('gives them where many attractors lie on top of each other, and with radii from tiny to whole', async () => {
    const attractors = Array.from({ length: 24 }, (_, i) => `hsl(${i * 15} 80% 50%);${i < 4 ? 0.05 : i * 4};${i * 8}`);
    const plan = planOf({ rows: attractors });
    const [ours, theirs] = [deepColors(13, count), deepColors(13, count)];
    await simd.evaluate16?.(ours, 3, plan);
    await createJsBackend().evaluate16?.(theirs, 3, plan);
    expect(isSame(ours, theirs)).toBe(true);
  });

  it.each([
    ['an attractor', ['#c05030;30;150']],
    ['a repaint', ['#c05030 -> navy;30;150']],
    ['a keep', ['keep #c05030;30;100', '#808080;~1;200']],
    ['a keep that leaves next to nothing', ['keep #c05030;30;199.9999', '#808080;~1;200']],
  ])('settles colors right at a radius, and at the edge of a plateau, as js does: %s', async (_, rows) => {
    // Each color's own distance becomes the radius in turn.
    const base = planOf({ rows });
    const [first, ...rest] = base.rows;
    if (!first) throw new Error('no row');
    const colors = deepColors(17, 48);
    const { toLms } = gamutMatrices('srgb');
    for (let i = 0; i < colors.length; i += 3) {
      const [r, g, b] = [0, 1, 2].map((k) => linearFromEncoded((colors[i + k] as number) / 65535));
      const distance = distanceTo(centerOf(first), ...oklabFromLinear(r as number, g as number, b as number, toLms));
      for (const end of [distance, 2 * distance]) {
        for (const radius of [end, end * (1 + 2 ** -52), end * (1 - 2 ** -53), end * (1 - 1e-9)]) {
          const plan = { ...base, rows: [{ ...first, radius }, ...rest] };
          const [ours, theirs] = [colors.slice(i, i + 3), colors.slice(i, i + 3)];
          await simd.evaluate16?.(ours, 3, plan);
          await createJsBackend().evaluate16?.(theirs, 3, plan);
          expect([...ours]).toEqual([...theirs]);
        }
      }
    }
  });

  it('engines without SIMD give the same', async () => {
    const plan = planOf(findCase('eight'));
    const [ours, theirs] = [deepColors(19), deepColors(19)];
    await (await createWasmBackend({ variant: 'scalar' })).evaluate16?.(ours, 3, plan);
    await simd.evaluate16?.(theirs, 3, plan);
    expect(isSame(ours, theirs)).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { createByteEncoder, encodeByte } from '../../../src/backends/js/encode.js';
import { linearFromEncoded, linearTable, quantize } from '../../../src/core/color/srgb.js';
import { createJsBackend, makeRecipe, planFor } from '../../../src/index.js';

describe('encodeByte', () => {
  const encoder = createByteEncoder();

  it('gives every code back', () => {
    expect([...linearTable(255)].map((x) => encodeByte(x, encoder))).toEqual(Array.from({ length: 256 }, (_, i) => i));
  });

  it('equals quantize on both sides of every code limit', () => {
    for (let code = 0; code < 255; code++) {
      const limit = linearFromEncoded((code + 0.5) / 255);
      for (const x of [limit * (1 - 1e-12), limit * (1 + 1e-12)]) expect(encodeByte(x, encoder)).toBe(quantize(x, 255));
    }
  });

  it('equals quantize over the whole range, cell borders included', () => {
    let different = 0;
    for (let i = 0; i <= 4096 * 64; i++) {
      const x = i / (4096 * 64);
      if (encodeByte(x, encoder) !== quantize(x, 255)) different++;
    }
    expect(different).toBe(0);
  });
});

describe('js backend', () => {
  const pixels = { data: Uint8Array.of(255, 0, 0, 0, 0, 255), width: 2, height: 1, channels: 3 } as const;
  const backend = createJsBackend();

  it('leaves the colors it was given as they were', async () => {
    const colors = Uint32Array.of(0xff, 0xff0000);
    const out = new Uint32Array(2);
    await backend.evaluate(colors, planFor(pixels, makeRecipe(['lime;100;100'])), out);
    expect([...colors]).toEqual([0xff, 0xff0000]);
    expect([...out]).not.toEqual([0xff, 0xff0000]);
  });

  it('takes no colors at all', async () => {
    const plan = planFor(pixels, makeRecipe(['lime;1;1']));
    await expect(backend.evaluate(new Uint32Array(0), plan, new Uint32Array(0))).resolves.toBeUndefined();
  });

  it('is not led to NaN by a plan whose grey attractor claims a hue', async () => {
    const plan = planFor(pixels, makeRecipe(['grey;100;100']));
    const claimed = {
      ...plan,
      rows: plan.rows.map((a) => ({ ...a, oklab: [0.6, 0, 0] as const, powerlessHue: false })),
    };
    const [wanted, got] = [new Uint32Array(2), new Uint32Array(2)];
    const colors = Uint32Array.of(0x3060ff, 0xff0000);
    const honest = { ...claimed, rows: claimed.rows.map((a) => ({ ...a, powerlessHue: true })) };
    await backend.evaluate(colors, honest, wanted);
    await backend.evaluate(colors, claimed, got);
    expect(got).toEqual(wanted);
    expect(got[0]).not.toBe(0);
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createWasmBackend } from '../../../src/backends/wasm/index.js';
import { createJsBackend, planFromCensus } from '../../../src/index.js';
import { recipeArbitrary } from '../../support/arbitraries.js';
import { CENSUSES, sampleColors } from '../../support/cases.js';
import { compareColors } from '../../support/compare.js';
import { isSame, makeNoise } from '../../support/lut.js';

const js = createJsBackend();
const simd = await createWasmBackend();
const scalar = await createWasmBackend({ variant: 'scalar' });
const gamut = fc.constantFrom('srgb' as const, 'display-p3' as const);
const colors = sampleColors(6000);

it('any recipe has the colors of js, with and without SIMD', async () => {
  await fc.assert(
    fc.asyncProperty(recipeArbitrary(), gamut, async (recipe, of) => {
      const plan = planFromCensus(CENSUSES.spread, recipe, of);
      const [wanted, fast, plain] = [js, simd, scalar].map(() => new Uint32Array(colors.length));
      for (const [backend, out] of [
        [js, wanted],
        [simd, fast],
        [scalar, plain],
      ] as const) {
        await backend.evaluate(colors, plan, out as Uint32Array);
      }
      const { max, different } = compareColors(fast as Uint32Array, wanted as Uint32Array);
      expect(max).toBeLessThanOrEqual(1);
      expect(different).toBeLessThan(20);
      expect(plain).toEqual(fast);
    }),
    { seed: 16, numRuns: 150 },
  );
});

it('any recipe has the bits of js at 16 bits', async () => {
  const random = makeNoise(16);
  const deep = new Uint16Array(colors.length * 3);
  for (let i = 0; i < deep.length; i++) {
    const code = ((colors[(i / 3) | 0] as number) >>> (8 * (i % 3))) & 255;
    deep[i] = Math.min(65535, code * 257 + Math.floor(random() * (i % 6 < 3 ? 8 : 500)));
  }
  await fc.assert(
    fc.asyncProperty(recipeArbitrary(), gamut, async (recipe, of) => {
      const plan = planFromCensus(CENSUSES.spread, recipe, of);
      const [wanted, got] = [deep.slice(), deep.slice()];
      await js.evaluate16?.(wanted, 3, plan);
      await simd.evaluate16?.(got, 3, plan);
      expect(isSame(got, wanted)).toBe(true);
    }),
    { seed: 16, numRuns: 150 },
  );
});

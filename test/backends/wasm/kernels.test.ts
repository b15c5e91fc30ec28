import { afterAll, expect, it } from 'vitest';
import { createWasmBackend, type WasmBackend } from '../../../src/backends/wasm/index.js';
import type { Plan } from '../../../src/index.js';
import { PATHS, planOf } from '../../support/cases.js';
import { compareColors } from '../../support/compare.js';

// Both are held to `pull` and to js in test/conformance.test.ts.
const simd = await createWasmBackend({ variant: 'simd' });
const scalar = await createWasmBackend({ variant: 'scalar' });
afterAll(() => {
  for (const backend of [simd, scalar]) backend.dispose();
});

async function evaluate(backend: WasmBackend, colors: Uint32Array, plan: Plan): Promise<Uint32Array> {
  const out = new Uint32Array(colors.length);
  await backend.evaluate(colors, plan, out);
  return out;
}

/** A prime, so that every code of every component is among them. */
const STEP = 97;

it.each(PATHS)('SIMD and scalar kernels agree to the byte: $name', async (planCase) => {
  const colors = Uint32Array.from({ length: 2 ** 24 / STEP }, (_, i) => i * STEP);
  const plan = planOf(planCase);
  const wanted = await evaluate(simd, colors, plan);
  expect(compareColors(await evaluate(scalar, colors, plan), wanted)).toMatchObject({ max: 0, different: 0 });
});

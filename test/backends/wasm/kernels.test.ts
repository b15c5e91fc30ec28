import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWasmBackend } from '../../../src/backends/wasm/index.js';
import { type Backend, createJsBackend, type Plan, packColor, pull, unpackColor } from '../../../src/index.js';
import { PATHS, planOf } from '../../support/cases.js';
import { compareColors } from '../../support/compare.js';

/** A backend may be off by one code on at most one color in a thousand (docs/model.md, Accuracy). */
const MAX_CODES_OFF = 1;
const MAX_DIFFERENT = 0.001;
const COLOR_COUNT = 1 << 24;

const js = createJsBackend();
const wasm: Record<string, Backend> = {};

beforeAll(async () => {
  for (const variant of ['simd', 'scalar'] as const) wasm[variant] = await createWasmBackend({ variant });
});
afterAll(() => {
  for (const backend of Object.values(wasm)) backend.dispose();
});

async function evaluate(backend: Backend | undefined, colors: Uint32Array, plan: Plan): Promise<Uint32Array> {
  const out = new Uint32Array(colors.length);
  await backend?.evaluate(colors, plan, out);
  return out;
}

/** Every n-th color, with a stride that shares no factor with a side of the cube. */
function everyNth(n: number): Uint32Array {
  return Uint32Array.from({ length: Math.floor(COLOR_COUNT / n) }, (_, i) => i * n);
}

function expectExact(got: Uint32Array, wanted: Uint32Array): void {
  const { max, different } = compareColors(got, wanted);
  expect(max).toBeLessThanOrEqual(MAX_CODES_OFF);
  expect(different / wanted.length).toBeLessThanOrEqual(MAX_DIFFERENT);
}

describe('the wasm kernels against pull', () => {
  const sample = everyNth(1021);

  describe.each(['simd', 'scalar'])('%s', (variant) => {
    it.each(PATHS)('$name', async (planCase) => {
      const plan = planOf(planCase);
      const wanted = sample.map((color) => {
        const [r, g, b] = pull(unpackColor(color), plan);
        return packColor(r, g, b);
      });
      expectExact(await evaluate(wasm[variant], sample, plan), wanted);
    });
  });
});

describe('the wasm kernel against js on all 2^24 colors', () => {
  const all = everyNth(1);
  const names = ['two colors', 'jumps at the radius', 'Display P3'];

  it.each(PATHS.filter(({ name }) => names.includes(name)))('$name', async (planCase) => {
    const plan = planOf(planCase);
    expectExact(await evaluate(wasm.simd, all, plan), await evaluate(js, all, plan));
  });
});

describe('simd and scalar', () => {
  it.each(PATHS)('agree to the byte: $name', async (planCase) => {
    const colors = everyNth(97);
    const plan = planOf(planCase);
    expect(
      compareColors(await evaluate(wasm.scalar, colors, plan), await evaluate(wasm.simd, colors, plan)),
    ).toMatchObject({
      max: 0,
      different: 0,
    });
  });
});

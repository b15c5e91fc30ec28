import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWasmBackend } from '../../../src/backends/wasm/index.js';
import { oklabOfColors } from '../../../src/core/analysis/oklab-of-colors.js';
import { oklabDistance } from '../../../src/core/color/oklab.js';
import { COLOR_COUNT } from '../../../src/core/color/packed.js';
import { type Backend, createJsBackend, type Gamut, type Plan } from '../../../src/index.js';
import { planOf } from '../../support/cases.js';
import { compareColors } from '../../support/compare.js';

let wasm: Backend;
const js = createJsBackend();
beforeAll(async () => {
  wasm = await createWasmBackend();
});
afterAll(() => wasm.dispose());

/** Colors spread over the cube; at strength 200 a member becomes the attractor and all others keep their bytes. */
const spread = Uint32Array.from({ length: 1 << 17 }, (_, i) => (i * 127 + (i >>> 9)) % COLOR_COUNT);

/** A plan whose first attractor has exactly the given radius. */
function withRadius(plan: Plan, radius: number): Plan {
  const [first, ...rest] = plan.rows;
  if (!first) throw new Error('a plan without attractors');
  return { ...plan, rows: [{ ...first, radius }, ...rest] };
}

function distancesTo(plan: Plan, colors: Uint32Array): Float64Array {
  const lab = oklabOfColors(colors, plan.gamut);
  const target = plan.rows[0]?.oklab as [number, number, number];
  return Float64Array.from(colors, (_, i) =>
    oklabDistance([lab[3 * i] as number, lab[3 * i + 1] as number, lab[3 * i + 2] as number], target),
  );
}

async function members(backend: Backend, colors: Uint32Array, plan: Plan): Promise<number> {
  const out = new Uint32Array(colors.length);
  await backend.evaluate(colors, plan, out);
  return out.reduce((count, color, i) => count + Number(color !== colors[i]), 0);
}

describe('membership', () => {
  it.each<[string, Gamut]>([
    ['#c05030;50;200', 'srgb'],
    ['#808080;50;200', 'srgb'],
    ['white;50;200', 'srgb'],
    ['black;50;200', 'srgb'],
    ['#2040ff;50;200', 'display-p3'],
  ])('is strict and exact when the radius lies on a color: %s, %s', async (attractor, gamut) => {
    const plan = planOf({ rows: [attractor], gamut });
    const distances = distancesTo(plan, spread).sort();
    for (const rank of [1, 10, 1000, 30_000, 60_000, 100_000, 131_071]) {
      const radius = distances[rank] as number;
      for (const nudged of [radius, radius * (1 + 2 ** -52), radius * (1 - 2 ** -52)]) {
        const exact = withRadius(plan, nudged);
        expect(await members(wasm, spread, exact)).toBe(await members(js, spread, exact));
      }
    }
  });

  it.each([101, 150, 200])('decides flat regions as float64 does, strength %d', async (strength) => {
    // Most pixels share one color, so that the percentile is that color's own distance.
    const flat = new Uint32Array(5000).fill(0x3a6fb2);
    const colors = Uint32Array.from([...flat, ...spread.subarray(0, 4000)]);
    const plan = planOf({ rows: [`#e0a040;40;${strength}`, `#3050d0;60;${strength}`] }, colors);
    const [got, wanted] = [new Uint32Array(colors.length), new Uint32Array(colors.length)];
    await wasm.evaluate(colors, plan, got);
    await js.evaluate(colors, plan, wanted);
    expect(compareColors(got, wanted).max).toBeLessThanOrEqual(1);
  });

  it('keeps every color outside all radii byte for byte', async () => {
    const plan = planOf({ rows: ['#c05030;10;90', '#3060c0;5;70'] });
    const out = new Uint32Array(spread.length);
    await wasm.evaluate(spread, plan, out);
    const distances = plan.rows.map((attractor) => distancesTo({ ...plan, rows: [attractor] }, spread));
    let outside = 0;
    for (let i = 0; i < spread.length; i++) {
      if (!distances.every((list, k) => (list[i] as number) >= (plan.rows[k]?.radius ?? 0))) continue;
      outside++;
      if (out[i] !== spread[i]) expect.fail(`color ${spread[i]} lies outside but became ${out[i]}`);
    }
    expect(outside).toBeGreaterThan(spread.length / 2);
  });

  it('handles a radius too small for float32', async () => {
    const color = 0x3a6fb2;
    const colors = Uint32Array.of(color, color + 1, color + 256, 0, 0xffffff);
    const plan = planOf({ rows: ['#b26f3a;100;100', '#00ff00;100;60'] }, Uint32Array.of(color));
    const [got, wanted] = [new Uint32Array(5), new Uint32Array(5)];
    await wasm.evaluate(colors, plan, got);
    await js.evaluate(colors, plan, wanted);
    expect([...got]).toEqual([...wanted]);
  });
});

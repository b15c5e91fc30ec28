import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWasmBackend } from '../../../src/backends/wasm/index.js';
import { oklabOfColors } from '../../../src/core/analysis/oklab-of-colors.js';
import { COLOR_COUNT } from '../../../src/core/color/packed.js';
import { centerOf } from '../../../src/core/pull.js';
import { distanceTo } from '../../../src/core/row/distance.js';
import { type Backend, createJsBackend, type Gamut, type Plan, type PlanRow } from '../../../src/index.js';
import { planOf } from '../../support/cases.js';
import { compareColors } from '../../support/compare.js';

let wasm: Backend;
const js = createJsBackend();
beforeAll(async () => {
  wasm = await createWasmBackend();
});
afterAll(() => wasm.dispose());

/** Colors spread over the cube; at strength 200 a member moves the whole way, or stays, and all others do not. */
const spread = Uint32Array.from({ length: 1 << 15 }, (_, i) => (i * 509 + (i >>> 7)) % COLOR_COUNT);

/** A plan whose first row has exactly the given radius. */
function withRadius(plan: Plan, radius: number): Plan {
  const [first, ...rest] = plan.rows;
  return { ...plan, rows: [{ ...(first as PlanRow), radius }, ...rest] };
}

/** From the center of the first row. */
function distancesTo(plan: Plan, colors: Uint32Array): Float64Array {
  const lab = oklabOfColors(colors, plan.gamut);
  const center = centerOf(plan.rows[0] as PlanRow);
  return Float64Array.from(colors, (_, i) =>
    distanceTo(center, lab[3 * i] as number, lab[3 * i + 1] as number, lab[3 * i + 2] as number),
  );
}

async function evaluate(backend: Backend, colors: Uint32Array, plan: Plan): Promise<Uint32Array> {
  const out = new Uint32Array(colors.length);
  await backend.evaluate(colors, plan, out);
  return out;
}

describe('membership', () => {
  const FLATTEN = '#8a7250;~1;200';
  it.each<[string, readonly string[], Gamut]>([
    ['an attractor', ['#c05030;50;200'], 'srgb'],
    ['a grey one', ['#808080;50;200'], 'srgb'],
    ['a white one', ['white;50;200'], 'srgb'],
    ['a black one', ['black;50;200'], 'srgb'],
    ['an attractor, Display P3', ['#2040ff;50;200'], 'display-p3'],
    ['a repaint', ['#c05030 -> #30a0c0;50;200'], 'srgb'],
    ['from white', ['white -> #802020;50;200'], 'srgb'],
    ['from black', ['black -> #c08040;50;200'], 'srgb'],
    ['from outside of every gamut', ['oklch(1.4 0.5 20) -> #303030;50;200'], 'srgb'],
    ['a repaint, Display P3', ['#2040ff -> #c0c020;50;200'], 'display-p3'],
    ['a keep', ['keep #4060c0;50;200', FLATTEN], 'srgb'],
    ['a keep that leaves a hundredth', ['keep #c0b0a0;50;199', FLATTEN], 'srgb'],
    ['a keep, Display P3', ['keep #e04020;50;150', FLATTEN], 'display-p3'],
  ])('is strict and exact when the radius lies on a color: %s', async (_, rows, gamut) => {
    const plan = planOf({ rows, gamut });
    const distances = distancesTo(plan, spread).sort();
    for (const rank of [1, 10, 250, 7500, 15_000, 25_000, 32_767]) {
      const radius = distances[rank] as number;
      for (const nudged of [radius, radius * (1 + 2 ** -52), radius * (1 - 2 ** -52)]) {
        const exact = withRadius(plan, nudged);
        // On the wrong side a color would be off by far more than a rounding.
        expect(compareColors(await evaluate(wasm, spread, exact), await evaluate(js, spread, exact)).max).toBeLessThan(
          2,
        );
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

  it.each([
    ['attractors', ['#c05030;10;90', '#3060c0;5;70']],
    ['repaints', ['#c05030 -> teal;10;90', '#3060c0 -> white;5;130']],
  ])('keeps every color outside all radii byte for byte: %s', async (_, rows) => {
    const plan = planOf({ rows });
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

  it.each([
    ['attractors', ['#b26f3a;100;100', '#00ff00;100;60']],
    ['repaint and keep', ['#b26f3a -> navy;100;100', 'keep #b26f3b;~0.000001;100', '#00ff00;100;60']],
  ])('handles a radius too small for float32: %s', async (_, rows) => {
    const color = 0x3a6fb2;
    const colors = Uint32Array.of(color, color + 1, color + 256, 0, 0xffffff);
    const plan = planOf({ rows }, Uint32Array.of(color));
    const [got, wanted] = [new Uint32Array(5), new Uint32Array(5)];
    await wasm.evaluate(colors, plan, got);
    await js.evaluate(colors, plan, wanted);
    expect([...got]).toEqual([...wanted]);
  });
});

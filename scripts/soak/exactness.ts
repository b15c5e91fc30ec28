/**
 * Random recipes of mixed kinds on random colors: js, wasm and the GPU's kernel as plain JavaScript against the definition, within the
 * tolerance that the model names.
 */
import fc from 'fast-check';
import { packParameters } from '../../src/backends/gpu/parameters.js';
import { createWasmBackend } from '../../src/backends/wasm/index.js';
import { packColor, unpackColor } from '../../src/core/color/packed.js';
import { compilePlan } from '../../src/core/compiled-plan.js';
import { createJsBackend, createPull, type Plan, planFromCensus } from '../../src/index.js';
import { recipeArbitrary } from '../../test/support/arbitraries.js';
import { compareColors, IDENTICAL_SHARE, LARGEST_DIFFERENCE } from '../../test/support/compare.js';
import { runInJavaScript } from '../../test/support/plain-engine.js';
import { below, type Line } from './line.js';

type Evaluate = (colors: Uint32Array, plan: Plan, out: Uint32Array) => Promise<unknown>;

const COLORS = 512;

export const EXACTNESS_LINE: Line = {
  name: 'exactness',
  share: 2,
  async run({ random, goesOn, keep }) {
    const [js, wasm] = [createJsBackend(), await createWasmBackend()];
    const subjects: Readonly<Record<string, Evaluate>> = {
      js: (...work) => js.evaluate(...work),
      wasm: (...work) => wasm.evaluate(...work),
      // Colors that float32 cannot decide it leaves to js, as the backend does.
      async kernel(colors, plan, out) {
        await js.evaluate(colors, plan, out);
        const raw = runInJavaScript(Float32Array.from(colors), packParameters(compilePlan(plan)));
        for (const [i, value] of raw.entries()) if (value >= 0) out[i] = value;
      },
    };
    const faults: string[] = [];
    const totals = new Map(Object.keys(subjects).map((name) => [name, 0]));
    let recipes = 0;
    do {
      const [recipe] = fc.sample(recipeArbitrary({ mayBeAuto: false }), { numRuns: 1, seed: below(random, 2 ** 31) });
      if (!recipe) continue;
      const colors = Uint32Array.from({ length: COLORS }, () => below(random, 2 ** 24));
      const counts = new Float64Array(COLORS).fill(1);
      const plan = planFromCensus({ colors, counts }, recipe, random() < 0.3 ? 'display-p3' : 'srgb');
      const pull = createPull(plan);
      const wanted = colors.map((color) => packColor(...(pull(unpackColor(color)) as [number, number, number])));
      for (const [name, evaluate] of Object.entries(subjects)) {
        const out = new Uint32Array(COLORS);
        await evaluate(colors, plan, out);
        const { max, identical } = compareColors(out, wanted);
        totals.set(name, (totals.get(name) as number) + identical);
        if (max > LARGEST_DIFFERENCE)
          faults.push(`${name}: ${max} off (${await keep(`plan-${recipes}.json`, JSON.stringify(plan))})`);
      }
      recipes++;
    } while (goesOn() && faults.length === 0);
    for (const [name, total] of totals) {
      const share = total / recipes;
      if (share < IDENTICAL_SHARE) faults.push(`${name}: ${(100 * share).toFixed(3)} % identical`);
    }
    for (const backend of [js, wasm]) backend.dispose();
    return { tried: `${recipes} recipes on ${COLORS} colors each, by ${Object.keys(subjects).join(', ')}`, faults };
  },
};

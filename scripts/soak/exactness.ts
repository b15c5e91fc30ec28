/** Random recipes of mixed kinds on random colors: js and wasm against the definition, within the tolerance that the model names. */
import fc from 'fast-check';
import { createWasmBackend } from '../../src/backends/wasm/index.js';
import { packColor, unpackColor } from '../../src/core/color/packed.js';
import { createJsBackend, createPull, planFromCensus } from '../../src/index.js';
import { recipeArbitrary } from '../../test/support/arbitraries.js';
import { compareColors, IDENTICAL_SHARE, LARGEST_DIFFERENCE } from '../../test/support/compare.js';
import { below, type Line } from './line.js';

const COLORS = 512;

export const EXACTNESS_LINE: Line = {
  name: 'exactness',
  share: 2,
  async run({ random, goesOn, keep }) {
    const backends = { js: createJsBackend(), wasm: await createWasmBackend() };
    const faults: string[] = [];
    const totals = { js: 0, wasm: 0 };
    let recipes = 0;
    do {
      const [recipe] = fc.sample(recipeArbitrary({ mayBeAuto: false }), { numRuns: 1, seed: below(random, 2 ** 31) });
      if (!recipe) continue;
      const colors = Uint32Array.from({ length: COLORS }, () => below(random, 2 ** 24));
      const counts = new Float64Array(COLORS).fill(1);
      const plan = planFromCensus({ colors, counts }, recipe, random() < 0.3 ? 'display-p3' : 'srgb');
      const pull = createPull(plan);
      const wanted = colors.map((color) => packColor(...(pull(unpackColor(color)) as [number, number, number])));
      for (const [name, backend] of Object.entries(backends) as ['js' | 'wasm', (typeof backends)['js']][]) {
        const out = new Uint32Array(COLORS);
        await backend.evaluate(colors, plan, out);
        const { max, identical } = compareColors(out, wanted);
        totals[name] += identical;
        if (max > LARGEST_DIFFERENCE)
          faults.push(`${name}: ${max} off (${await keep(`plan-${recipes}.json`, JSON.stringify(plan))})`);
      }
      recipes++;
    } while (goesOn() && faults.length === 0);
    for (const [name, total] of Object.entries(totals)) {
      const share = total / recipes;
      if (share < IDENTICAL_SHARE) faults.push(`${name}: ${(100 * share).toFixed(3)} % identical`);
    }
    for (const backend of Object.values(backends)) backend.dispose();
    return { tried: `${recipes} recipes on ${COLORS} colors each, js and wasm`, faults };
  },
};

/**
 * Random recipes of mixed kinds on random colors: js, wasm, the GPU's kernel as plain JavaScript, and the GPU backends in a real
 * browser against the definition, within the tolerance that the model names.
 */
import fc from 'fast-check';
import { packParameters } from '../../src/backends/gpu/parameters.js';
import { createWasmBackend } from '../../src/backends/wasm/index.js';
import { compilePlan } from '../../src/core/compiled-plan.js';
import { type Backend, createJsBackend, type Plan, planFromCensus } from '../../src/index.js';
import { recipeArbitrary } from '../../test/support/arbitraries.js';
import { compareColors, IDENTICAL_SHARE, LARGEST_DIFFERENCE } from '../../test/support/compare.js';
import { evaluateColors, pullAll } from '../../test/support/conformance.js';
import { runInJavaScript } from '../../test/support/plain-engine.js';
import { callSuite, openSuiteBrowser } from '../../test/support/suite-page.js';
import { below, type Line } from './line.js';

interface Work {
  readonly colors: Uint32Array;
  readonly plan: Plan;
}

/** New colors of each work. */
type Evaluate = (works: readonly Work[]) => Promise<readonly Uint32Array[]>;

const COLORS = 512;
/** Recipes that travel to the browser at once. */
const BATCH = 16;
const WEBGL2 = 'webgl2 in small tiles';
/** WebGPU where the browser has an adapter. */
const GPU_SUBJECTS = [WEBGL2, 'webgpu in small tiles'];

export const EXACTNESS_LINE: Line = {
  name: 'exactness',
  share: 10,
  async run({ random, goesOn, keep }) {
    const [js, wasm, chromium] = [createJsBackend(), await createWasmBackend(), await openSuiteBrowser()];
    const faults: string[] = [];
    const subjects: Record<string, Evaluate> = {
      js: evaluateOn(js),
      wasm: evaluateOn(wasm),
      kernel: evaluateKernel(js),
    };
    try {
      const page = await chromium.openPage();
      for (const name of GPU_SUBJECTS) {
        const { reason } = await callSuite(page, 'probe', name);
        if (reason !== undefined) {
          if (name === WEBGL2) faults.push(`${name}: ${reason}`);
          continue;
        }
        subjects[name] = async (works) => {
          const sent = works.map(({ colors, plan }) => ({ colors: Array.from(colors), plan }));
          return (await callSuite(page, 'evaluateAll', name, sent)).map((colors) => Uint32Array.from(colors));
        };
      }
      const totals = new Map(Object.keys(subjects).map((name) => [name, 0]));
      let recipes = 0;
      let goingOn = faults.length === 0;
      while (goingOn && faults.length === 0) {
        const works: Work[] = [];
        for (; goingOn && works.length < BATCH; goingOn = goesOn()) works.push(randomWork(random));
        const wanted = works.map(({ colors, plan }) => pullAll(colors, plan));
        for (const [name, evaluate] of Object.entries(subjects)) {
          for (const [i, out] of (await evaluate(works)).entries()) {
            const { max, identical } = compareColors(out, wanted[i] as Uint32Array);
            totals.set(name, (totals.get(name) as number) + identical);
            if (max <= LARGEST_DIFFERENCE) continue;
            const { colors, plan } = works[i] as Work;
            const kept = JSON.stringify({ plan, colors: Array.from(colors) });
            faults.push(`${name}: ${max} off (${await keep(`plan-${recipes + i}.json`, kept)})`);
          }
        }
        recipes += works.length;
      }
      for (const [name, total] of totals) {
        const share = total / recipes;
        if (share < IDENTICAL_SHARE) faults.push(`${name}: ${(100 * share).toFixed(3)} % identical`);
      }
      return { tried: `${recipes} recipes on ${COLORS} colors each, by ${Object.keys(subjects).join(', ')}`, faults };
    } finally {
      await chromium.close();
      for (const backend of [js, wasm]) backend.dispose();
    }
  },
};

function randomWork(random: () => number): Work {
  const [recipe] = fc.sample(recipeArbitrary({ mayBeAuto: false }), { numRuns: 1, seed: below(random, 2 ** 31) });
  if (!recipe) throw new Error('no recipe was made');
  const colors = Uint32Array.from({ length: COLORS }, () => below(random, 2 ** 24));
  const counts = new Float64Array(COLORS).fill(1);
  return { colors, plan: planFromCensus({ colors, counts }, recipe, random() < 0.3 ? 'display-p3' : 'srgb') };
}

function evaluateOn(backend: Backend): Evaluate {
  return async (works) => {
    const all: Uint32Array[] = [];
    for (const { colors, plan } of works) all.push(await evaluateColors(backend, colors, plan));
    return all;
  };
}

/** The GPU's kernel as plain JavaScript. Colors that float32 cannot decide it leaves to js, as the backend does. */
function evaluateKernel(js: Backend): Evaluate {
  return async (works) => {
    const all = await evaluateOn(js)(works);
    for (const [n, { colors, plan }] of works.entries()) {
      const raw = runInJavaScript(Float32Array.from(colors), packParameters(compilePlan(plan)));
      for (const [i, value] of raw.entries()) if (value >= 0) (all[n] as Uint32Array)[i] = value;
    }
    return all;
  };
}

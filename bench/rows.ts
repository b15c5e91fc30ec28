import { createWasmBackend } from '../src/backends/wasm/index.js';
import { makeRecipe, planFromCensus, type RecipeInput } from '../src/index.js';
import { benchPictures } from './backends.js';
import { medianRatio, summarize, table } from './measure.js';

const RUNS = 21;
/** Colors and what becomes of them. */
const PAIRS = [
  ['#c85a28', '#b06040'],
  ['#3060c0', '#4060a0'],
  ['#208040', '#408040'],
  ['gray', '#908880'],
  ['#e8e0d8', '#d8e0e8'],
  ['#282018', '#382018'],
  ['tan', '#b0a080'],
  ['navy', '#102060'],
] as const;
const attractors = (count: number): string[] => PAIRS.slice(0, count).map(([, to]) => `${to};40;100`);
const repaints = (count: number): string[] => PAIRS.slice(0, count).map(([from, to]) => `${from} -> ${to};40;100`);

/** Recipes of so many rows; the first is what the others are compared with. */
const RECIPES: Readonly<Record<string, (count: number) => RecipeInput>> = {
  attractors: (count) => ({ rows: attractors(count) }),
  'attractors, blend oklab': (count) => ({ rows: attractors(count), blend: 'oklab' }),
  repaints: (count) => ({ rows: repaints(count) }),
  'repaints, saturation off': (count) => ({ rows: repaints(count), channels: { saturation: false } }),
  'keeps, the last row an attractor': (count) => ({
    rows: [...PAIRS.slice(1, count).map(([from]) => `keep ${from};40;60`), ...attractors(1)],
  }),
};

/** What rows of each kind cost on a picture's distinct colors, in wasm on one thread; recipes take turns. @returns Markdown */
export async function benchRows(): Promise<string> {
  const backend = await createWasmBackend();
  const lines: string[][] = [];
  for (const [picture, census] of await benchPictures()) {
    const out = new Uint32Array(census.colors.length);
    for (const count of [1, 8]) {
      const plans = Object.values(RECIPES).map((recipe) => planFromCensus(census, makeRecipe(recipe(count)), 'srgb'));
      const times = plans.map(() => [] as number[]);
      for (let run = -2; run < RUNS; run++) {
        for (const [i, plan] of plans.entries()) {
          const start = performance.now();
          await backend.evaluate(census.colors, plan, out);
          if (run >= 0) times[i]?.push(performance.now() - start);
        }
      }
      for (const [i, name] of Object.keys(RECIPES).entries()) {
        const own = times[i] as number[];
        const speed = census.colors.length / summarize(own).median / 1000;
        const ratio = medianRatio(own, times[0] as number[]);
        lines.push([picture, `${count}`, name, speed.toFixed(1), `${ratio.toFixed(2)} x`]);
      }
    }
  }
  backend.dispose();
  return table(['distinct colors of', 'rows', 'kind', 'M colors/s', 'time of attractors'], lines);
}

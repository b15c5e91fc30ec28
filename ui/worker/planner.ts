import type { Census } from '../../src/core/analysis/census.js';
import { enabledAttractors, oklabOfColors, planFromCensus } from '../../src/core/analysis/plan.js';
import type { Attractor, Gamut, Plan, PlanAttractor, Recipe } from '../../src/core/types.js';
import type { Pacer } from '../codec/pacer.js';

/** Answers "what does this recipe do to this picture" again and again, always from the full census. */
export interface Planner {
  /** Same plan as `planFromCensus`. @throws NO_ATTRACTORS, CANCELED */
  plan(recipe: Recipe, pacer: Pacer): Promise<Plan>;
}

/** Radii remembered: dragging a slider back and forth costs nothing the second time. */
const MEMO_SIZE = 512;
/** Colors converted between two pauses. */
const BLOCK_COLORS = 1 << 16;

/**
 * Keeps the census's Oklab values and every radius found: a radius depends on color and tolerance alone, so a
 * slider that moves one attractor costs one percentile, and a strength slider none.
 *
 * @param parts of the census, one after the other, where they are of several gamuts; `gamut` is what plans say
 */
export function createPlanner(
  census: Census,
  gamut: Gamut,
  parts: readonly { readonly census: Census; readonly gamut: Gamut }[] = [{ census, gamut }],
): Planner {
  let lab: Float64Array | undefined;
  const memo = new Map<string, PlanAttractor>();
  let pixels = 0;

  async function labOf(pacer: Pacer): Promise<Float64Array> {
    const made = new Float64Array(census.colors.length * 3);
    let done = 0;
    for (const { census: part, gamut: own } of parts) {
      for (let at = 0; at < part.colors.length; at += BLOCK_COLORS) {
        made.set(oklabOfColors(part.colors.subarray(at, at + BLOCK_COLORS), own), (done + at) * 3);
        await pacer.pause();
      }
      done += part.colors.length;
    }
    return made;
  }

  async function measure(recipe: Recipe, attractor: Attractor, pacer: Pacer): Promise<PlanAttractor> {
    const key = `${attractor.tolerance};${attractor.color}`;
    let known = memo.get(key);
    if (!known) {
      lab ??= await labOf(pacer);
      const plan = planFromCensus(census, { ...recipe, attractors: [attractor] }, gamut, lab);
      pixels = plan.pixels;
      known = plan.attractors[0] as PlanAttractor;
      if (memo.size >= MEMO_SIZE) memo.delete(memo.keys().next().value as string);
      memo.set(key, known);
      await pacer.pause();
    }
    return { ...known, ...attractor };
  }

  return {
    async plan(recipe, pacer) {
      const attractors: PlanAttractor[] = [];
      for (const attractor of enabledAttractors(recipe)) attractors.push(await measure(recipe, attractor, pacer));
      return { version: 1, gamut, channels: recipe.channels, attractors, pixels };
    },
  };
}

import { enabledAttractors } from '../../core/analysis/plan.js';
import { parseColor } from '../../core/attractor/color.js';
import type { Attractor, PlanAttractor, Recipe } from '../../core/types.js';

/** The attractors that act, with their colors read, so that workers need no parser. */
export interface Targets {
  readonly channels: Recipe['channels'];
  readonly targets: readonly (Pick<PlanAttractor, 'oklab' | 'powerlessHue'> & { readonly attractor: Attractor })[];
}

/** @throws NO_ATTRACTORS */
export function readTargets(recipe: Recipe): Targets {
  const targets = enabledAttractors(recipe).map((attractor) => ({ attractor, ...parseColor(attractor.color) }));
  return { channels: recipe.channels, targets };
}

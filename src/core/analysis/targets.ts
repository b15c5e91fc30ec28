import { parseColor } from '../attractor/color.js';
import { ColorshineError } from '../errors.js';
import type { Attractor, PlanAttractor, Recipe } from '../types.js';

/** An attractor with its color read. */
export interface PlanTarget extends Pick<PlanAttractor, 'oklab' | 'powerlessHue'> {
  readonly attractor: Attractor;
}

/** The attractors of a recipe that act, in its order; what a plan has besides its radii. */
export interface Targets {
  readonly channels: Recipe['channels'];
  readonly targets: readonly PlanTarget[];
}

/** @throws NO_ATTRACTORS when the recipe has none, or none enabled; INVALID_COLOR */
export function readTargets(recipe: Recipe): Targets {
  const enabled = recipe.attractors.filter((attractor) => attractor.enabled !== false);
  if (enabled.length === 0) {
    throw new ColorshineError('NO_ATTRACTORS', 'attractors: expected at least one such as "blue;50;70", got 0');
  }
  const targets = enabled.map((attractor): PlanTarget => {
    const { oklab, powerlessHue } = parseColor(attractor.color);
    return { attractor, oklab, powerlessHue };
  });
  return { channels: recipe.channels, targets };
}

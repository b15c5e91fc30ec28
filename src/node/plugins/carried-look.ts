import { makeRecipe, type Plan, type Recipe } from '../../core/index.js';
import { checkObject } from '../../core/options.js';
import { checkPlan } from '../../core/plan-file.js';
import { parseJson, type RecipeInput } from '../../core/recipe.js';
import { ENGINE } from '../build/engine-id.js';
import type { Look } from './resolve-look.js';

/**
 * A look as text, with all that decides about colors, for bundlers that keep images by the words that they were asked for with: a
 * changed token is another text.
 */
export function carryLook({ recipe, plan }: Look): string {
  return JSON.stringify({ engine: ENGINE, ...(plan ? { plan } : { recipe }) });
}

/** Checked: such a text comes back through caches and URLs. @throws INVALID_RECIPE, INVALID_PLAN and the codes of bad parts */
export function readCarried(text: string): Recipe | Plan {
  const given = parseJson(text, 'look', 'INVALID_RECIPE');
  const { recipe, plan } = checkObject(given, 'look', ['engine', 'recipe', 'plan'], 'INVALID_RECIPE');
  return plan === undefined ? makeRecipe(recipe as RecipeInput) : checkPlan(plan);
}

/** Everything the core offers to the faces and, through src/index.ts, to users. */

export { type Census, type ColorTable, countColors, createColorTable, mergeCensuses } from './analysis/census.js';
export { planFromCensus } from './analysis/plan.js';
export { checkColor, parseColor, type TargetColor } from './attractor/color.js';
export { formatAttractor, parseAttractor } from './attractor/parse.js';
export { tokenPathOf } from './attractor/token-reference.js';
export type { Backend, BackendName } from './backend.js';
export { packColor, unpackColor } from './color/packed.js';
export { ColorshineError, type ErrorCode, quote } from './errors.js';
export {
  BACKENDS,
  type BackendChoice,
  DEFAULT_CHANNELS,
  DEFAULT_STRENGTH,
  DEFAULT_TOLERANCE,
  STRATEGIES,
  STRENGTH_RANGE,
  type StrategyChoice,
  TOLERANCE_RANGE,
} from './options.js';
export { createPull, pull } from './pull.js';
export {
  checkPlan,
  formatRecipe,
  makeRecipe,
  parsePlan,
  parseRecipe,
  RECIPE_VERSION,
  type RecipeInput,
} from './recipe.js';
export { planFor, type RecolorOptions, type RecolorReport, recolorPixels, type Strategy } from './recolor.js';
export type * from './types.js';

/** Everything the core offers to the faces and, through src/index.ts, to users. */

export { type Census, type ColorTable, countColors, createColorTable, mergeCensuses } from './analysis/census.js';
export { planFromCensus, planFromCensuses } from './analysis/plan.js';
export type { Backend, BackendName } from './backend.js';
export type { Choice, Strategy, WayEstimate } from './choose-strategy.js';
export { packColor, unpackColor } from './color/packed.js';
export { ColorshineError, type ErrorCode, quote } from './errors.js';
export { buildLut } from './lut/build.js';
export { type LutFile, parseCube } from './lut/cube.js';
export { formatCube } from './lut/format-cube.js';
export { haldFromLut, lutFromHald } from './lut/hald.js';
export { identityLut, type Lut, type LutSampler, type Shaper } from './lut/lut.js';
export type {
  LutError,
  LutOptions,
  LutReport,
  LutRequest,
  LutStore,
  NodePrecision,
} from './lut/lut-options.js';
export { createSampler } from './lut/sample.js';
export { measurePlan, takeCensus } from './measure-plan.js';
export {
  BACKENDS,
  type BackendChoice,
  BLENDS,
  DEFAULT_CHANNELS,
  DEFAULT_INTERPOLATION,
  DEFAULT_LUT_SIZE,
  DEFAULT_STRENGTH,
  DEFAULT_TOLERANCE,
  INTERPOLATIONS,
  type Interpolation,
  LUT_SIZE_RANGE,
  REACH_RANGE,
  STRATEGIES,
  STRENGTH_RANGE,
  type StrategyChoice,
  TOLERANCE_RANGE,
} from './options.js';
export { checkPlan, parsePlan } from './plan-file.js';
export { createPull, pull } from './pull.js';
export { formatRecipe, makeRecipe, parseRecipe, type RecipeInput } from './recipe.js';
export { planFor, type RecolorOptions, type RecolorReport, recolorPixels } from './recolor.js';
export { checkColor, parseColor, type TargetColor } from './row/color.js';
export { kindOf, ROW_KINDS, type RowKind } from './row/kind.js';
export { formatColors, formatReach, formatRow, parseRow } from './row/parse.js';
export { tokenPathOf } from './row/token-reference.js';
export type * from './types.js';
export { RECIPE_VERSION } from './version.js';

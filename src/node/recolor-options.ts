import { type Checks, callback, cancelSignal, flag, having, nested, oneOf, text } from '../core/check-options.js';
import {
  type BackendChoice,
  type Cancel,
  ColorshineError,
  type LutOptions,
  makeRecipe,
  type Plan,
  quote,
  type Recipe,
  type RecipeInput,
  type Row,
  STRATEGIES,
  type StrategyChoice,
} from '../core/index.js';
import { LUT_CHECKS } from '../core/lut/lut-options.js';
import { checkPlan, isPlan } from '../core/plan-file.js';
import { createEngine, ENGINE_CHECKS, type Engine } from './engine.js';
import type { DecodedImage } from './image/decode.js';
import { FORMAT_CHECKS, type OutputFormat } from './image/format-names.js';
import { formatOf } from './image/formats.js';
import { lossNotices } from './image/metadata.js';
import { READING_OPTION_CHECKS, type ReadingOptions } from './image/reading-options.js';
import type { Stage } from './pipeline/stage.js';

/** A recipe, a list of rows ("blue;50;70", "blue -> teal;40;100" or objects), or a plan with frozen radii. */
export type RecipeLike = RecipeInput | Recipe | Plan | readonly (string | Row)[];

export interface NodeRecolorOptions extends ReadingOptions {
  /** Default: the input's format; HEIC becomes AVIF. */
  readonly format?: OutputFormat;
  /** 1 to 100 for lossy formats. Default: that of a JPEG or lossy WebP input, estimated from its tables, else sharp's default. */
  readonly quality?: number;
  /** Default `auto`: wasm, or js where that cannot run. Ignored when an engine is given. */
  readonly backend?: BackendChoice;
  /** Threads an image may use. Default: all cores. Ignored when an engine is given. */
  readonly threads?: number;
  /** Default `auto`: by the picture; the report says why. */
  readonly strategy?: StrategyChoice;
  /** For the strategy `lut`. Default: 33 nodes, tetrahedral, not kept, error measured. */
  readonly lut?: LutOptions;
  /** Lets the strategy `auto` take a lookup table where it expects that to be faster. Default false: exact. */
  readonly approximate?: boolean;
  /** Uses a plan for images of the other gamut too, as one measured on a reference or a batch. Default false: refused. */
  readonly anyGamut?: boolean;
  /** Aborting it ends the work with CANCELED; nothing is written then. */
  readonly signal?: Cancel;
  /** Called as each stage begins. */
  readonly onStage?: (stage: Stage) => void;
  /** How errors and the report call the input. Default `(buffer)`. */
  readonly name?: string;
  /** Shared by a batch; default: one for this call. */
  readonly engine?: Engine;
}

/** An engine for one call. */
export function engineFor({ backend, threads }: NodeRecolorOptions): Engine {
  return createEngine({ ...(backend && { backend }), ...(threads && { threads }) });
}

/** @throws INVALID_RECIPE, INVALID_PLAN and the codes of their parts */
export function readRecipeLike(value: RecipeLike): Recipe | Plan {
  refuseText(value);
  return isPlan(value) ? checkPlan(value) : makeRecipe(value as RecipeInput);
}

/** A text alone is a slip: the name of a file, which is read by a call of its own, or a row without its list. */
export function refuseText(value: unknown): void {
  if (typeof value !== 'string') return;
  const shown = quote(value);
  const advice = value.includes(';')
    ? `a row stands in a list: [${shown}]`
    : `read a file first: await loadRecipe(${shown})`;
  throw new ColorshineError('INVALID_RECIPE', `recipe: expected a list of rows or a recipe, got ${shown}; ${advice}`);
}

export const RECOLOR_CHECKS: Checks<NodeRecolorOptions> = {
  ...READING_OPTION_CHECKS,
  ...FORMAT_CHECKS,
  ...ENGINE_CHECKS,
  strategy: oneOf(STRATEGIES),
  lut: nested(LUT_CHECKS),
  approximate: flag,
  anyGamut: flag,
  signal: cancelSignal,
  onStage: callback,
  name: text,
  engine: having('select', 'an engine (createEngine)'),
};

/** The format to write, and what is lost by it. */
export function chooseFormat(
  image: DecodedImage,
  asked: OutputFormat | undefined,
): { format: OutputFormat; notices: string[] } {
  const notices: string[] = [];
  if (asked === undefined && image.format === 'heic')
    notices.push('HEIC is written as AVIF: the HEVC encoder is not free');
  const format = asked ?? (image.format === 'heic' ? 'avif' : image.format);
  const is16Bit = image.pixels.data instanceof Uint16Array;
  if (is16Bit && !formatOf(format).isDeep) {
    notices.push(`${format} holds 8 bits a sample: the 16-bit result was reduced`);
  }
  if (format === 'jpeg' && image.pixels.channels === 4) notices.push('jpeg has no alpha: laid over white');
  return { format, notices: [...notices, ...lossNotices(image, format)] };
}

import { throwIfCanceled } from '../../core/errors.js';
import { type Backend, type Cancel, ColorshineError, type Plan, type Recipe } from '../../core/index.js';
import { isPlan } from '../../core/plan-file.js';
import { analyze } from '../analyze.js';
import type { Engine } from '../engine.js';
import { openImage } from '../image/open-image.js';
import { createCensusPool } from '../pooled-plan.js';
import { type BatchItem, isWanted, STDIO } from './batch.js';
import type { ShineValues } from './flags.js';
import { imageOptions } from './image-options.js';

/** One plan for a whole batch, or undefined when each image measures its own. */
export interface SharedPlan {
  readonly plan: Plan;
  readonly notice: string;
}

/**
 * What `--reference` and `--pooled` ask for.
 *
 * @throws INVALID_OPTION for both, for a plan whose radii are frozen already, or for standard input, which can be read
 *   only once; what reading the reference throws, and CANCELED
 */
export async function measureSharedPlan(
  recipe: Recipe | Plan,
  items: readonly BatchItem[],
  values: ShineValues,
  engine: Engine,
  signal: Cancel,
): Promise<SharedPlan | undefined> {
  const { reference, pooled } = values;
  if (reference === undefined && !pooled) return undefined;
  const flag = pooled ? '--pooled' : '--reference';
  if (reference !== undefined && pooled) {
    throw new ColorshineError('INVALID_OPTION', '--pooled: expected no --reference beside it, got both');
  }
  if (isPlan(recipe)) {
    throw new ColorshineError('INVALID_OPTION', `${flag}: expected a recipe to measure, got a plan with frozen radii`);
  }
  const options = imageOptions(values);
  if (reference !== undefined) {
    return {
      plan: await analyze(reference, recipe, { ...options, engine, signal }),
      notice: `the radii were measured on ${reference}`,
    };
  }
  return poolInputs(recipe, items, options, (await engine.select()).backend, signal);
}

async function poolInputs(
  recipe: Recipe,
  items: readonly BatchItem[],
  options: ReturnType<typeof imageOptions>,
  backend: Backend,
  signal: Cancel,
): Promise<SharedPlan> {
  if (items.some(({ input }) => input === STDIO)) {
    throw new ColorshineError('INVALID_OPTION', '--pooled: expected files, got standard input');
  }
  const pool = createCensusPool();
  const wanted = items.filter(isWanted);
  let measured = 0;
  for (const { input } of wanted) {
    try {
      const image = await openImage(input, options);
      try {
        await pool.addImage(image, { ...options, backend, signal });
      } finally {
        await image.close();
      }
      measured++;
    } catch (error) {
      throwIfCanceled(signal);
      // It fails again in its own turn and is reported there; the others go on without it.
      if (!(error instanceof ColorshineError)) throw error;
    }
  }
  return { plan: pool.plan(recipe), notice: `the radii were measured on ${measured} images together` };
}

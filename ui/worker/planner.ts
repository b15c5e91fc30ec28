import type { Census } from '../../src/core/analysis/census.js';
import { countWithin } from '../../src/core/analysis/measure-shares.js';
import { oklabOfColors } from '../../src/core/analysis/oklab-of-colors.js';
import { countVisible, radiusInCensus } from '../../src/core/analysis/plan.js';
import { makePlan, type Radius } from '../../src/core/analysis/radius.js';
import { asksForReach, settleOnColors } from '../../src/core/analysis/settle-reaches.js';
import { type PlanTarget, readTargets } from '../../src/core/analysis/targets.js';
import { formatColors, formatReach } from '../../src/core/row/parse.js';
import type { Gamut, Plan, Recipe, Row } from '../../src/core/types.js';
import type { Pacer } from '../codec/pacer.js';

/** Answers "what does this recipe do to this picture" again and again, always from the full census. */
export interface Planner {
  /** Same plan as `planFromCensus`. @throws NO_ROWS, CANCELED */
  plan(recipe: Recipe, pacer: Pacer): Promise<Plan>;
}

/** Radii remembered: dragging a slider back and forth costs nothing the second time. */
const MEMO_SIZE = 512;
/** Colors converted between two pauses. */
const BLOCK_COLORS = 1 << 16;

/**
 * Keeps the census's Oklab values and every radius found: a radius depends on a row's colors and reach alone, so a
 * slider that moves one row costs one percentile, and a strength slider none.
 *
 * @param parts of the census, one after the other, where they are of several gamuts; `gamut` is what plans say
 */
export function createPlanner(
  census: Census,
  gamut: Gamut,
  parts: readonly { readonly census: Census; readonly gamut: Gamut }[] = [{ census, gamut }],
): Planner {
  let lab: Float64Array | undefined;
  const memo = new Map<string, Radius>();
  const suggested = new Map<string, Row['reach']>();
  const pixels = countVisible(census);

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

  async function measure(target: PlanTarget, pacer: Pacer): Promise<Radius> {
    const key = `${formatColors(target.row)};${formatReach(target.row)}`;
    let known = memo.get(key);
    if (!known) {
      lab ??= await labOf(pacer);
      known = withInside(radiusInCensus(target, lab, census.counts), target, lab);
      if (memo.size >= MEMO_SIZE) memo.delete(memo.keys().next().value as string);
      memo.set(key, known);
      await pacer.pause();
    }
    return known;
  }

  /** A drag of another slider suggests nothing anew. */
  async function settle(recipe: Recipe, pacer: Pacer): Promise<Recipe> {
    if (!asksForReach(recipe)) return recipe;
    const rows: Row[] = [];
    for (const row of recipe.rows) {
      const key = formatColors(row);
      if (row.reach === 'auto' && !suggested.has(key)) {
        lab ??= await labOf(pacer);
        suggested.set(key, settleOnColors({ ...recipe, rows: [row] }, lab, census.counts).rows[0]?.reach);
        await pacer.pause();
      }
      rows.push(row.reach === 'auto' ? { ...row, reach: suggested.get(key) } : row);
    }
    return { ...recipe, rows };
  }

  /** Also how many pixels a fixed reach holds, which needs no measuring but is shown. */
  function withInside({ radius, inside }: Radius, { center }: PlanTarget, all: Float64Array): Radius {
    return { radius, inside: inside ?? countWithin(center, radius, all, census.counts, census.counts.length) };
  }

  return {
    async plan(recipe, pacer) {
      const targets = readTargets(await settle(recipe, pacer));
      const radii: Radius[] = [];
      for (const target of targets.targets) radii.push(await measure(target, pacer));
      return makePlan(targets, gamut, pixels, radii);
    },
  };
}

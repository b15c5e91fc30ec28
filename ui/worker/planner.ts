import type { Census } from '../../src/core/analysis/census.js';
import { oklabOfColors } from '../../src/core/analysis/oklab-of-colors.js';
import { countVisible } from '../../src/core/analysis/plan.js';
import { makePlan, type Radius } from '../../src/core/analysis/radius.js';
import { asksForReach, settleOnColors } from '../../src/core/analysis/settle-reaches.js';
import { type PlanTarget, readTargets } from '../../src/core/analysis/targets.js';
import type { Backend } from '../../src/core/backend.js';
import { formatColors, formatReach } from '../../src/core/row/parse.js';
import type { Gamut, Plan, Recipe, Row } from '../../src/core/types.js';
import type { Pacer } from '../codec/pacer.js';
import { DistanceIndex } from './distance-index.js';

/** Answers "what does this recipe do to this picture" again and again, always from the full census. */
export interface Planner {
  /** Same plan as `planFromCensus`. @throws NO_ROWS, CANCELED */
  plan(recipe: Recipe, pacer: Pacer): Promise<Plan>;
}

const keyOf = ({ row }: PlanTarget): string => `${formatColors(row)};${formatReach(row)}`;

/** What distances depend on. */
const centerOf = ({ row }: PlanTarget): string => formatColors(row);

/** Radii remembered: dragging a slider back and forth costs nothing the second time. */
const MEMO_SIZE = 512;
/** Colors converted between two pauses. */
const BLOCK_COLORS = 1 << 16;

/**
 * Keeps the census's Oklab values and every radius found: a radius depends on a row's colors and reach alone, so a
 * strength slider measures nothing. Of the row whose reach is being moved the distances are kept, too.
 *
 * @param backend may know a faster way, for a census of one picture
 * @param parts of the census, one after the other, where they are of several gamuts; `gamut` is what plans say
 */
export function createPlanner(
  census: Census,
  gamut: Gamut,
  backend?: Pick<Backend, 'measureCensus'>,
  parts: readonly { readonly census: Census; readonly gamut: Gamut }[] = [{ census, gamut }],
): Planner {
  let lab: Float64Array | undefined;
  const memo = new Map<string, Radius>();
  /** Centers whose radius was measured: another reach of one of them is a slider on its way. */
  const met = new Set<string>();
  let moved: { readonly center: string; readonly index: DistanceIndex } | undefined;
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

  /** All rows of a recipe, those of one look together. */
  async function measure(targets: readonly PlanTarget[], pacer: Pacer): Promise<Radius[]> {
    const known = targets.map((target) => memo.get(keyOf(target)));
    const asked = targets.filter(
      (target, i) => !known[i] && target.row.reach === undefined && !met.has(centerOf(target)),
    );
    const found = (asked.length > 0 && (await backend?.measureCensus?.(census, asked, gamut, pacer.signal))) || [];
    const radii: Radius[] = [];
    for (const [i, target] of targets.entries()) {
      const radius = known[i] ?? found[asked.indexOf(target)] ?? (await measureHere(target, pacer));
      if (!known[i]) remember(target, radius);
      radii.push(radius);
    }
    return radii;
  }

  async function measureHere(target: PlanTarget, pacer: Pacer): Promise<Radius> {
    lab ??= await labOf(pacer);
    const center = centerOf(target);
    if (moved?.center !== center) {
      moved = { center, index: new DistanceIndex(target.center, lab, census.counts) };
      await pacer.pause();
    }
    return moved.index.measure(target.row);
  }

  function remember(target: PlanTarget, radius: Radius): void {
    if (memo.size >= MEMO_SIZE) memo.delete(memo.keys().next().value as string);
    memo.set(keyOf(target), radius);
    if (met.size >= MEMO_SIZE) met.clear();
    met.add(centerOf(target));
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

  return {
    async plan(recipe, pacer) {
      const targets = readTargets(await settle(recipe, pacer));
      return makePlan(targets, gamut, pixels, await measure(targets.targets, pacer));
    },
  };
}

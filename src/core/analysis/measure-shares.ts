import { centerOf } from '../pull.js';
import { type Center, distanceTo } from '../row/distance.js';
import type { Plan } from '../types.js';
import type { LabStream } from './lab-stream.js';

/**
 * Pixels nearer to a center than the radius.
 *
 * @param lab Oklab L, a, b of color i at 3 i
 * @param counts how many visible pixels each stands for; undefined: one
 */
export function countWithin(
  center: Center,
  radius: number,
  lab: Float64Array,
  counts: Float64Array | undefined,
  length: number,
): number {
  let inside = 0;
  for (let i = 0, at = 0; i < length; i++, at += 3) {
    const distance = distanceTo(center, lab[at] as number, lab[at + 1] as number, lab[at + 2] as number);
    if (distance < radius) inside += counts ? (counts[i] as number) : 1;
  }
  return inside;
}

/** The plan with the share of visible pixels within each radius, also of fixed reaches, which needed no measuring. */
export async function withShares(plan: Plan, stream: LabStream): Promise<Plan> {
  const open = plan.rows.filter(({ share }) => share === undefined);
  if (open.length === 0) return plan;
  const inside = new Map(open.map((row) => [row, 0]));
  let total = 0;
  await stream.each((lab, counts, length) => {
    total += counts ? counts.subarray(0, length).reduce((sum, count) => sum + count, 0) : length;
    for (const [row, before] of inside) {
      inside.set(row, before + countWithin(centerOf(row), row.radius, lab, counts, length));
    }
  });
  const rows = plan.rows.map((row) => {
    const count = inside.get(row);
    return count === undefined ? row : { ...row, share: total === 0 ? 0 : count / total };
  });
  return { ...plan, rows, pixels: total };
}

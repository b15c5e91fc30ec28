import { centerOf } from '../pull.js';
import { distanceTo } from '../row/distance.js';
import type { Plan } from '../types.js';
import type { LabStream } from './lab-stream.js';

/** The plan with the share of visible pixels within each radius, also of fixed reaches, which needed no measuring. */
export async function withShares(plan: Plan, stream: LabStream): Promise<Plan> {
  const open = plan.rows.filter(({ share }) => share === undefined);
  if (open.length === 0) return plan;
  const centers = open.map(centerOf);
  const inside = open.map(() => 0);
  let total = 0;
  await stream.each((lab, counts, length) => {
    for (let i = 0, at = 0; i < length; i++, at += 3) {
      const count = counts ? (counts[i] as number) : 1;
      total += count;
      for (let k = 0; k < open.length; k++) {
        const center = centers[k] as (typeof centers)[0];
        const distance = distanceTo(center, lab[at] as number, lab[at + 1] as number, lab[at + 2] as number);
        if (distance < (open[k] as (typeof open)[0]).radius) inside[k] = (inside[k] as number) + count;
      }
    }
  });
  const shareOf = (k: number): number => (total === 0 ? 0 : (inside[k] as number) / total);
  const rows = plan.rows.map((row) => (row.share === undefined ? { ...row, share: shareOf(open.indexOf(row)) } : row));
  return { ...plan, rows, pixels: total };
}

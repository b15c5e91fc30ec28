import type { Row } from '../types.js';

/** The three things a row can say (docs/internals/model.md, section 2). In this order a recipe's sums are formed. */
export const ROW_KINDS = ['keep', 'repaint', 'attractor'] as const;
export type RowKind = (typeof ROW_KINDS)[number];

export function kindOf({ from, keep }: Pick<Row, 'from' | 'keep'>): RowKind {
  if (keep) return 'keep';
  return from === undefined ? 'attractor' : 'repaint';
}

import { formatRow } from '../../src/core/row/parse.js';
import type { Row } from '../../src/core/types.js';
import { addRows, type Edit, removeRow } from './recipe-state.js';

/** Keep rows for what most people want left alone, by one press. */
export interface KeepSet {
  readonly label: string;
  readonly says: string;
  readonly rows: readonly Row[];
}

const keep = (color: string, reach: number): Row => ({ color, keep: true, reach, strength: 100 });

/** Surfaces of one hue in light and shade need a row each for light and dark ones; what lies between has two that share it. */
export const KEEP_SETS: readonly KeepSet[] = [
  {
    label: 'Skin',
    says: 'Keep skin: tones from fair to deep stay as they are; wood and sand of the same tones, too',
    rows: [keep('#e0b498', 0.1), keep('#784d3b', 0.1)],
  },
  {
    label: 'Greys',
    says: 'Keep greys: black, white and what has hardly any color between them stay as they are',
    rows: [keep('#121212', 0.09), keep('#6e6e6e', 0.09), keep('#e2e2e2', 0.09)],
  },
];

/** Ids of the set's rows; undefined unless all are there and on. */
function findSet(edit: Edit, set: KeepSet): number[] | undefined {
  const ids = set.rows.map((row) => {
    const wanted = formatRow(row);
    return edit.rows.find((one) => one.enabled && formatRow(one) === wanted)?.id;
  });
  return ids.every((id) => id !== undefined) ? ids : undefined;
}

export function hasKeepSet(edit: Edit, set: KeepSet): boolean {
  return findSet(edit, set) !== undefined;
}

/** Puts the set's rows in, or takes them out. The open row stays open. */
export function toggleKeepSet(edit: Edit, set: KeepSet): Edit {
  const ids = findSet(edit, set);
  return ids ? ids.reduce(removeRow, edit) : { ...addRows(edit, set.rows), selected: edit.selected };
}

import { MAX_ROWS } from '../../src/core/options.js';
import type { Model } from '../state/model.js';
import type { Edit } from '../state/recipe-state.js';

/** Makes an edit that adds a row, or several, or says why there is no room for them. */
export function addOrTell(model: Model, add: (edit: Edit) => Edit, count = 1): void {
  const { rows } = model.history.get().present;
  if (rows.length + count <= MAX_ROWS) model.edit(add);
  else model.tell(`A recipe holds at most ${MAX_ROWS} rows: delete one first`, true);
}

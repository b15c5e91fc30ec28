import { MAX_ROWS } from '../../src/core/options.js';
import type { Model } from '../state/model.js';
import type { Edit } from '../state/recipe-state.js';

/** Makes an edit that adds a row, or says why there is no room for one. */
export function addOrTell(model: Model, add: (edit: Edit) => Edit): void {
  const { rows } = model.history.get().present;
  if (rows.length < MAX_ROWS) model.edit(add);
  else model.tell(`A recipe holds at most ${MAX_ROWS} rows: delete one first`, true);
}

import { explainColor } from './explain-color.js';
import type { History } from './history.js';
import type { Pointed, ShownPreview } from './model.js';
import { type Edit, enabledRows } from './recipe-state.js';
import { createStore, type Store } from './store.js';

/** What is under the pointer, under the plan of the preview. */
export function createPointer(preview: Store<ShownPreview | undefined>, history: Store<History<Edit>>) {
  const pointed = createStore<Pointed | undefined>(undefined);

  function point(color: number | undefined): void {
    if (color === undefined) {
      pointed.set(undefined);
      return;
    }
    const plan = preview.get()?.plan;
    const { after, place } = plan ? explainColor(color, plan) : { after: undefined, place: undefined };
    const { rows } = history.get().present;
    const row = place === undefined ? undefined : enabledRows(history.get().present)[place];
    pointed.set({ before: color, after, row: row?.id, place: row && rows.indexOf(row) + 1 });
  }

  return { pointed, point };
}

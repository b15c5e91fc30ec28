/** The rows being edited: what can be undone, and the draft that is kept of them. */
import type { TokenColors } from '../../src/tokens/index.js';
import type { Draft } from './draft.js';
import { type History, record, redo, startHistory, undo } from './history.js';
import { type Edit, EMPTY_EDIT, recipeFromEdit } from './recipe-state.js';
import { namedColors } from './references.js';
import { createStore, type Store } from './store.js';

export interface Editing {
  readonly history: Store<History<Edit>>;
  /** Changes the edit. Calls with the same tag in quick succession are one undo step. */
  edit(change: (edit: Edit) => Edit, tag?: string): void;
  /** The pointer went down or up: edits of one control in between are one undo step. */
  press(isDown: boolean): void;
  /** Opens a row. Not a step to undo. */
  select(id: number): void;
  undo(): void;
  redo(): void;
  /** Stores what is being edited soon. */
  keepDraft(): void;
}

interface Hooks {
  /** What the variables of the file stand for. */
  readonly tokens: () => TokenColors;
  /** Told before each step. */
  readonly onStep: () => void;
}

export function createEditing(draft: Draft, { tokens, onStep }: Hooks): Editing {
  const history = createStore(startHistory(EMPTY_EDIT));
  /** The pointer is down, and was so at the last edit. */
  let isPressed = false;
  let isHeld = false;

  function step(next: History<Edit>): void {
    if (next === history.get()) return;
    onStep();
    history.set(next);
    keepDraft();
  }

  function keepDraft(): void {
    const { present } = history.get();
    const recipe = recipeFromEdit(present);
    const known = namedColors(recipe, tokens());
    draft.keep(present.rows.length > 0 ? { recipe, ...(known && { tokens: known }) } : undefined);
  }

  return {
    history,
    edit(change, tag) {
      const state = history.get();
      step(record(state, change(state.present), tag, performance.now(), isHeld));
      isHeld = isPressed;
    },
    press(isDown) {
      isPressed = isDown;
      isHeld = false;
    },
    select(id) {
      if (history.get().present.selected === id) return;
      history.update((state) => ({ ...state, present: { ...state.present, selected: id } }));
    },
    undo: () => step(undo(history.get())),
    redo: () => step(redo(history.get())),
    keepDraft,
  };
}

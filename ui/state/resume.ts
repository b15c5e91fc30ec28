/** What a window begins with: what its layers remember, or what was being edited when it closed last. */
import { makeRecipe } from '../../src/core/recipe.js';
import type { Recipe } from '../../src/core/types.js';
import type { NamedRecipe, Session } from '../host.js';
import type { Design } from './design.js';
import type { Draft } from './draft.js';
import { type History, startHistory } from './history.js';
import { type Edit, EMPTY_EDIT, editFromRecipe } from './recipe-state.js';
import { hasReferences, keepReferences } from './references.js';
import type { Store } from './store.js';

export interface Resume {
  /** Layers recolored before bring their recipe along, unless something was done already: editing goes on where it ended. */
  startFrom(found: Partial<NamedRecipe> | undefined): Promise<void>;
  /** What was being edited when the window closed last, unless it was opened for something else. @returns undefined for nothing */
  readDraft(session: Session): Promise<Edit | undefined>;
}

export function createResume(history: Store<History<Edit>>, design: Design, draft: Draft): Resume {
  /** Nothing was done yet. */
  function isFresh(): boolean {
    const { past, present, future } = history.get();
    return present === EMPTY_EDIT && past.length + future.length === 0;
  }

  /** Variables that this file has stay named. */
  async function editWith(recipe: Recipe, colors: NamedRecipe['tokens']): Promise<Edit> {
    if (!hasReferences(recipe)) return editFromRecipe(recipe);
    await design.load();
    return editFromRecipe(keepReferences(recipe, design.tokens.get(), colors));
  }

  return {
    async startFrom(found) {
      const recipe = found?.recipe && readRecipe(found.recipe);
      if (!recipe || !isFresh()) return;
      const edit = await editWith(recipe, found?.tokens);
      if (isFresh()) history.set(startHistory(edit));
    },
    async readDraft({ command, headless, parameters }) {
      if (headless || command === 'edit' || Object.keys(parameters).length > 0) return undefined;
      const found = await draft.read();
      const edit = found && (await editWith(found.recipe, found.tokens));
      // Reading took its time: what the person has begun meanwhile stays.
      return isFresh() ? edit : undefined;
    },
  };
}

/** Undefined for what is none: anybody may write plugin data. */
function readRecipe(value: Recipe): Recipe | undefined {
  try {
    return makeRecipe(value);
  } catch {
    return undefined;
  }
}

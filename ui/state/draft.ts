/** The rows being edited, kept as long as they are not applied: the window may be closed at any moment. */
import { makeRecipe } from '../../src/core/recipe.js';
import type { Recipe } from '../../src/core/types.js';
import { recipe as checkRecipe, tokens as checkTokens } from '../../src/protocol/messages.js';
import { type Json, object, optional } from '../../src/protocol/schema.js';
import type { Host, NamedRecipe } from '../host.js';

const named = object({ recipe: checkRecipe, tokens: optional(checkTokens) });

/** Between two writes: a drag of a slider makes a change a frame. */
const PAUSE_MS = 400;

export interface Draft {
  /** What was being edited when the window closed last; undefined for nothing, or what is no recipe of ours. */
  read(): Promise<NamedRecipe | undefined>;
  /** Stores it soon; undefined forgets it. Never throws: a full storage must not stop an edit. */
  keep(draft: NamedRecipe | undefined): void;
  /** Settles once it is stored. */
  flush(): Promise<void>;
}

export function createDraft(host: Host): Draft {
  let wanted = 'null';
  /** Undefined where it is not known what is stored. */
  let stored: string | undefined = 'null';
  let writing: Promise<void> = Promise.resolve();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const text = wanted;
    if (text === stored) return writing;
    stored = text;
    writing = writing
      .then(() => host.writeStorage('draft', JSON.parse(text) as Json))
      .catch(() => {
        stored = undefined; // the next change, or the end, tries again
      });
    return writing;
  }

  return {
    async read() {
      const value = await host.readStorage('draft').catch(() => null);
      if (value === null) return undefined;
      stored = JSON.stringify(value);
      wanted = stored;
      try {
        const { recipe, tokens } = named(value, 'draft');
        return { recipe: makeRecipe(recipe as Recipe), ...(tokens && { tokens }) };
      } catch {
        return undefined;
      }
    },
    keep(draft) {
      wanted = JSON.stringify(draft ?? null);
      timer ??= setTimeout(flush, PAUSE_MS);
    },
    flush,
  };
}

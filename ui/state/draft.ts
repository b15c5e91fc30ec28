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
  let stored = 'null';
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (wanted === stored) return;
    stored = wanted;
    await host.writeStorage('draft', JSON.parse(wanted) as Json).catch(() => undefined);
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

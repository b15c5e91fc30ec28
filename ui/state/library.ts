import { ColorshineError } from '../../src/core/errors.js';
import { makeRecipe, type RecipeInput } from '../../src/core/recipe.js';
import type { Recipe } from '../../src/core/types.js';
import type { StorageKey } from '../../src/protocol/messages.js';
import type { Json } from '../../src/protocol/schema.js';
import type { Host } from '../host.js';
import { createStore, type Store } from './store.js';

const RECENTS = 8;
const OWN_LIMIT = 100;

/** Looks that this person keeps. */
export interface Library {
  readonly own: Store<readonly Recipe[]>;
  readonly recents: Store<readonly Recipe[]>;
  load(): Promise<void>;
  /** Adds a look, or replaces the one of that name. @throws STORAGE_FULL */
  save(name: string, recipe: Recipe): Promise<void>;
  /** @throws INVALID_OPTION when the name is taken or empty */
  rename(from: string, to: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Puts a recipe in front of the recents, where "Re-run last" finds it. Never throws: it is a convenience. */
  remember(recipe: Recipe): Promise<void>;
}

type Change = (looks: readonly Recipe[]) => readonly Recipe[];

export function createLibrary(host: Host): Library {
  const own = createStore<readonly Recipe[]>([]);
  const recents = createStore<readonly Recipe[]>([]);

  /** One change after the other, each of what is stored by then: the window of another file may have changed it, too. */
  let changing: Promise<unknown> = Promise.resolve();

  function change(key: StorageKey, store: Store<readonly Recipe[]>, make: Change): Promise<void> {
    const changed = changing.then(async () => {
      const next = make(readRecipes(await host.readStorage(key)));
      await host.writeStorage(key, next as unknown as Json);
      store.set(next);
    });
    changing = changed.catch(() => undefined);
    return changed;
  }

  return {
    own,
    recents,
    async load() {
      own.set(readRecipes(await host.readStorage('presets').catch(() => null)));
      recents.set(readRecipes(await host.readStorage('recents').catch(() => null)));
    },
    async save(name, recipe) {
      const named = { ...recipe, name: checkName(name) };
      await change('presets', own, (looks) => {
        return [named, ...looks.filter((look) => look.name !== named.name)].slice(0, OWN_LIMIT);
      });
    },
    async rename(from, to) {
      const name = checkName(to);
      if (name === from) return;
      await change('presets', own, (looks) => {
        if (looks.some((look) => look.name === name)) {
          throw new ColorshineError('INVALID_OPTION', `There is already a look called ${name}`);
        }
        return looks.map((look) => (look.name === from ? { ...look, name } : look));
      });
    },
    remove: (name) => change('presets', own, (looks) => looks.filter((look) => look.name !== name)),
    async remember(recipe) {
      const key = identity(recipe);
      await change('recents', recents, (looks) => {
        return [recipe, ...looks.filter((look) => identity(look) !== key)].slice(0, RECENTS);
      }).catch(() => undefined);
    },
  };
}

/** What is stored may be from another version, or somebody's edit: what does not read is left out. */
function readRecipes(value: Json): Recipe[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item) => {
    try {
      return [makeRecipe(item as unknown as RecipeInput)];
    } catch {
      return [];
    }
  });
}

function checkName(name: string): string {
  const trimmed = name.trim().slice(0, 60);
  if (trimmed !== '') return trimmed;
  throw new ColorshineError('INVALID_OPTION', 'Give the look a name');
}

function identity({ rows, channels, blend }: Recipe): string {
  return JSON.stringify([rows, channels, blend]);
}

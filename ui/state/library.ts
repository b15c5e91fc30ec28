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
  /** Puts a recipe in front of the recents and remembers it as the last one. Never throws: it is a convenience. */
  remember(recipe: Recipe): Promise<void>;
  readLast(): Promise<Recipe | undefined>;
}

export function createLibrary(host: Host): Library {
  const own = createStore<readonly Recipe[]>([]);
  const recents = createStore<readonly Recipe[]>([]);

  async function write(key: StorageKey, store: Store<readonly Recipe[]>, next: readonly Recipe[]): Promise<void> {
    await host.writeStorage(key, next as unknown as Json);
    store.set(next);
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
      const others = own.get().filter((look) => look.name !== named.name);
      await write('presets', own, [named, ...others].slice(0, OWN_LIMIT));
    },
    async rename(from, to) {
      const name = checkName(to);
      if (name === from) return;
      if (own.get().some((look) => look.name === name)) {
        throw new ColorshineError('INVALID_OPTION', `There is already a look called ${name}`);
      }
      await write(
        'presets',
        own,
        own.get().map((look) => (look.name === from ? { ...look, name } : look)),
      );
    },
    async remove(name) {
      await write(
        'presets',
        own,
        own.get().filter((look) => look.name !== name),
      );
    },
    async remember(recipe) {
      const key = identity(recipe);
      const others = recents.get().filter((look) => identity(look) !== key);
      await write('recents', recents, [recipe, ...others].slice(0, RECENTS)).catch(() => undefined);
      await host.writeStorage('last-recipe', recipe as unknown as Json).catch(() => undefined);
    },
    async readLast() {
      return readRecipes([await host.readStorage('last-recipe').catch(() => null)])[0];
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

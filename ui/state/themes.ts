import type { Recipe } from '../../src/core/types.js';
import type { Engine, Picture } from '../worker/engine.js';
import type { Design } from './design.js';
import { findThemed, tokenColors } from './design-colors.js';
import { createLatest } from './latest.js';
import { pathsIn, resolveReferences } from './references.js';
import { createStore, type Store } from './store.js';

/** A mode. */
export interface ThemeItem {
  readonly modeId: string;
  readonly name: string;
  /** Undefined while it is being made. */
  readonly picture: Picture | undefined;
  /** Some variable of the recipe has no color in this mode. */
  readonly isMissing: boolean;
}

/** The recipe under each mode of the collection that it names variables of. */
export interface Themes {
  readonly collectionId: string;
  readonly collectionName: string;
  readonly items: readonly ThemeItem[];
}

export interface ThemePreviews {
  readonly themes: Store<Themes | undefined>;
  /** Pictures made anew. While some are being made only the newest further call counts. */
  request(recipe: Recipe): void;
  reset(): void;
}

/** More than this are not told apart in the window. */
const MOST_MODES = 8;

export function createThemePreviews(engine: Engine, design: Design, onError: (error: unknown) => void): ThemePreviews {
  const themes = createStore<Themes | undefined>(undefined);
  let epoch = 0;

  async function make(recipe: Recipe): Promise<void> {
    const mine = epoch;
    const colors = design.list.get();
    const collection = colors && findThemed(colors, pathsIn(recipe));
    if (!colors || !collection) return themes.set(undefined);
    const { id, name } = collection;
    const shown = collection.modes.slice(0, MOST_MODES);
    const old = themes.get();
    const empty = shown.map((mode) => ({
      modeId: mode.id,
      name: mode.name,
      picture: old?.items.find(({ modeId }) => modeId === mode.id)?.picture,
      isMissing: false,
    }));
    themes.set({ collectionId: id, collectionName: name, items: empty });
    const variants = shown.flatMap(({ id: modeId }) => {
      const tokens = tokenColors(colors, { ...design.modes.get(), [id]: modeId });
      // A variable may have no color in some mode: that one has no picture.
      const isWhole = [...pathsIn(recipe)].every((path) => tokens.has(path));
      return isWhole ? [{ modeId, recipe: resolveReferences(recipe, tokens) }] : [];
    });
    const pictures = await engine.themes(variants.map((variant) => variant.recipe));
    if (mine !== epoch) return;
    const items = empty.map((item) => {
      const at = variants.findIndex(({ modeId }) => modeId === item.modeId);
      return { ...item, picture: at < 0 ? undefined : pictures[at], isMissing: at < 0 };
    });
    themes.set({ collectionId: id, collectionName: name, items });
  }

  return {
    themes,
    request: createLatest((recipe: Recipe) => make(recipe).catch(onError)),
    reset() {
      epoch++;
      themes.set(undefined);
    },
  };
}

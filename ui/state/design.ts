/** The design system in the window: what is picked from it, the recipe that it suggests, and the mode it is seen in. */
import { DEFAULT_HOW_FAR } from '../../src/core/options.js';
import type { Recipe } from '../../src/core/types.js';
import type { ColorList } from '../../src/protocol/replies.js';
import type { PaletteRow, TokenColors } from '../../src/tokens/index.js';
import type { Binding, Host } from '../host.js';
import type { Engine } from '../worker/engine.js';
import { type DesignColor, type DesignSource, listSources, type Modes, tokenColors } from './design-colors.js';
import { createLibraries, isInLibrary, libraryId } from './libraries.js';
import { createStore, type Store } from './store.js';

/** When a variable takes the place of a color: never, for the same color, or for a very similar one. */
const BINDINGS = { off: undefined, exact: 1, close: 8 } as const;
export type BindingChoice = keyof typeof BINDINGS;

/** How a suggested recipe came about. */
export interface Match {
  readonly rows: readonly (PaletteRow & { readonly label: string })[];
  /** Mean distance to the palette, before and after. */
  readonly before: number;
  readonly after: number;
}

export interface Design {
  readonly list: Store<ColorList | undefined>;
  readonly sources: Store<readonly DesignSource[]>;
  readonly modes: Store<Modes>;
  /** What `{path}` stands for, under the chosen modes. */
  readonly tokens: Store<TokenColors>;
  readonly picked: Store<ReadonlySet<string>>;
  readonly howFar: Store<number>;
  readonly binding: Store<BindingChoice>;
  readonly match: Store<Match | undefined>;
  readonly isMatching: Store<boolean>;
  /** Reads the host's colors. Once, unless forced. */
  load(force?: boolean): Promise<void>;
  setMode(collection: string, mode: string): void;
  /** Lists a library's colors; nothing happens for other sources. @throws what Figma says */
  openSource(id: string): Promise<void>;
  /** Picks colors, or takes them out, and matches again. */
  pick(ids: readonly string[], isOn: boolean): void;
  setHowFar(howFar: number): void;
  /** Asks for a recipe for what is picked. */
  matchAgain(): void;
  /** What Apply may bind; undefined when nothing. */
  bindingFor(): Binding | undefined;
}

export interface DesignHooks {
  /** Settles once the selection is measured. @returns false when there is nothing to match */
  readonly measured: () => Promise<boolean>;
  readonly onSuggestion: (recipe: Recipe) => void;
  readonly onError: (error: unknown) => void;
}

export function createDesign(host: Host, engine: Engine, hooks: DesignHooks): Design {
  const { measured, onSuggestion, onError } = hooks;
  const list = createStore<ColorList | undefined>(undefined);
  const modes = createStore<Modes>({});
  const sources = createStore<readonly DesignSource[]>([]);
  const tokens = createStore<TokenColors>(new Map());
  const picked = createStore<ReadonlySet<string>>(new Set());
  const howFar = createStore(DEFAULT_HOW_FAR);
  const binding = createStore<BindingChoice>('off');
  const match = createStore<Match | undefined>(undefined);
  const isMatching = createStore(false);
  const libraries = createLibraries(host);
  let loading: Promise<void> | undefined;
  let isStale = false;
  /** Number of the last question, and of that whose answer is shown. */
  let asked = 0;
  let shown = 0;

  function update(): void {
    const colors = list.get();
    if (!colors) return;
    tokens.set(tokenColors(colors, modes.get()));
    const listed = listSources(colors, modes.get(), libraries.list());
    sources.set(listed);
    // What is gone can no longer be unpicked.
    const ids = new Set(listed.flatMap(({ groups }) => groups.flatMap((group) => group.colors.map(({ id }) => id))));
    const kept = [...picked.get()].filter((id) => ids.has(id));
    if (kept.length < picked.get().size) picked.set(new Set(kept));
  }

  async function read(): Promise<void> {
    const mine = ++asked;
    const next = await host.listColors();
    if (mine < shown) return; // an older answer that came late
    shown = mine;
    list.set(next);
    update();
    // The network's time, which the file's own colors do not wait for.
    libraries.load().then(update, () => undefined);
  }

  async function pickFromLibrary(ids: readonly string[]): Promise<void> {
    const found = await libraries.bringIn(ids);
    await read();
    if (found.length < ids.length)
      onError(new Error(`${ids.length - found.length} of the library could not be loaded`));
    picked.set(new Set([...picked.get(), ...found]));
    void suggest();
  }

  /** Each picked color once, in the order of the lists. */
  function listPicked(): (DesignColor & { readonly css: string })[] {
    const found = new Map<string, DesignColor & { readonly css: string }>();
    for (const { groups } of sources.get()) {
      for (const { colors } of groups) {
        for (const color of colors) {
          if (color.css !== undefined && picked.get().has(color.id)) found.set(color.id, { ...color, css: color.css });
        }
      }
    }
    return [...found.values()];
  }

  /** One suggestion at a time; of those asked for meanwhile only the last is made. */
  async function suggest(): Promise<void> {
    if (isMatching.get()) {
      isStale = true;
      return;
    }
    isMatching.set(true);
    try {
      do {
        isStale = false;
        await suggestOnce();
      } while (isStale);
    } catch (error) {
      onError(error);
    } finally {
      isMatching.set(false);
    }
  }

  async function suggestOnce(): Promise<void> {
    const colors = listPicked();
    if (colors.length === 0) {
      match.set(undefined);
      return;
    }
    const hasPicture = await measured();
    if (isStale) return;
    if (!hasPicture) {
      match.set(undefined);
      return;
    }
    const byId = new Map(colors.map((color) => [color.id, color]));
    const made = await engine.suggest(
      colors.map(({ id, css }) => [id, css] as const),
      howFar.get(),
    );
    if (isStale) return;
    const named = made.recipe.rows.map((row, i) => {
      const reference = byId.get(made.rows[i]?.name ?? '')?.reference;
      return reference === undefined ? row : { ...row, color: reference };
    });
    const rows = made.rows.map((row) => ({ ...row, label: byId.get(row.name)?.name ?? row.css }));
    match.set({ rows, before: made.before, after: made.after });
    onSuggestion({ ...made.recipe, rows: named });
  }

  return {
    list,
    sources,
    modes,
    tokens,
    picked,
    howFar,
    binding,
    match,
    isMatching,
    load(force = false) {
      if (!force && loading) return loading;
      const mine = read();
      loading = mine;
      // What failed is tried again by whoever asks next.
      mine.catch(() => loading === mine && (loading = undefined));
      return mine;
    },
    setMode(collection, mode) {
      modes.set({ ...modes.get(), [collection]: mode });
      update();
    },
    async openSource(id) {
      const library = libraries.list().find(({ key }) => libraryId(key) === id);
      if (!library) return;
      await libraries.open(library.key);
      update();
    },
    pick(ids, isOn) {
      if (isOn && ids.some(isInLibrary)) {
        void pickFromLibrary(ids).catch(onError);
        return;
      }
      const next = new Set(picked.get());
      for (const id of ids) {
        if (isOn) next.add(id);
        else next.delete(id);
      }
      picked.set(next);
      void suggest();
    },
    setHowFar(value) {
      howFar.set(value);
      if (picked.get().size > 0) void suggest();
    },
    matchAgain: () => void suggest(),
    bindingFor() {
      const tolerance = BINDINGS[binding.get()];
      if (tolerance === undefined) return undefined;
      const variables = (list.get()?.collections ?? []).flatMap((collection) => collection.variables);
      return { variableIds: variables.map(({ id }) => id), tolerance };
    },
  };
}

/** Libraries that the file has enabled: named at once, listed when one is opened, its variables brought in when they are picked. */
import { MAX_IMPORTED } from '../../src/protocol/messages.js';
import type { LibraryCollection, LibraryVariable } from '../../src/protocol/replies.js';
import type { Host } from '../host.js';

/** Marks ids of what is not in the file yet. */
const KEY = 'key ';

/** A library collection as far as it is known. */
export interface Library {
  readonly key: string;
  readonly name: string;
  /** Undefined until it was opened. `id` is that in the file, once it is there. */
  readonly variables: readonly (LibraryVariable & { readonly id: string | undefined })[] | undefined;
}

export interface Libraries {
  list(): readonly Library[];
  /** Asks which there are, until there are some. */
  load(): Promise<void>;
  /** Reads the names of a library's variables, once. */
  open(key: string): Promise<void>;
  /** Ids of colors in the file; those of libraries are brought in first, and left out where that fails. */
  bringIn(ids: readonly string[]): Promise<readonly string[]>;
}

/** How a library's color is called in lists until it is in the file. */
export function libraryId(key: string): string {
  return KEY + key;
}

/** True for what has to be brought into the file first. */
export function isInLibrary(id: string): boolean {
  return id.startsWith(KEY);
}

export function createLibraries(host: Host): Libraries {
  let collections: readonly LibraryCollection[] = [];
  let loading: Promise<void> | undefined;
  const opened = new Map<string, readonly LibraryVariable[]>();
  const imported = new Map<string, string>();
  return {
    list: () =>
      collections.map(({ key, name, library }) => ({
        ...{ key, name: `${library}: ${name}` },
        variables: opened.get(key)?.map((variable) => ({ ...variable, id: imported.get(variable.key) })),
      })),
    load() {
      loading ??= host.listLibraries().then(
        (found) => {
          collections = found;
          // None is also what is said without a network: the next one asks again.
          if (found.length === 0) loading = undefined;
        },
        (error) => {
          loading = undefined;
          throw error;
        },
      );
      return loading;
    },
    async open(key) {
      if (!opened.has(key)) opened.set(key, await host.listLibrary(key));
    },
    async bringIn(ids) {
      const keys = ids.filter(isInLibrary).map((id) => id.slice(KEY.length));
      const found: (string | null)[] = [];
      for (let i = 0; i < keys.length; i += MAX_IMPORTED) {
        found.push(...(await host.importVariables(keys.slice(i, i + MAX_IMPORTED))));
      }
      for (const [i, id] of found.entries()) if (id !== null) imported.set(keys[i] as string, id);
      return [...ids.filter((id) => !isInLibrary(id)), ...found.flatMap((id) => id ?? [])];
    },
  };
}

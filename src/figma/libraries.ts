/** Variables of enabled libraries: listed when a person asks for them, brought into the file when one is used. */
import type { RequestPayload } from '../protocol/messages.js';
import type { RequestReply } from '../protocol/replies.js';
import { alive, orNull } from './alive.js';
import { clipName } from './name-of.js';
import { isForColors } from './variable-scopes.js';

/** Ids of what was imported since the plugin started: listed though no layer uses it yet. */
const imported = new Set<string>();

export function importedVariables(): readonly string[] {
  return [...imported];
}

/** None where an editor knows no libraries, or the network fails: what the file has is there all the same. */
export async function listLibraries(): Promise<RequestReply<'libraries.list'>> {
  try {
    const found = await alive(figma.teamLibrary.getAvailableLibraryVariableCollectionsAsync());
    const collections = found.map(({ key, name, libraryName }) => {
      return { key, name: clipName(name), library: clipName(libraryName) };
    });
    return { collections };
  } catch {
    return { collections: [] };
  }
}

/** @throws what Figma throws: a library that is gone, no access, no network */
export async function listLibrary({ key }: RequestPayload<'library.list'>): Promise<RequestReply<'library.list'>> {
  const found = await alive(figma.teamLibrary.getVariablesInLibraryCollectionAsync(key));
  const colors = found.filter(({ resolvedType }) => resolvedType === 'COLOR');
  return { variables: colors.map((one) => ({ key: one.key, name: clipName(one.name) })) };
}

export async function importVariables({
  keys,
}: RequestPayload<'library.import'>): Promise<RequestReply<'library.import'>> {
  const ids = await Promise.all(
    keys.map(async (key) => {
      const variable = await orNull(figma.variables.importVariableByKeyAsync(key));
      if (variable?.resolvedType !== 'COLOR' || !isForColors(variable)) return null;
      imported.add(variable.id);
      return variable.id;
    }),
  );
  return { ids };
}

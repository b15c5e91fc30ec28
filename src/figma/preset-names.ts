import { readStored } from './store.js';

/** Names of the presets that this person saved; entries are objects with a `name`. */
export async function listPresetNames(): Promise<string[]> {
  const stored = await readStored('presets');
  if (!Array.isArray(stored)) return [];
  return stored.flatMap((preset: unknown) => {
    const name = (preset as { name?: unknown } | null)?.name;
    return typeof name === 'string' ? [name] : [];
  });
}

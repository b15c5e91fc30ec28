import { PRESET_NAMES } from '../core/preset-names.js';
import { readStored } from './store.js';

/** Names of the presets: those that this person saved (entries are objects with a `name`), then the shipped ones. */
export async function listPresetNames(): Promise<string[]> {
  const stored = await readStored('presets');
  const shipped = Object.values<string>(PRESET_NAMES);
  if (!Array.isArray(stored)) return shipped;
  const own = stored.flatMap((preset: unknown) => {
    const name = (preset as { name?: unknown } | null)?.name;
    return typeof name === 'string' ? [name] : [];
  });
  return [...new Set([...own, ...shipped])];
}

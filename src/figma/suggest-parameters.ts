/** Suggestions for the quick actions. Query mode: reading only, and always an answer for what was typed. */
import { messageOf } from '../protocol/errors.js';
import { readColorProfile } from './css-color.js';
import { listColorStyles } from './list-colors.js';
import { listPresetNames } from './preset-names.js';

/** Longer lists only slow the menu down. */
const MAX_SUGGESTIONS = 20;

/** A few CSS names as a start; any CSS color may be typed. */
const COLOR_NAMES = ['teal', 'orange', 'gold', 'crimson', 'navy', 'indigo', 'olive', 'sienna', 'hotpink', 'seagreen'];

export async function suggestParameters({ key, query, result }: ParameterInputEvent): Promise<void> {
  try {
    if (key === 'preset') result.setSuggestions(match(await listPresetNames(), query));
    else if (key === 'color') result.setSuggestions(await suggestColors(query));
  } catch (error) {
    result.setError(messageOf(error));
  }
}

async function suggestColors(query: string): Promise<{ name: string; data: string }[]> {
  const typed = query.trim();
  const styles = await listColorStyles(readColorProfile());
  const named = [...styles.map(({ name, color }) => ({ name, data: color })), ...COLOR_NAMES.map(nameAsData)];
  const wanted = typed.toLowerCase();
  const matching = named.filter(({ name }) => name.toLowerCase().includes(wanted));
  const exact = matching.some(({ name }) => name.toLowerCase() === wanted);
  return [...(typed && !exact ? [nameAsData(typed)] : []), ...matching].slice(0, MAX_SUGGESTIONS);
}

function nameAsData(name: string): { name: string; data: string } {
  return { name, data: name };
}

function match(names: readonly string[], query: string): string[] {
  const wanted = query.trim().toLowerCase();
  return names.filter((name) => name.toLowerCase().includes(wanted)).slice(0, MAX_SUGGESTIONS);
}

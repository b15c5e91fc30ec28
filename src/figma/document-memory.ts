/**
 * What the document remembers beside its layers: the original of every image that was written. Where only the instance of
 * a recolored component is selected, or a paint was copied, no layer knows.
 */
import { text } from '../protocol/schema.js';

const PREFIX = 'original ';
const hash = text(200);

export function rememberOriginal(shown: string, original: string): void {
  try {
    if (shown !== original) figma.root.setPluginData(PREFIX + shown, original);
  } catch {
    // The layer itself remembers, too.
  }
}

/** Undefined for an image that was not written in this document. */
export function documentOriginalOf(shown: string): string | undefined {
  const original = hash(figma.root.getPluginData(PREFIX + shown).slice(0, 200), PREFIX);
  return original === '' ? undefined : original;
}

import type { Skipped } from '../protocol/replies.js';
import { skipLayer } from './describe-skip.js';
import type { Holder } from './holder.js';
import { nameOf } from './name-of.js';
import { type FoundItem, keyIn } from './survey-places.js';

interface Found extends FoundItem {
  /** Of a color: the place within. */
  readonly slot?: { readonly stop?: number };
}

/** Where something is written. */
export interface Spot {
  readonly holder: Holder;
  readonly name: string;
  readonly key: string;
  /** Index in the place's list. */
  readonly index: number;
}

/**
 * Layers directly, styles once each; what may not be written is skipped with its reason.
 *
 * @param describe what is to be known of a spot besides; of several at one spot the last
 */
export function planWrites<F extends Found, T extends object>(
  found: readonly F[],
  includeStyles: boolean,
  describe: (one: F) => T,
): { targets: readonly (Spot & T)[]; skipped: readonly Skipped[] } {
  const targets = new Map<string, Spot & T>();
  const skipped: Skipped[] = [];
  for (const one of found) {
    const { node, index, style } = one;
    const holder = style ? style.style : node;
    if (!holder || style?.remote) skipped.push(skipLayer(node, 'remote-style'));
    else if (style && !includeStyles) skipped.push(skipLayer(node, 'style'));
    else {
      const key = keyIn(style, one.key);
      const spot = { holder, name: style ? style.name : nameOf(node), key, index };
      targets.set(`${holder.id} ${key} ${index} ${one.slot?.stop}`, { ...spot, ...describe(one) });
    }
  }
  return { targets: [...targets.values()], skipped };
}

import type { Skipped } from '../protocol/replies.js';
import type { FoundStyle } from './find-style.js';
import type { Holder } from './holder.js';
import { nameOf } from './name-of.js';
import { keyIn } from './survey-places.js';

/** What was found on a layer, perhaps through a style. */
interface Found {
  readonly node: SceneNode;
  readonly key: string;
  readonly index: number;
  readonly style?: FoundStyle;
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
    const layer = nameOf(node);
    const holder = style ? style.style : node;
    if (!holder || style?.remote) skipped.push({ layer, layerId: node.id, reason: 'remote-style' });
    else if (style && !includeStyles) skipped.push({ layer, layerId: node.id, reason: 'style' });
    else {
      const key = keyIn(style, one.key);
      const spot = { holder, name: style ? style.name : layer, key, index };
      targets.set(`${holder.id} ${key} ${index} ${one.slot?.stop}`, { ...spot, ...describe(one) });
    }
  }
  return { targets: [...targets.values()], skipped };
}

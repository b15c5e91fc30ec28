import { orNull } from './alive.js';
import type { ColorStyle } from './holder.js';
import { clipName } from './name-of.js';

export interface FoundStyle {
  readonly id: string;
  readonly name: string;
  /** From a library, or gone: not to be edited here. */
  readonly remote: boolean;
  /** Undefined when Figma no longer knows the id. */
  readonly style?: ColorStyle;
}

/** Looks styles up, each once. @param ids empty ones stand for no style */
export async function findStyles(ids: readonly string[]): Promise<ReadonlyMap<string, FoundStyle>> {
  const distinct = [...new Set(ids.filter((id) => id !== ''))];
  const styles = await Promise.all(distinct.map(findStyle));
  return new Map(styles.map((style) => [style.id, style]));
}

async function findStyle(id: string): Promise<FoundStyle> {
  const style = await orNull(figma.getStyleByIdAsync(id));
  if (style?.type !== 'PAINT' && style?.type !== 'EFFECT') return { id, name: 'Unknown style', remote: true };
  return { id, name: clipName(style.name), remote: style.remote, style: style as ColorStyle };
}

import { MAX_NAME_LENGTH } from '../protocol/messages.js';

/** As much of a name as messages carry: layers and styles may be called by whole paragraphs. */
export function clipName(name: string): string {
  return name.slice(0, MAX_NAME_LENGTH);
}

/** A layer's name for messages; empty for one that is gone, which can no longer tell. */
export function nameOf(node: SceneNode): string {
  return node.removed ? '' : clipName(node.name);
}

import { messageOf } from '../protocol/errors.js';
import { MAX_DETAIL_LENGTH, MAX_SKIPPED, type SkipReason } from '../protocol/messages.js';
import type { Skipped } from '../protocol/replies.js';
import type { Holder } from './holder.js';
import { clipName, nameOf } from './name-of.js';

/** Why a holder was left as it was. @param error what Figma said, or words of the window's */
export function describeSkip(
  { holder, name }: { readonly holder: Holder; readonly name: string },
  reason: SkipReason,
  error?: unknown,
): Skipped {
  return {
    ...{ layer: clipName(name), layerId: holder.id, reason },
    ...(error !== undefined && { detail: messageOf(error).slice(0, MAX_DETAIL_LENGTH) }),
  };
}

/** The same of a layer, which may be gone. */
export function skipLayer(node: SceneNode, reason: SkipReason, error?: unknown): Skipped {
  return describeSkip({ holder: node, name: nameOf(node) }, reason, error);
}

/** Each layer once a reason, and no more than a message holds: where it tells of a commit, the document is written by now. */
export function listSkipped(...lists: readonly (readonly Skipped[])[]): Skipped[] {
  const named = new Map<string, Skipped>();
  for (const one of lists.flat()) named.set(`${one.layerId} ${one.reason} ${one.detail}`, one);
  return [...named.values()].slice(0, MAX_SKIPPED);
}

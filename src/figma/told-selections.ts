import { RpcError } from '../protocol/errors.js';

/** The window asks for one selection after the other: what it shows is among the last few. */
const MOST_KEPT = 4;

const kept = new Map<number, readonly SceneNode[]>();

/** Notes what the window is told of under this revision. */
export function keepSelection(revision: number, nodes: readonly SceneNode[]): void {
  kept.delete(revision);
  kept.set(revision, nodes);
  for (const old of [...kept.keys()].slice(0, -MOST_KEPT)) kept.delete(old);
}

/**
 * What the window shows: a person means that, though something else may be selected by now. Without a revision what is
 * selected now.
 *
 * @throws RpcError SELECTION_UNKNOWN for a revision that the window was not told of, or long ago
 */
export function selectionAt(revision: number | undefined): readonly SceneNode[] {
  if (revision === undefined) return figma.currentPage.selection;
  const nodes = kept.get(revision);
  if (!nodes) throw new RpcError('SELECTION_UNKNOWN', 'the selection has changed since: try again');
  return nodes;
}

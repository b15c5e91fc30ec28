/** "Copy beside": what is recolored is a duplicate of the selected layers, next to them. */
import type { Skipped } from '../protocol/replies.js';
import { describeSkip, skipLayer } from './describe-skip.js';
import { isStyle } from './holder.js';
import type { PaintEdit } from './paint-edit.js';
import { walkSelection } from './walk-selection.js';

/** Marks a duplicate that this plugin made: it is recolored where it is. */
const KEY = 'copy';
/** Between a layer and its duplicate, px. */
const GAP = 40;

export interface Copies {
  /** On the duplicates. */
  readonly edits: readonly PaintEdit[];
  readonly skipped: readonly Skipped[];
  /** What a person would want selected now. */
  readonly nodes: readonly SceneNode[];
}

/** Duplicates those of the selected layers below which something is to be edited, and turns the edits to them. */
export function copyBeside(selection: readonly SceneNode[], edits: readonly PaintEdit[]): Copies {
  const turned = new Map<string, SceneNode | undefined>();
  const skipped: Skipped[] = [];
  const nodes: SceneNode[] = [];
  const wanted = new Set(edits.map(({ holder }) => holder.id));
  for (const node of topmost(selection)) {
    const own = walkSelection([node]);
    const holders = own.filter(({ id }) => wanted.has(id));
    if (holders.length === 0) continue;
    try {
      const isOurs = node.getPluginData(KEY) !== '';
      const copy = isOurs ? node : duplicate(node);
      const twins = walkSelection([copy]);
      for (const [i, { id }] of own.entries()) if (wanted.has(id)) turned.set(id, twins[i]);
      nodes.push(copy);
    } catch (error) {
      for (const { id } of holders) turned.set(id, undefined);
      skipped.push(...holders.map((holder) => skipLayer(holder, 'refused', error)));
    }
  }
  // Deleted meanwhile, or moved out of what was selected.
  for (const { holder, name } of edits) {
    if (isStyle(holder) || turned.has(holder.id)) continue;
    skipped.push(describeSkip({ holder, name }, holder.removed ? 'removed' : 'changed'));
  }
  return {
    edits: edits.flatMap((edit) => {
      const holder = turned.get(edit.holder.id);
      return holder && !isStyle(edit.holder) ? [{ ...edit, holder }] : [];
    }),
    skipped,
    nodes,
  };
}

/** Figma puts a duplicate onto the page: it goes behind its layer in the same frame, or, out of an instance, stays there. */
function duplicate(node: SceneNode): SceneNode {
  const copy = node.clone() as SceneNode;
  try {
    const { parent } = node;
    if (parent?.type === 'PAGE' || !isInInstance(node)) {
      (parent as ChildrenMixin).insertChild(
        (parent as ChildrenMixin).children.findIndex(({ id }) => id === node.id) + 1,
        copy,
      );
      moveTo(copy, node.x + node.width + GAP, node.y);
    } else {
      const [[, , x], [, , y]] = node.absoluteTransform;
      moveTo(copy, x + node.width + GAP, y);
    }
    copy.setPluginData(KEY, node.id);
    return copy;
  } catch (error) {
    copy.remove();
    throw error;
  }
}

function moveTo(node: SceneNode, x: number, y: number): void {
  node.x = x;
  node.y = y;
}

function isInInstance(node: SceneNode): boolean {
  for (let at = node.parent; at; at = at.parent) if (at.type === 'INSTANCE') return true;
  return false;
}

/** Those below none of the others. */
function topmost(selection: readonly SceneNode[]): SceneNode[] {
  const ids = new Set(selection.map(({ id }) => id));
  return selection.filter((node) => {
    if (node.removed) return false;
    for (let at = node.parent; at; at = at.parent) if (ids.has(at.id)) return false;
    return true;
  });
}

/** A layer, or the page itself for its background. */
export type LayerNode = SceneNode | PageNode;

/**
 * Selected layers and everything below them, each once, in document order, without those deleted since. With nothing
 * selected the current page alone stands for its background.
 */
export function walkSelection(selection: readonly SceneNode[]): LayerNode[] {
  if (selection.length === 0) return [figma.currentPage];
  const seen = new Set<string>();
  const nodes: LayerNode[] = [];
  // A stack of our own: a deep tree would exhaust the small one of the sandbox.
  const stack: SceneNode[] = [...selection].reverse();
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (seen.has(node.id) || node.removed) continue;
    seen.add(node.id);
    nodes.push(node);
    if (!('children' in node)) continue;
    // Read once: Figma makes a new list at each reading.
    for (const child of [...node.children].reverse()) stack.push(child as SceneNode);
  }
  return nodes;
}

/** Selected layers and everything below them, each once, in document order, without those deleted since. */
export function walkSelection(selection: readonly SceneNode[]): SceneNode[] {
  const seen = new Set<string>();
  const nodes: SceneNode[] = [];
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

import type { Scope } from '../protocol/messages.js';
import { alive } from './alive.js';

let current: Scope = 'selection';

/** What the window shows counts as selected. */
export function currentScope(): Scope {
  return current;
}

/** The layers that a scope is about; of other pages they are loaded first. @throws what Figma throws for a page that does not load */
export async function openScope(scope: Scope): Promise<readonly SceneNode[]> {
  current = scope;
  if (scope === 'selection') return [...figma.currentPage.selection];
  if (scope === 'page') return figma.currentPage.children;
  const { children: pages } = figma.root;
  // One after the other: a large file is much to load at once.
  for (const page of pages) await alive(page.loadAsync());
  return pages.flatMap(({ children }) => [...children]);
}

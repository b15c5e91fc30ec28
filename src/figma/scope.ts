import { messageOf } from '../protocol/errors.js';
import type { Scope } from '../protocol/messages.js';
import { alive } from './alive.js';

let current: Scope = 'selection';

/** What the window shows counts as selected. */
export function currentScope(): Scope {
  return current;
}

/** The pages on which something may happen that the window shows. */
export function scopePages(): readonly PageNode[] {
  return current === 'file' ? figma.root.children : [figma.currentPage];
}

/** The layers that a scope is about; of other pages they are loaded first. @throws what Figma says of a page that does not load, with its name */
export async function openScope(scope: Scope): Promise<readonly SceneNode[]> {
  // One after the other: a large file is much to load at once.
  if (scope === 'file') for (const page of figma.root.children) await loadPage(page);
  current = scope;
  if (scope === 'selection') return [...figma.currentPage.selection];
  return scopePages().flatMap((page) => [...page.children]);
}

/** Nothing is to be loaded of a page that is gone. */
async function loadPage(page: PageNode): Promise<void> {
  try {
    if (!page.removed) await alive(page.loadAsync());
  } catch (error) {
    throw new Error(`page "${page.name}": ${messageOf(error)}`);
  }
}

import type { EventPayload } from '../protocol/messages.js';
import { currentScope, scopePages } from './scope.js';

type Changed = EventPayload<'selection.changed'>;

/** Properties of a node whose change may alter what the window shows. */
const WATCHED: readonly NodeChangeProperty[] = [
  'fills',
  'strokes',
  'effects',
  'fillStyleId',
  'effectStyleId',
  'strokeStyleId',
  'styledTextSegments',
  'characters',
  'vectorNetwork',
  'pluginData',
  // What a color counts.
  'width',
  'height',
  'visible',
  'opacity',
  'strokeWeight',
  'parent',
];

let revision = 0;

/** Rises with every change that the window was told of. */
export function currentRevision(): number {
  return revision;
}

let tellWindow: ((changed: Changed) => void) | undefined;

/** The next answer is about something else. */
export function nextRevision(): void {
  revision++;
}

/** Has the window ask again. Nothing happens where none is visible. */
export function announceChange(): void {
  nextRevision();
  tellWindow?.({ revision, selected: figma.currentPage.selection.length });
}

/**
 * Tells of new selections, and of paints that change below them: by undo, by other people, by hand. Figma says nothing of
 * variables that change: the window asks again when a person comes back to it.
 */
export function watchDocument(tell: (changed: Changed) => void): void {
  tellWindow = tell;
  watchPages();
  figma.on('currentpagechange', () => {
    watchPages();
    announceChange();
  });
  // Where all of the page counts, what is selected does not.
  figma.on('selectionchange', () => currentScope() === 'selection' && announceChange());
  figma.on('stylechange', announceChange);
}

let watched: readonly PageNode[] = [];

/** Hears of what happens on the pages of the scope, and of no others. Nothing happens where no window is visible. */
export function watchPages(): void {
  if (!tellWindow) return;
  for (const page of watched) if (!page.removed) page.off('nodechange', onNodeChange);
  watched = scopePages();
  for (const page of watched) page.on('nodechange', onNodeChange);
}

function onNodeChange({ nodeChanges }: NodeChangeEvent): void {
  const ids = new Set(figma.currentPage.selection.map(({ id }) => id));
  if (nodeChanges.some((change) => isWatched(change, ids))) announceChange();
}

/** Whether the window may show something else now. @param selected ids of the selected nodes */
function isWatched(change: NodeChange, selected: ReadonlySet<string>): boolean {
  const { node } = change;
  // Gone, or moved away: from below the selection, perhaps.
  if (node.removed || (change.type === 'PROPERTY_CHANGE' && change.properties.includes('parent'))) return true;
  if (change.type === 'PROPERTY_CHANGE' && !change.properties.some((property) => WATCHED.includes(property)))
    return false;
  if (currentScope() !== 'selection') return true;
  for (let at: BaseNode | null = node as BaseNode; at; at = at.parent) {
    // Instances of a component change with it, and nothing is said of them.
    if (selected.has(at.id) || at.type === 'COMPONENT') return true;
  }
  return false;
}

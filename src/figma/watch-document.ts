import type { EventPayload } from '../protocol/messages.js';

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
  'parent',
];

let revision = 0;

/** Rises with every change that the window was told of. */
export function currentRevision(): number {
  return revision;
}

let tellWindow: ((changed: Changed) => void) | undefined;

/** Has the window ask again. Nothing happens where none is visible. */
export function announceChange(): void {
  revision++;
  tellWindow?.({ revision, selected: figma.currentPage.selection.length });
}

/** Tells of new selections, and of paints that change below them: by undo, by other people, by hand. */
export function watchDocument(tell: (changed: Changed) => void): void {
  tellWindow = tell;
  const onNodeChange = ({ nodeChanges }: NodeChangeEvent): void => {
    if (nodeChanges.some(isWatched)) announceChange();
  };
  let page = figma.currentPage;
  page.on('nodechange', onNodeChange);
  figma.on('currentpagechange', () => {
    page.off('nodechange', onNodeChange);
    page = figma.currentPage;
    page.on('nodechange', onNodeChange);
    announceChange();
  });
  figma.on('selectionchange', announceChange);
  figma.on('stylechange', announceChange);
}

function isWatched(change: NodeChange): boolean {
  if (change.type !== 'PROPERTY_CHANGE') return true;
  return change.properties.some((property) => WATCHED.includes(property));
}

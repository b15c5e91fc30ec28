import type { EventPayload } from '../protocol/messages.js';

type Changed = EventPayload<'selection.changed'>;

/** Properties of a node whose change may alter what the window shows. */
const WATCHED: readonly NodeChangeProperty[] = [
  'fills',
  'strokes',
  'backgrounds',
  'fillStyleId',
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

/** Tells of new selections, and of paints that change below them: by undo, by other people, by hand. */
export function watchDocument(tell: (changed: Changed) => void): void {
  const announce = (): void => {
    revision++;
    tell({ revision, selected: figma.currentPage.selection.length });
  };
  const onNodeChange = ({ nodeChanges }: NodeChangeEvent): void => {
    if (nodeChanges.some(isWatched)) announce();
  };
  let page = figma.currentPage;
  page.on('nodechange', onNodeChange);
  figma.on('currentpagechange', () => {
    page.off('nodechange', onNodeChange);
    page = figma.currentPage;
    page.on('nodechange', onNodeChange);
    announce();
  });
  figma.on('selectionchange', announce);
  figma.on('stylechange', announce);
}

function isWatched(change: NodeChange): boolean {
  if (change.type !== 'PROPERTY_CHANGE') return true;
  return change.properties.some((property) => WATCHED.includes(property));
}

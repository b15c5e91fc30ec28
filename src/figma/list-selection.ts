import type { RequestPayload } from '../protocol/messages.js';
import type { LayerRef, SelectionImage, SelectionInfo, SelectionStyle, Skipped } from '../protocol/replies.js';
import { listSkipped, skipLayer } from './describe-skip.js';
import { knownFault, knownSize, readImageSize } from './fetch-image.js';
import type { FoundImage } from './find-images.js';
import { groupBy } from './group-by.js';
import { commonRecipe } from './memory.js';
import { nameOf } from './name-of.js';
import { currentScope, openScope } from './scope.js';
import { readStored } from './store.js';
import { surveySelection } from './survey.js';
import { keepSelection } from './told-selections.js';
import { announceChange, currentRevision, nextRevision, watchPages } from './watch-document.js';

/** Answers `selection.get`: one entry an original image, styles apart, and what is known to be left out. */
export async function listSelection({ scope = 'selection' }: RequestPayload<'selection.get'>): Promise<SelectionInfo> {
  const before = currentScope();
  const nodes = await openScope(scope);
  watchPages();
  // What was told under a revision stays what it was.
  if (scope !== before) nextRevision();
  const revision = currentRevision();
  keepSelection(revision, nodes);
  const { images: found, skipped } = await surveySelection(nodes, false);
  await learnSizes(found);
  const groups = groupBy(found, ({ original }) => original);
  const images: SelectionImage[] = [];
  const faults: Skipped[] = [...skipped];
  for (const [hash, paints] of groups) {
    const reason = knownFault(hash);
    if (reason) faults.push(...paints.map(({ node }) => skipLayer(node, reason)));
    else images.push(describeImage(hash, paints));
  }
  return {
    revision,
    selected: nodes.length,
    images,
    styles: listStyles(found),
    skipped: listSkipped(faults),
    recolored: countRecolored(found),
  };
}

function isRecolored({ shown, original }: FoundImage): boolean {
  return shown !== original;
}

/**
 * Asks for the sizes that are not known yet, which also tells what is above 4096. Images that Figma holds answer
 * within the time of a look into storage; those still on the network do not keep the window waiting: it is told when
 * they are known.
 */
async function learnSizes(found: readonly FoundImage[]): Promise<void> {
  const hashes = [...new Set(found.map(({ original }) => original))].filter((hash) => !knownSize(hash));
  if (hashes.length === 0) return;
  let isAnswered = false;
  const learning = Promise.all(hashes.map(readImageSize)).then((sizes) => {
    if (isAnswered && sizes.some((size) => size !== undefined)) announceChange();
  });
  await Promise.race([learning, readStored('settings')]);
  isAnswered = true;
}

function describeImage(hash: string, paints: readonly FoundImage[]): SelectionImage {
  const size = knownSize(hash);
  return {
    hash,
    shown: [...new Set(paints.map(({ shown }) => shown))],
    width: size?.width ?? null,
    height: size?.height ?? null,
    layers: listLayers(paints.filter(({ style }) => !style)),
    styleIds: [...new Set(paints.flatMap(({ style }) => (style ? [style.id] : [])))],
    ...commonRecipe(paints.filter(isRecolored).map(({ memory }) => memory)),
  };
}

/** Each layer once a kind of place. */
function listLayers(paints: readonly FoundImage[]): LayerRef[] {
  const layers = new Map<string, LayerRef>();
  for (const { node, where } of paints) {
    if (!node.removed) layers.set(`${node.id} ${where}`, { id: node.id, name: nameOf(node), where });
  }
  return [...layers.values()];
}

function listStyles(found: readonly FoundImage[]): SelectionStyle[] {
  const groups = groupBy(found, ({ style }) => style?.id ?? '');
  groups.delete('');
  return [...groups].map(([id, paints]) => {
    const { name = '', remote = true } = paints[0]?.style ?? {};
    const layers = new Set(paints.map(({ node }) => node.id)).size;
    return { id, name, layers, remote, hashes: [...new Set(paints.map(({ original }) => original))] };
  });
}

function countRecolored(found: readonly FoundImage[]): number {
  return new Set(found.filter(isRecolored).map(({ node }) => node.id)).size;
}

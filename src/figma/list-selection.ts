import type { Recipe } from '../core/types.js';
import type { LayerRef, SelectionImage, SelectionInfo, SelectionStyle, Skipped } from '../protocol/messages.js';
import { knownFault, readImageSize } from './fetch-image.js';
import { type FoundPaint, surveySelection } from './survey-selection.js';
import { currentRevision } from './watch-document.js';

/** Answers `selection.get`: one entry an original image, styles apart, and what is known to be left out. */
export async function listSelection(): Promise<SelectionInfo> {
  const revision = currentRevision();
  const selected = figma.currentPage.selection.length;
  const { found, skipped } = await surveySelection();
  const sizes = await readSizes(found);
  const groups = groupBy(found, ({ original }) => original);
  const images: SelectionImage[] = [];
  const faults: Skipped[] = [...skipped];
  for (const [hash, paints] of groups) {
    const reason = knownFault(hash);
    if (reason) faults.push(...listLayers(paints).map(({ name, id }) => ({ layer: name, layerId: id, reason })));
    else images.push(describeImage(hash, paints, sizes.get(hash)));
  }
  return { revision, selected, images, styles: listStyles(found), skipped: faults, recolored: countRecolored(found) };
}

/** The recipe that all recolored paints share; undefined when they disagree or none remembers one. */
export function findCommonRecipe(found: readonly FoundPaint[]): Recipe | undefined {
  const recipes = found.filter(isRecolored).map(({ memory }) => memory.recipe);
  const [first] = recipes;
  const text = JSON.stringify(first);
  return first && recipes.every((recipe) => JSON.stringify(recipe) === text) ? first : undefined;
}

function isRecolored({ shown, original }: FoundPaint): boolean {
  return shown !== original;
}

/** Sizes of all images at once; asking for one also learns whether it is above 4096. */
async function readSizes(
  found: readonly FoundPaint[],
): Promise<ReadonlyMap<string, { width: number; height: number }>> {
  const sizes = new Map<string, { width: number; height: number }>();
  const hashes = [...new Set(found.map(({ original }) => original))];
  await Promise.all(
    hashes.map(async (hash) => {
      const size = await readImageSize(hash);
      if (size) sizes.set(hash, size);
    }),
  );
  return sizes;
}

function describeImage(
  hash: string,
  paints: readonly FoundPaint[],
  size: { width: number; height: number } | undefined,
): SelectionImage {
  const recipe = findCommonRecipe(paints);
  return {
    hash,
    shown: [...new Set(paints.map(({ shown }) => shown))],
    width: size?.width ?? null,
    height: size?.height ?? null,
    layers: listLayers(paints.filter(({ style }) => !style)),
    styleIds: [...new Set(paints.flatMap(({ style }) => (style ? [style.id] : [])))],
    ...(recipe && { recipe }),
  };
}

/** Each layer once a kind of place. */
function listLayers(paints: readonly FoundPaint[]): LayerRef[] {
  const layers = new Map<string, LayerRef>();
  for (const { node, where } of paints) {
    if (!node.removed) layers.set(`${node.id} ${where}`, { id: node.id, name: node.name, where });
  }
  return [...layers.values()];
}

function listStyles(found: readonly FoundPaint[]): SelectionStyle[] {
  const groups = groupBy(found, ({ style }) => style?.id ?? '');
  groups.delete('');
  return [...groups].map(([id, paints]) => {
    const { name = '', remote = true } = paints[0]?.style ?? {};
    const layers = new Set(paints.map(({ node }) => node.id)).size;
    return { id, name, layers, remote, hashes: [...new Set(paints.map(({ original }) => original))] };
  });
}

function countRecolored(found: readonly FoundPaint[]): number {
  return new Set(found.filter(isRecolored).map(({ node }) => node.id)).size;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

import type { RequestPayload } from '../protocol/messages.js';
import type { LayerCensus } from '../protocol/replies.js';
import { packRgb } from './color-slots.js';
import { knownFault } from './fetch-image.js';
import { commonRecipe } from './memory.js';
import { surveySelection } from './survey.js';
import { selectionAt } from './told-selections.js';
import { currentRevision } from './watch-document.js';

/** Answers `layers.census`: what one plan for layers and images together is measured on. */
export async function listLayerColors({ revision: shown }: RequestPayload<'layers.census'>): Promise<LayerCensus> {
  const revision = shown ?? currentRevision();
  const { colors: found, images: pictures } = await surveySelection(selectionAt(shown), true);
  const areas = new Map<number, number>();
  for (const { original, area } of found) add(areas, packRgb(original.rgb), area);
  const images = new Map<string, number>();
  for (const { original, area } of pictures) {
    if (!knownFault(original)) add(images, original, area);
  }
  const ours = found.filter(({ isOurs }) => isOurs);
  const styles = new Map(found.flatMap(({ style }) => (style ? [[style.id, style] as const] : [])));
  return {
    revision,
    colors: [...areas].map(([color, area]) => ({ color, area })),
    images: Object.fromEntries(images),
    layers: new Set(found.map(({ node }) => node.id)).size,
    styles: [...styles.values()].map(({ id, name, remote }) => ({ id, name, remote })),
    recolored: new Set(ours.map(({ node }) => node.id)).size,
    ...commonRecipe(ours.map(({ memory }) => memory)),
  };
}

function add<K>(sums: Map<K, number>, key: K, amount: number): void {
  sums.set(key, (sums.get(key) ?? 0) + amount);
}

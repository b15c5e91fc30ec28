import type { ColorCollection, RequestReply } from '../protocol/messages.js';
import { alive } from './alive.js';
import { type ColorProfile, readColorProfile, rgbToCss } from './css-color.js';
import { clipName } from './name-of.js';
import { createVariableResolver, type VariableResolver } from './resolve-variable.js';

type ColorStyle = RequestReply<'colors.list'>['styles'][number];

/** Answers `colors.list`. */
export async function listColors(): Promise<RequestReply<'colors.list'>> {
  const profile = readColorProfile();
  const [collections, styles] = await Promise.all([listCollections(profile), listColorStyles(profile)]);
  return { collections, styles, selection: listSelectionColors(profile) };
}

/** Local paint styles of exactly one solid color. */
export async function listColorStyles(profile: ColorProfile): Promise<ColorStyle[]> {
  const styles = await alive(figma.getLocalPaintStylesAsync());
  return styles.flatMap(({ id, name, paints }) => {
    const [paint] = paints;
    return paints.length === 1 && paint?.type === 'SOLID'
      ? [{ id, name: clipName(name), color: rgbToCss(paint.color, profile) }]
      : [];
  });
}

async function listCollections(profile: ColorProfile): Promise<ColorCollection[]> {
  const resolver = createVariableResolver();
  const [collections, variables] = await Promise.all([
    alive(figma.variables.getLocalVariableCollectionsAsync()),
    alive(figma.variables.getLocalVariablesAsync('COLOR')),
  ]);
  const byId = new Map(variables.map((variable) => [variable.id, variable]));
  const listed = await Promise.all(
    collections.map(async (collection) => {
      const own = collection.variableIds.flatMap((id) => byId.get(id) ?? []);
      return {
        id: collection.id,
        name: clipName(collection.name),
        modes: collection.modes.map(({ modeId, name }) => ({ id: modeId, name: clipName(name) })),
        defaultModeId: collection.defaultModeId,
        variables: await Promise.all(own.map((variable) => describeVariable(variable, collection, resolver, profile))),
      };
    }),
  );
  return listed.filter((collection) => collection.variables.length > 0);
}

async function describeVariable(
  variable: Variable,
  collection: VariableCollection,
  resolver: VariableResolver,
  profile: ColorProfile,
): Promise<ColorCollection['variables'][number]> {
  // An extended collection overrides some values of the one it extends.
  const given = collection.isExtension
    ? await alive(variable.valuesByModeForCollectionAsync(collection))
    : variable.valuesByMode;
  const values: Record<string, string | null> = {};
  for (const { modeId } of collection.modes) {
    const rgb = await resolver.resolve(given, modeId);
    values[modeId] = rgb && rgbToCss(rgb, profile);
  }
  return { id: variable.id, name: clipName(variable.name), values };
}

/** Solid colors and gradient stops of the selection, each once; null above Figma's limit, empty with no selection. */
function listSelectionColors(profile: ColorProfile): string[] | null {
  if (figma.currentPage.selection.length === 0) return [];
  const colors = figma.getSelectionColors();
  if (!colors) return null;
  const paints = [...colors.paints, ...colors.styles.flatMap((style) => [...style.paints])];
  const css = paints.flatMap((paint) => {
    if (paint.type === 'SOLID') return [rgbToCss(paint.color, profile)];
    return 'gradientStops' in paint ? paint.gradientStops.map(({ color }) => rgbToCss(color, profile)) : [];
  });
  return [...new Set(css)];
}

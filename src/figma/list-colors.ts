import type { ColorCollection, RequestReply } from '../protocol/replies.js';
import { alive, orNull } from './alive.js';
import { type ColorProfile, readColorProfile, rgbToCss } from './css-color.js';
import { importedVariables } from './libraries.js';
import { clipName } from './name-of.js';
import { createVariableResolver, type VariableResolver } from './resolve-variable.js';
import { surveySelection } from './survey.js';
import { isForColors } from './variable-scopes.js';

type ColorStyle = RequestReply<'colors.list'>['styles'][number];

/** Answers `colors.list`: the file's own, and those of libraries that the selection uses already. */
export async function listColors(): Promise<RequestReply<'colors.list'>> {
  const profile = readColorProfile();
  const { colors: used } = await surveySelection(figma.currentPage.selection, true);
  const [collections, styles] = await Promise.all([
    listCollections(profile, [...used.flatMap(({ slot }) => slot.variable ?? []), ...importedVariables()]),
    listColorStyles(profile),
  ]);
  const remote = used.flatMap(({ style }) => (style?.remote && style.style?.type === 'PAINT' ? [style.style] : []));
  const library = describeStyles([...new Map(remote.map((style) => [style.id, style])).values()], profile);
  return { collections, styles: [...styles, ...library], selection: listSelectionColors(profile) };
}

/** Local paint styles of exactly one solid color. */
export async function listColorStyles(profile: ColorProfile): Promise<ColorStyle[]> {
  return describeStyles(await orNone(() => figma.getLocalPaintStylesAsync()), profile);
}

function describeStyles(styles: readonly PaintStyle[], profile: ColorProfile): ColorStyle[] {
  return styles.flatMap(({ id, name, paints }) => {
    const [paint] = paints;
    const isOne = paints.length === 1 && paint?.type === 'SOLID';
    return isOne ? [{ id, name: clipName(name), color: rgbToCss(paint.color, profile) }] : [];
  });
}

/** @param used ids of variables that the selection is bound to, or that were imported: those of libraries are listed, too */
async function listCollections(profile: ColorProfile, used: readonly string[]): Promise<ColorCollection[]> {
  const resolver = createVariableResolver();
  const [local, variables, bound] = await Promise.all([
    orNone(() => figma.variables.getLocalVariableCollectionsAsync()),
    orNone(() => figma.variables.getLocalVariablesAsync('COLOR')),
    Promise.all([...new Set(used)].map(resolver.findVariable)),
  ]);
  const remote = bound.filter((variable) => variable?.remote === true && variable.resolvedType === 'COLOR');
  const libraries = [...new Set(remote.map((variable) => variable?.variableCollectionId ?? ''))];
  const foreign = (await Promise.all(libraries.map(resolver.findCollection))).flatMap((collection) => collection ?? []);
  const offered = [...variables, ...remote].flatMap((variable) =>
    variable && isForColors(variable) ? [variable] : [],
  );
  const byId = new Map(offered.map((variable) => [variable.id, variable]));
  const listed = await Promise.all(
    [...local, ...foreign].map(async (collection) => {
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

/** Not every editor that runs plugins has variables and styles: what one lacks must not hide the rest. */
async function orNone<T>(list: () => Promise<T[]>): Promise<readonly T[]> {
  try {
    return (await orNull(list())) ?? [];
  } catch {
    return []; // it has not even the call
  }
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

/** Null also where an editor has none. */
function readSelectionColors(): ReturnType<typeof figma.getSelectionColors> {
  try {
    return figma.getSelectionColors();
  } catch {
    return null;
  }
}

/** Solid colors and gradient stops of the selection, each once; null above Figma's limit, empty with no selection. */
function listSelectionColors(profile: ColorProfile): string[] | null {
  if (figma.currentPage.selection.length === 0) return [];
  const colors = readSelectionColors();
  if (!colors) return null;
  const paints = [...colors.paints, ...colors.styles.flatMap((style) => [...style.paints])];
  const css = paints.flatMap((paint) => {
    if (paint.type === 'SOLID') return [rgbToCss(paint.color, profile)];
    return 'gradientStops' in paint ? paint.gradientStops.map(({ color }) => rgbToCss(color, profile)) : [];
  });
  return [...new Set(css)];
}

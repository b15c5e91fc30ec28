import type { RequestPayload } from '../protocol/messages.js';
import { orNull } from './alive.js';
import { takesOklch } from './authored-color.js';
import { channelDistance, isSameColor, packRgb, type SlotColor, slotColorOf, unpackRgb } from './color-slots.js';
import type { FoundColor } from './find-colors.js';
import { isStyle } from './holder.js';
import type { ColorEdit } from './paint-edit.js';
import { planWrites, type Spot } from './plan-writes.js';
import { isForPlace } from './variable-scopes.js';

/** A color that a job may change. */
export interface ColorTarget extends Spot {
  readonly stop?: number | undefined;
  readonly alpha: number;
  readonly shown: SlotColor;
  readonly original: SlotColor;
}

/** What colors become, and the variables that may be bound for them. */
export type ColorMap = Omit<RequestPayload<'job.paint'>, 'jobId'>;

/** A variable with another alpha would change how translucent a stop or shadow is. */
const ALPHA_TOLERANCE = 1 / 255;
/** Rounding of float32, so that a distance of exactly the tolerance counts as within. */
const SLACK = 1e-6;

export const planColors = (found: readonly FoundColor[], includeStyles: boolean) =>
  planWrites(found, includeStyles, ({ slot, original }) => {
    const { stop, alpha } = slot;
    return { stop, alpha, shown: slotColorOf(slot), original };
  });

/** Edits for the colors that do not show what they should yet. A color that its map leaves alone gets its original back. */
export async function makeColorEdits(
  targets: readonly ColorTarget[],
  { colors, bind }: ColorMap,
): Promise<readonly ColorEdit[]> {
  const map = new Map(colors.map((change) => [change.from, change]));
  const originals = targets.flatMap(({ original }) => original.variable ?? []);
  const variables = await findVariables([...(bind?.variableIds ?? []), ...originals]);
  const findNearest =
    bind &&
    createMatcher(
      bind.variableIds.flatMap((id) => variables.get(id) ?? []),
      bind.tolerance,
    );
  return targets.flatMap((target): ColorEdit[] => {
    const { shown, original } = target;
    const from = packRgb(original.rgb);
    const change = map.get(from);
    // Never asked for: it came after the job had begun.
    if (change === undefined) return [];
    const wanted =
      change.to === from
        ? existing(original, variables)
        : (findNearest?.(target, unpackRgb(change.to)) ?? authoredColor(change));
    if (isSameColor(wanted, shown)) return [];
    return [editOf(target, wanted, variables)];
  });
}

/** As exact as the document keeps it. */
function authoredColor({ to, exact }: ColorMap['colors'][number]): SlotColor {
  if (!exact || !takesOklch()) return { rgb: unpackRgb(to) };
  return { rgb: exact.rgb, source: { space: 'OKLCH', ...exact.oklch } };
}

/** Edits that bring originals back. */
export async function makeColorRestores(targets: readonly ColorTarget[]): Promise<readonly ColorEdit[]> {
  const variables = await findVariables(targets.flatMap(({ original }) => original.variable ?? []));
  return targets.map((target) => {
    const wanted = existing(target.original, variables);
    return { ...editOf(target, wanted, variables), first: wanted };
  });
}

function editOf(
  { holder, name, key, index, stop, shown, original }: ColorTarget,
  wanted: SlotColor,
  variables: ReadonlyMap<string, Variable>,
): ColorEdit {
  const variable = wanted.variable === undefined ? undefined : variables.get(wanted.variable);
  return { holder, name, key, index, stop, shown, wanted, variable, first: original };
}

/** A variable may have been deleted since: then its last color is all there is. */
function existing(color: SlotColor, variables: ReadonlyMap<string, Variable>): SlotColor {
  const { variable, ...plain } = color;
  return variable === undefined || variables.has(variable) ? color : plain;
}

async function findVariables(ids: readonly string[]): Promise<ReadonlyMap<string, Variable>> {
  const found = await Promise.all([...new Set(ids)].map((id) => orNull(figma.variables.getVariableByIdAsync(id))));
  return new Map(found.flatMap((variable) => (variable ? [[variable.id, variable] as const] : [])));
}

/** A variable and its value for a layer. */
interface Resolved {
  readonly variable: Variable;
  readonly value: RGBA;
}

type Matcher = (target: ColorTarget, rgb: RGB) => SlotColor | undefined;

/** Finds the nearest variable by its value in a layer's own modes. Styles have none, so nothing is bound in them. */
function createMatcher(variables: readonly Variable[], tolerance: number): Matcher {
  const values = new Map<string, readonly Resolved[]>();
  const valuesFor = (node: SceneNode): readonly Resolved[] => {
    const modes = modesKey(node);
    const known = values.get(modes) ?? variables.flatMap((variable) => resolveFor(variable, node));
    values.set(modes, known);
    return known;
  };
  return ({ holder, key, alpha }, rgb) => {
    if (isStyle(holder)) return undefined;
    let nearest: SlotColor | undefined;
    let least = tolerance / 255 + SLACK;
    for (const { variable, value } of valuesFor(holder)) {
      if (!isForPlace(variable, holder, key)) continue;
      if (Math.abs((value.a ?? 1) - alpha) > ALPHA_TOLERANCE) continue;
      const distance = channelDistance(value, rgb);
      if (distance > least || (nearest && distance === least)) continue;
      least = distance;
      nearest = { rgb: { r: value.r, g: value.g, b: value.b }, variable: variable.id };
    }
    return nearest;
  };
}

/**
 * What tells two layers' modes apart: those set on the layer and above. `resolvedVariableModes` will not do: it leaves out
 * collections that the layer does not use yet.
 */
function modesKey(node: SceneNode): string {
  const modes: Record<string, string> = {};
  for (let at: BaseNode | null = node; at; at = at.parent) {
    if ('explicitVariableModes' in at) Object.assign(modes, { ...at.explicitVariableModes, ...modes });
  }
  return JSON.stringify(Object.entries(modes).sort());
}

function resolveFor(variable: Variable, node: SceneNode): Resolved[] {
  try {
    const { value } = variable.resolveForConsumer(node);
    return typeof value === 'object' && 'r' in value ? [{ variable, value: value as RGBA }] : [];
  } catch {
    return [];
  }
}

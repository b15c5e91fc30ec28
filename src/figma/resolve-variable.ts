import { orNull } from './alive.js';

type Values = Readonly<Record<string, VariableValue>>;

/** Looks variables up once each; the value of a color variable in a mode, through aliases and composed colors. */
export interface VariableResolver {
  /** Null for a cycle, a reference that leads nowhere, or something that is no color. */
  resolve(values: Values, modeId: string): Promise<RGB | null>;
  /** Null for one that Figma does not find. */
  findVariable(id: string): Promise<Variable | null>;
  findCollection(id: string): Promise<VariableCollection | null>;
}

export function createVariableResolver(): VariableResolver {
  const variables = new Map<string, Promise<Variable | null>>();
  const collections = new Map<string, Promise<VariableCollection | null>>();

  function findVariable(id: string): Promise<Variable | null> {
    const known = variables.get(id) ?? orNull(figma.variables.getVariableByIdAsync(id));
    variables.set(id, known);
    return known;
  }

  function findCollection(id: string): Promise<VariableCollection | null> {
    const known = collections.get(id) ?? orNull(figma.variables.getVariableCollectionByIdAsync(id));
    collections.set(id, known);
    return known;
  }

  /** @param path ids on the way here: meeting one again is a cycle */
  async function resolveValue(value: unknown, modeId: string, path: readonly string[]): Promise<RGB | null> {
    if (isRgb(value)) return value;
    if (typeof value !== 'object' || value === null) return null;
    if ('color' in value) return resolveValue((value as { color: unknown }).color, modeId, path);
    if (!isAlias(value) || path.includes(value.id)) return null;
    const target = await findVariable(value.id);
    if (target?.resolvedType !== 'COLOR') return null;
    // An alias into another collection takes that collection's default mode.
    const mode =
      modeId in target.valuesByMode ? modeId : (await findCollection(target.variableCollectionId))?.defaultModeId;
    return mode === undefined ? null : resolveValue(target.valuesByMode[mode], mode, [...path, value.id]);
  }

  return {
    findVariable,
    findCollection,
    resolve: (values, modeId) => resolveValue(values[modeId], modeId, []),
  };
}

function isRgb(value: unknown): value is RGB {
  return typeof value === 'object' && value !== null && 'r' in value && 'g' in value && 'b' in value;
}

function isAlias(value: object): value is VariableAlias {
  return (value as { type?: unknown }).type === 'VARIABLE_ALIAS';
}

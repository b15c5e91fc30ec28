/** Colors in paints and effects as strict as Figma is with them, and as it stores them: in float32. */

const ALIAS = 'VARIABLE_ALIAS';

export interface Rgba {
  readonly r: number;
  readonly g: number;
  readonly b: number;
  readonly a?: number;
  /** As it was authored; Figma gives back what it was given. */
  readonly sourceColor?: Readonly<Record<string, unknown>>;
}

const SOURCES: Readonly<Record<string, string>> = {
  SRGB: 'rgb',
  DISPLAY_P3: 'rgb',
  HSL: 'hsl',
  HSB: 'hsb',
  OKLAB: 'lab',
  OKLCH: 'lch',
};

/** What validation must know of the document's variables. */
export interface VariableCheck {
  /** Whether a color variable of this id exists. */
  knows(id: string): boolean;
  /** Its value for a node, undefined for a style and where it leads nowhere. */
  resolve(id: string, nodeId: string | undefined): Rgba | undefined;
}

/** @param hasAlpha RGBA with `a` required, or RGB that must have none */
export function checkColor(value: unknown, place: string, hasAlpha: boolean): Rgba {
  if (typeof value !== 'object' || value === null) throw new TypeError(`${place}: Expected a color`);
  const keys = hasAlpha ? ['r', 'g', 'b', 'a'] : ['r', 'g', 'b'];
  const given = value as Record<string, unknown>;
  for (const key of Object.keys(given)) {
    if (!keys.includes(key) && key !== 'sourceColor')
      throw new TypeError(`${place}: unrecognized key ${key} in a color`);
  }
  const entries = keys.map((key) => {
    const channel = given[key];
    if (typeof channel !== 'number' || channel < 0 || channel > 1) {
      throw new TypeError(`${place}: ${key} must be a number from 0 to 1, got ${String(channel)}`);
    }
    return [key, Math.fround(channel)];
  });
  const { sourceColor } = given;
  if (sourceColor === undefined) return Object.fromEntries(entries) as Rgba;
  checkSource(sourceColor, `${place}.sourceColor`);
  return { ...Object.fromEntries(entries), sourceColor } as unknown as Rgba;
}

function checkSource(value: unknown, place: string): void {
  const { space, ...channels } = (value ?? {}) as Record<string, unknown>;
  const keys = SOURCES[String(space)];
  if (keys === undefined) throw new TypeError(`${place}: unknown space ${String(space)}`);
  const isFine = Object.values(channels).every((channel) => typeof channel === 'number');
  if (!isFine || Object.keys(channels).sort().join('') !== [...keys].sort().join('')) {
    throw new TypeError(`${place}: expected the channels ${[...keys].join()} of ${String(space)}`);
  }
}

/** @returns the id of the variable that `color` is bound to */
export function checkBinding(
  value: unknown,
  fields: readonly string[],
  place: string,
  variables: VariableCheck,
): string | undefined {
  if (value === undefined) return undefined;
  const bound = value as Record<string, { type?: unknown; id?: unknown }>;
  for (const [field, alias] of Object.entries(bound)) {
    if (!fields.includes(field)) throw new TypeError(`${place}: ${field} cannot be bound to a variable`);
    if (alias?.type !== ALIAS || typeof alias.id !== 'string') throw new TypeError(`${place}: expected a ${ALIAS}`);
    if (field === 'color' && !variables.knows(alias.id)) {
      throw new Error(`${place}: no color variable with id ${alias.id}`);
    }
  }
  return bound.color?.id as string | undefined;
}

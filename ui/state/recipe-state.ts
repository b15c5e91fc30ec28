import { DEFAULT_CHANNELS, DEFAULT_STRENGTH, DEFAULT_TOLERANCE, LOOK_BLEND, MAX_ROWS } from '../../src/core/options.js';
import { kindOf, type RowKind } from '../../src/core/row/kind.js';
import type { Blend, Channels, Recipe, Row as RecipeRow } from '../../src/core/types.js';
import { RECIPE_VERSION } from '../../src/core/version.js';

/** A row of the recipe with an id that survives reordering, and always a known on or off. */
export interface Row extends RecipeRow {
  readonly id: number;
  readonly enabled: boolean;
}

/** What can be undone. */
export interface Edit {
  readonly name: string | undefined;
  readonly rows: readonly Row[];
  readonly channels: Channels;
  readonly blend: Blend;
  /** The open row. */
  readonly selected: number | undefined;
}

/** What a surface is repainted, or kept, by unless somebody says otherwise; more flattens the falloff. Percent. */
export const FULL_STRENGTH = 100;

let lastId = 0;

function makeRow(row: Partial<RecipeRow> & { color: string }): Row {
  return {
    ...(row.reach === undefined && { tolerance: DEFAULT_TOLERANCE }),
    strength: DEFAULT_STRENGTH,
    ...row,
    enabled: row.enabled ?? true,
    id: ++lastId,
  };
}

export function editFromRecipe(recipe: Recipe): Edit {
  const rows = recipe.rows.map(makeRow);
  return { name: recipe.name, rows, channels: recipe.channels, blend: recipe.blend, selected: rows[0]?.id };
}

export const EMPTY_EDIT: Edit = {
  name: undefined,
  rows: [],
  channels: DEFAULT_CHANNELS,
  blend: LOOK_BLEND,
  selected: undefined,
};

/** The recipe as files and hosts know it. It may have no rows, which nothing accepts. */
export function recipeFromEdit({ name, rows, channels, blend }: Edit): Recipe {
  const written = rows.map(writeRow);
  return { version: RECIPE_VERSION, ...(name !== undefined && { name }), rows: written, channels, blend };
}

function writeRow({ color, from, keep, tolerance, reach, strength, enabled }: Row): RecipeRow {
  return {
    color,
    ...(from !== undefined && { from }),
    ...(keep && { keep }),
    ...(reach === undefined ? { tolerance } : { reach }),
    strength,
    ...(!enabled && { enabled }),
  };
}

/** The rows that act, in the order of a plan's rows. */
export function enabledRows(edit: Edit): readonly Row[] {
  return edit.rows.filter(({ enabled }) => enabled);
}

/** @returns the edit with the last of the new rows open; as it was where there is no room for all of them */
export function addRows(edit: Edit, added: readonly (Partial<RecipeRow> & { color: string })[]): Edit {
  if (edit.rows.length + added.length > MAX_ROWS) return edit;
  const rows = [...edit.rows, ...added.map(makeRow)];
  return { ...edit, name: undefined, rows, selected: rows.at(-1)?.id };
}

export function addRow(edit: Edit, color: string): Edit {
  return addRows(edit, [{ color }]);
}

/** A row that repaints what was picked; its target is chosen next. */
export function addRepaint(edit: Edit, from: string): Edit {
  return addRows(edit, [{ color: from, from, reach: 'auto', strength: FULL_STRENGTH }]);
}

export function addKeep(edit: Edit, color: string): Edit {
  return addRows(edit, [{ color, keep: true, reach: 'auto', strength: FULL_STRENGTH }]);
}

/** What makes a row one of another kind, its color and, where it can, its reach kept. */
export function asKind(row: Row, kind: RowKind): Partial<Row> {
  const was = kindOf(row);
  if (was === kind) return {};
  const surface = row.from ?? row.color;
  const wasPercent =
    was === 'attractor' ? { tolerance: undefined, reach: 'auto' as const, strength: FULL_STRENGTH } : {};
  if (kind === 'keep') return { color: surface, from: undefined, keep: true, ...wasPercent };
  if (kind === 'repaint') return { color: row.color, from: surface, keep: undefined, ...wasPercent };
  return {
    from: undefined,
    keep: undefined,
    tolerance: DEFAULT_TOLERANCE,
    reach: undefined,
    strength: DEFAULT_STRENGTH,
  };
}

export function changeRow(edit: Edit, id: number, change: Partial<Row>): Edit {
  return {
    ...edit,
    name: undefined,
    rows: edit.rows.map((row) => (row.id === id ? { ...row, ...change, enabled: change.enabled ?? row.enabled } : row)),
  };
}

/** The row with what it is about replaced: of a repaint row where it starts from, of others their color. */
export function aimRow(edit: Edit, id: number, color: string): Edit {
  const row = edit.rows.find((one) => one.id === id);
  return changeRow(edit, id, row?.from === undefined ? { color } : { from: color });
}

/** @returns the edit with the row gone and its neighbor open */
export function removeRow(edit: Edit, id: number): Edit {
  const at = edit.rows.findIndex((row) => row.id === id);
  const rows = edit.rows.filter((row) => row.id !== id);
  const neighbor = rows[Math.min(at, rows.length - 1)]?.id;
  return { ...edit, name: undefined, rows, selected: edit.selected === id ? neighbor : edit.selected };
}

export function duplicateRow(edit: Edit, id: number): Edit {
  const at = edit.rows.findIndex((row) => row.id === id);
  const original = edit.rows[at];
  if (!original || edit.rows.length >= MAX_ROWS) return edit;
  const copy = makeRow(original);
  return {
    ...edit,
    name: undefined,
    rows: [...edit.rows.slice(0, at + 1), copy, ...edit.rows.slice(at + 1)],
    selected: copy.id,
  };
}

/** @param to place from 0; clamped */
export function moveRow(edit: Edit, id: number, to: number): Edit {
  const from = edit.rows.findIndex((row) => row.id === id);
  const row = edit.rows[from];
  const target = Math.min(edit.rows.length - 1, Math.max(0, to));
  if (!row || target === from) return edit;
  const others = edit.rows.filter((other) => other !== row);
  return { ...edit, rows: [...others.slice(0, target), row, ...others.slice(target)] };
}

export function setBlend(edit: Edit, blend: Blend): Edit {
  return { ...edit, name: undefined, blend };
}

/** Switches a channel; the last one that is on stays on. */
export function toggleChannel(edit: Edit, channel: keyof Channels): Edit {
  const channels = { ...edit.channels, [channel]: !edit.channels[channel] };
  if (!channels.luminance && !channels.saturation && !channels.hue) return edit;
  return { ...edit, name: undefined, channels };
}

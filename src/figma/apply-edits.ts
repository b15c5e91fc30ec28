import type { Recipe } from '../core/types.js';
import {
  type ApplyReport,
  MAX_DETAIL_LENGTH,
  MAX_SKIPPED,
  type Skipped,
  type SkipReason,
} from '../protocol/messages.js';
import { alive } from './alive.js';
import { isSameColor } from './color-slots.js';
import { type Holder, type Item, isStyle } from './holder.js';
import { listSlots } from './list-slots.js';
import { loadFonts } from './load-fonts.js';
import {
  addressOf,
  type Coloring,
  findOriginals,
  isRemembering,
  type Memory,
  originalOf,
  readMemory,
  writeMemory,
} from './memory.js';
import { applyEdit, isColorEdit, type PaintEdit, stateOf } from './paint-edit.js';
import { type Place, readPlaces } from './read-places.js';
import { setRelaunch } from './relaunch.js';
import { type Written, writePlace, writeRegions } from './write-places.js';

interface Group {
  readonly holder: Holder;
  readonly name: string;
  readonly edits: readonly PaintEdit[];
}

/** What a batch gathers. */
interface Outcome {
  readonly done: Set<PaintEdit>;
  readonly skipped: Skipped[];
  readonly waits: Promise<void>[];
}

/**
 * Changes the given image hashes and colors and nothing else of their paints and effects, as one undo step: fonts first,
 * then every holder is read again and written in one synchronous batch between two commits.
 *
 * @param recipe remembered on the holders; undefined restores: the memory and the relaunch buttons go
 */
export async function applyEdits(edits: readonly PaintEdit[], recipe: Recipe | undefined): Promise<ApplyReport> {
  const groups = groupByHolder(edits);
  const fontless = await loadFonts(groups);
  const lostStyles = await findLostStyles(groups);
  const outcome: Outcome = { done: new Set(), skipped: [], waits: [] };
  if (groups.length > 0) figma.commitUndo();
  for (const group of groups) {
    if (fontless.has(group.holder)) skip(outcome, group, 'missing-font');
    else if (lostStyles.has(group.holder)) skip(outcome, group, 'removed');
    else writeGroup(group, recipe, outcome);
  }
  await Promise.all(outcome.waits);
  if (outcome.done.size > 0) figma.commitUndo();
  return summarize(outcome);
}

function writeGroup(group: Group, recipe: Recipe | undefined, outcome: Outcome): void {
  const { holder } = group;
  try {
    if (!isStyle(holder) && holder.removed) {
      skip(outcome, group, 'removed');
      return;
    }
    const before = readMemory(holder);
    const places = readPlaces(holder);
    const finish = (edits: readonly PaintEdit[]): void => {
      for (const edit of edits) outcome.done.add(edit);
      try {
        remember(holder, before, group, recipe, outcome.done);
      } catch (error) {
        for (const edit of edits) outcome.done.delete(edit);
        throw error;
      }
    };
    // An instance follows its component: when that was written before, the new image is here already.
    const arrived = group.edits.filter((edit) => stateIn(places, edit) === 'after');
    if (arrived.length > 0) finish(arrived);

    const changes = places.flatMap((place) => makeChange(place, group.edits) ?? []);
    const isRegion = ({ place }: Change): boolean => place.where === 'region';
    const regions = changes.filter(isRegion);
    if (regions.length > 0) {
      const write = (paintsOf: (change: Change) => Item[]): Written =>
        writeRegions(
          holder as VectorNode,
          regions.map((change) => ({ key: change.place.key, paints: paintsOf(change) })),
        );
      const edits = regions.flatMap((change) => change.edits);
      attempt(write, () => finish(edits), group, outcome);
    }
    for (const change of changes.filter((one) => !isRegion(one))) {
      const write = (paintsOf: (change: Change) => Item[]): Written =>
        writePlace(holder, { key: change.place.key, paints: paintsOf(change) });
      attempt(write, () => finish(change.edits), group, outcome);
    }
    if (group.edits.some((edit) => stateIn(places, edit) === 'other')) {
      skip(outcome, group, 'changed');
    }
  } catch (error) {
    skip(outcome, group, 'refused', error);
  }
}

/** New paints for one place. */
interface Change {
  readonly place: Place;
  readonly paints: Item[];
  readonly edits: readonly PaintEdit[];
}

/** The place's paints with the edits made, all others as they were. */
function makeChange(place: Place, wanted: readonly PaintEdit[]): Change | undefined {
  const edits = wanted.filter((edit) => stateIn([place], edit) === 'before');
  if (edits.length === 0) return undefined;
  const paints = place.paints.map((item, index) =>
    edits.filter((edit) => edit.index === index).reduce(applyEdit, item),
  );
  return { place, paints, edits };
}

function stateIn(places: readonly Place[], edit: PaintEdit): ReturnType<typeof stateOf> {
  return stateOf(places.find(({ key }) => key === edit.key)?.paints[edit.index], edit);
}

/** Writes, then remembers. What cannot be remembered could never be restored, so it is taken back. */
function attempt(
  write: (paintsOf: (change: Change) => Item[]) => Written,
  finish: () => void,
  group: Group,
  outcome: Outcome,
): void {
  const refuse = (error: unknown): void => skip(outcome, group, 'refused', error);
  const finishOrRevert = (): Written => {
    try {
      finish();
      return undefined;
    } catch (error) {
      refuse(error);
      return write(({ place }) => [...place.paints]);
    }
  };
  try {
    const waiting = write(({ paints }) => paints);
    const rest = waiting ? alive(waiting).then(finishOrRevert) : finishOrRevert();
    if (rest) outcome.waits.push(rest.catch(refuse));
  } catch (error) {
    refuse(error);
  }
}

/** Notes the originals of what the holder shows now; older entries go. */
function remember(
  holder: Holder,
  before: Memory,
  group: Group,
  recipe: Recipe | undefined,
  done: ReadonlySet<PaintEdit>,
): void {
  const known: Record<string, string> = { ...before.originals };
  const ranges = group.edits.filter((edit) => done.has(edit)).map(({ key }) => key);
  const places = readPlaces(holder, ranges);
  const colors = rememberColors(places, before, group, done);
  for (const edit of group.edits) if (!isColorEdit(edit) && done.has(edit)) known[edit.to] = edit.original;
  const originals: Record<string, string> = {};
  for (const { paints } of places) {
    for (const paint of paints) {
      if (paint.type !== 'IMAGE' || paint.imageHash === null) continue;
      const original = originalOf({ originals: known }, paint.imageHash);
      if (original !== paint.imageHash) originals[paint.imageHash] = original;
    }
  }
  const remembered = recipe ?? before.recipe;
  const memory = { originals, ...(colors.length > 0 && { colors }), ...(remembered && { recipe: remembered }) };
  writeMemory(holder, memory);
  setRelaunch(holder, isRemembering(memory));
}

/** What is shown and what it was, for each color that this plugin wrote, now or before. */
function rememberColors(
  places: readonly Place[],
  before: Memory,
  group: Group,
  done: ReadonlySet<PaintEdit>,
): Coloring[] {
  const known: Coloring[] = [...(before.colors ?? [])];
  for (const edit of group.edits) {
    if (!isColorEdit(edit) || !done.has(edit)) continue;
    const at = addressOf(edit.key, edit.index, edit.stop);
    known.unshift({ at, shown: edit.wanted, original: edit.first });
  }
  const slots = listSlots(places);
  return [...findOriginals(known, slots)].flatMap(([at, original]): Coloring[] => {
    const shown = slots.get(at);
    return shown && !isSameColor(original, shown) ? [{ at, shown, original }] : [];
  });
}

function skip(outcome: Outcome, { holder, name }: Group, reason: SkipReason, error?: unknown): void {
  const detail = error instanceof Error ? error.message : error === undefined ? undefined : String(error);
  outcome.skipped.push({
    layer: name,
    layerId: holder.id,
    reason,
    ...(detail !== undefined && { detail: detail.slice(0, MAX_DETAIL_LENGTH) }),
  });
}

/** A report with what was left out before. It must fit its message whatever happened: the document is written by now. */
export function addSkipped(before: readonly Skipped[], report: ApplyReport): ApplyReport {
  return { ...report, skipped: [...before, ...report.skipped].slice(0, MAX_SKIPPED) };
}

/** A style cannot tell that it was deleted, but Figma no longer finds it. */
async function findLostStyles(groups: readonly Group[]): Promise<ReadonlySet<Holder>> {
  const lost = new Set<Holder>();
  const check = async ({ holder }: Group): Promise<void> => {
    if (isStyle(holder) && !(await alive(figma.getStyleByIdAsync(holder.id)).catch(() => null))) lost.add(holder);
  };
  await Promise.all(groups.map(check));
  return lost;
}

function groupByHolder(edits: readonly PaintEdit[]): Group[] {
  const groups = new Map<string, { holder: Holder; name: string; edits: PaintEdit[] }>();
  for (const edit of edits) {
    const group = groups.get(edit.holder.id);
    if (group) group.edits.push(edit);
    else groups.set(edit.holder.id, { holder: edit.holder, name: edit.name, edits: [edit] });
  }
  return [...groups.values()];
}

function summarize({ done, skipped }: Outcome): ApplyReport {
  // Figma hands out a new object each time: the id tells.
  const holders = [...new Map([...done].map(({ holder }) => [holder.id, holder])).values()];
  const styles = holders.filter(isStyle).length;
  const all = [...done];
  const images = new Set(all.flatMap((edit) => (isColorEdit(edit) ? [] : [edit.to]))).size;
  const colors = all.filter(isColorEdit);
  const bound = colors.filter(({ variable }) => variable !== undefined).length;
  const counts = { ...(colors.length > 0 && { colors: colors.length }), ...(bound > 0 && { bound }) };
  return { layers: holders.length - styles, styles, images, ...counts, skipped };
}

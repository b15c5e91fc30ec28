import type { Recipe } from '../core/types.js';
import type { ApplyReport, Skipped, SkipReason } from '../protocol/messages.js';
import { alive } from './alive.js';
import { loadFonts } from './load-fonts.js';
import { type Memory, originalOf, readMemory, writeMemory } from './memory.js';
import { type Holder, isStyle, type Place, readPlaces } from './read-places.js';
import { setRelaunch } from './relaunch.js';
import { type Written, writePlace, writeRegions } from './write-places.js';

/** One image paint to be changed. */
export interface HashEdit {
  readonly holder: Holder;
  /** The holder's name, for the report: a removed one can no longer tell. */
  readonly name: string;
  readonly key: string;
  readonly index: number;
  /** The hash it must still show, or it is left alone. */
  readonly from: string;
  readonly to: string;
  /** What Restore is to bring back. */
  readonly original: string;
}

interface Group {
  readonly holder: Holder;
  readonly name: string;
  readonly edits: readonly HashEdit[];
}

/** What a batch gathers. */
interface Outcome {
  readonly done: Set<HashEdit>;
  readonly skipped: Skipped[];
  readonly waits: Promise<void>[];
}

/**
 * Changes `imageHash` of the given paints and nothing else of them, as one undo step: fonts first, then every holder
 * is read again and written in one synchronous batch between two commits.
 *
 * @param recipe remembered on the holders; undefined restores: the memory and the relaunch buttons go
 */
export async function applyHashes(edits: readonly HashEdit[], recipe: Recipe | undefined): Promise<ApplyReport> {
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
    const finish = (edits: readonly HashEdit[]): void => {
      for (const edit of edits) outcome.done.add(edit);
      try {
        remember(holder, before, group, recipe, outcome.done);
      } catch (error) {
        for (const edit of edits) outcome.done.delete(edit);
        throw error;
      }
    };
    // An instance follows its component: when that was written before, the new image is here already.
    const arrived = group.edits.filter((edit) => shows(places, edit, edit.to));
    if (arrived.length > 0) finish(arrived);

    const changes = places.flatMap((place) => makeChange(place, group.edits) ?? []);
    const isRegion = ({ place }: Change): boolean => place.where === 'region';
    const regions = changes.filter(isRegion);
    if (regions.length > 0) {
      const write = (paintsOf: (change: Change) => Paint[]): Written =>
        writeRegions(
          holder as VectorNode,
          regions.map((change) => ({ key: change.place.key, paints: paintsOf(change) })),
        );
      const edits = regions.flatMap((change) => change.edits);
      attempt(write, () => finish(edits), group, outcome);
    }
    for (const change of changes.filter((one) => !isRegion(one))) {
      const write = (paintsOf: (change: Change) => Paint[]): Written =>
        writePlace(holder, { key: change.place.key, paints: paintsOf(change) });
      attempt(write, () => finish(change.edits), group, outcome);
    }
    if (group.edits.some((edit) => !shows(places, edit, edit.from) && !shows(places, edit, edit.to))) {
      skip(outcome, group, 'changed');
    }
  } catch (error) {
    skip(outcome, group, 'refused', error);
  }
}

/** New paints for one place. */
interface Change {
  readonly place: Place;
  readonly paints: Paint[];
  readonly edits: readonly HashEdit[];
}

/** The place's paints with new hashes, crop, filters, opacity and all other paints as they were. */
function makeChange(place: Place, wanted: readonly HashEdit[]): Change | undefined {
  const edits = wanted.filter((edit) => shows([place], edit, edit.from) && edit.from !== edit.to);
  if (edits.length === 0) return undefined;
  const paints = place.paints.map((paint, index) => {
    const edit = edits.find((one) => one.index === index);
    return edit && paint.type === 'IMAGE' ? { ...paint, imageHash: edit.to } : paint;
  });
  return { place, paints, edits };
}

function shows(places: readonly Place[], { key, index }: HashEdit, hash: string): boolean {
  const paint = places.find((place) => place.key === key)?.paints[index];
  return paint?.type === 'IMAGE' && paint.imageHash === hash;
}

/** Writes, then remembers. What cannot be remembered could never be restored, so it is taken back. */
function attempt(
  write: (paintsOf: (change: Change) => Paint[]) => Written,
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
  done: ReadonlySet<HashEdit>,
): void {
  const known: Record<string, string> = { ...before.originals };
  for (const edit of group.edits) if (done.has(edit)) known[edit.to] = edit.original;
  const originals: Record<string, string> = {};
  for (const { paints } of readPlaces(holder)) {
    for (const paint of paints) {
      if (paint.type !== 'IMAGE' || paint.imageHash === null) continue;
      const original = originalOf({ originals: known }, paint.imageHash);
      if (original !== paint.imageHash) originals[paint.imageHash] = original;
    }
  }
  const remembered = recipe ?? before.recipe;
  writeMemory(holder, { originals, ...(remembered && { recipe: remembered }) });
  setRelaunch(holder, Object.keys(originals).length > 0);
}

function skip(outcome: Outcome, { holder, name }: Group, reason: SkipReason, error?: unknown): void {
  const detail = error instanceof Error ? error.message : error === undefined ? undefined : String(error);
  outcome.skipped.push({ layer: name, layerId: holder.id, reason, ...(detail !== undefined && { detail }) });
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

function groupByHolder(edits: readonly HashEdit[]): Group[] {
  const groups = new Map<string, { holder: Holder; name: string; edits: HashEdit[] }>();
  for (const edit of edits) {
    const group = groups.get(edit.holder.id);
    if (group) group.edits.push(edit);
    else groups.set(edit.holder.id, { holder: edit.holder, name: edit.name, edits: [edit] });
  }
  return [...groups.values()];
}

function summarize({ done, skipped }: Outcome): ApplyReport {
  const holders = [...new Set([...done].map(({ holder }) => holder))];
  const styles = holders.filter(isStyle).length;
  const images = new Set([...done].map(({ to }) => to)).size;
  return { layers: holders.length - styles, styles, images, skipped };
}

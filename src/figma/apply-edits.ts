import type { SkipReason } from '../protocol/messages.js';
import type { ApplyReport, Skipped } from '../protocol/replies.js';
import { alive, orNull } from './alive.js';
import { summarize } from './apply-report.js';
import { describeSkip } from './describe-skip.js';
import { groupBy } from './group-by.js';
import { type Holder, type Item, isStyle } from './holder.js';
import { partIntoWaves } from './instance-waves.js';
import { loadFonts } from './load-fonts.js';
import { type Doing, type Memory, readMemory } from './memory.js';
import { editItems, type Located, locateEdits, type PaintEdit } from './paint-edit.js';
import { type Place, readPlaces } from './read-places.js';
import { remember } from './remember.js';
import { type Written, writePlace, writeRegions } from './write-places.js';

interface Group {
  readonly holder: Holder;
  readonly name: string;
  readonly edits: readonly PaintEdit[];
}

/** New paints for one place, and how they fared. */
interface Change {
  readonly place: Place;
  readonly paints: readonly Item[];
  readonly edits: readonly PaintEdit[];
  isDone: boolean;
}

/** What is to be written to one holder. */
interface Plan extends Group {
  readonly before: Memory;
  readonly places: readonly Place[];
  readonly changes: readonly Change[];
  /** Edits that came true by themselves: an instance follows its component. */
  readonly arrived: readonly PaintEdit[];
  /** Of Figma's asynchronous writers. */
  readonly waits: Promise<void>[];
}

type Skip = (group: Group, reason: SkipReason, error?: unknown) => void;

/**
 * Changes the given image hashes and colors and nothing else of their paints and effects, as one undo step: all is read, all
 * is written, all is remembered. The caller begins the step; it stays open, since Figma's `triggerUndo` goes back to the last commit, until something
 * else is written or the window says that the person went on (`undo.settle`).
 *
 * @param doing remembered on the holders; undefined restores: the memory and the relaunch buttons go
 * @param place where the edits go in the end. Called once all is ready that has to be waited for: the plugin may be closed meanwhile
 */
export async function applyEdits(
  edits: readonly PaintEdit[],
  doing: Doing | undefined,
  place: (edits: readonly PaintEdit[]) => readonly PaintEdit[] = (same) => same,
): Promise<ApplyReport> {
  const [ready, lostStyles] = await Promise.all([loadFonts(edits), findLostStyles(edits)]);
  const groups = groupByHolder(place(ready));
  const skipped: Skipped[] = [];
  const skip: Skip = (group, reason, error) => void skipped.push(describeSkip(group, reason, error));
  const done: PaintEdit[] = [];
  const finish = (plan: Plan): void => void done.push(...rememberPlan(plan, doing, skip));

  const plans: Plan[] = [];
  for (const wave of partIntoWaves(groups)) {
    const read = wave.flatMap((group) => makePlan(group, lostStyles, skip) ?? []);
    for (const plan of read) {
      if (plan.edits.some(({ isFontless }) => isFontless) && !canWrite(plan)) skip(plan, 'missing-font');
      else writePlan(plan, skip);
    }
    plans.push(...read);
  }
  // What is written already is remembered before anything is waited for: the plugin may be closed meanwhile.
  for (const plan of plans) if (plan.waits.length === 0) finish(plan);
  const waiting = plans.filter(({ waits }) => waits.length > 0);
  await Promise.all(waiting.flatMap(({ waits }) => waits));
  for (const plan of waiting) finish(plan);
  await Promise.all(waiting.flatMap(({ waits }) => waits));
  return summarize(done, skipped);
}

/** Reads a holder and decides what to write; undefined for one that is gone. */
function makePlan(group: Group, lostStyles: ReadonlySet<string>, skip: Skip): Plan | undefined {
  const { holder, edits } = group;
  try {
    if (isStyle(holder) ? lostStyles.has(holder.id) : holder.removed) {
      skip(group, 'removed');
      return undefined;
    }
    const places = readPlaces(holder);
    const found = places.map((place) =>
      locateEdits(
        place.paints,
        edits.filter(({ key }) => key === place.key),
      ),
    );
    const changes = places.flatMap((place, i) => makeChange(place, found[i] as Located[]) ?? []);
    const all = found.flat();
    const arrived = all.filter(({ state }) => state === 'after').map(({ edit, index }) => ({ ...edit, index }));
    if (all.length < edits.length || all.some(({ state }) => state === 'other')) skip(group, 'changed');
    return { ...group, before: readMemory(holder), places, changes, arrived, waits: [] };
  } catch (error) {
    skip(group, 'refused', error);
    return undefined;
  }
}

/** The place's paints with the edits made, all others as they were. */
function makeChange(place: Place, located: readonly Located[]): Change | undefined {
  const { items, edits } = editItems(place.paints, located);
  return edits.length === 0 ? undefined : { place, paints: items, edits, isDone: false };
}

/** Whether Figma takes paints of text whose font is missing: tried with those that are there, since half a text would be odd. */
function canWrite({ holder, changes }: Plan): boolean {
  try {
    for (const { place } of changes) {
      if (place.where === 'text') writePlace(holder, { key: place.key, paints: [...place.paints] });
    }
    return true;
  } catch {
    return false;
  }
}

/** Writes what changes; each change is then done, or refused and named. */
function writePlan(plan: Plan, skip: Skip): void {
  for (const changes of byWriter(plan.changes)) {
    const settle = (): void => {
      for (const change of changes) change.isDone = true;
    };
    attempt(plan, () => writeChanges(plan.holder, changes, false), settle, skip);
  }
}

/** Regions go together, since a vector's network is replaced as a whole; any other place goes by itself. */
function byWriter(changes: readonly Change[]): readonly (readonly Change[])[] {
  const regions = changes.filter(({ place }) => place.where === 'region');
  const others = changes.filter(({ place }) => place.where !== 'region').map((change) => [change]);
  return regions.length > 0 ? [regions, ...others] : others;
}

/** @param isBack writes the paints of before */
function writeChanges(holder: Holder, changes: readonly Change[], isBack: boolean): Written {
  const lists = changes.map(({ place, paints }) => ({ key: place.key, paints: [...(isBack ? place.paints : paints)] }));
  const [first] = lists;
  if (changes[0]?.place.where === 'region') return writeRegions(holder as VectorNode, lists);
  return first && writePlace(holder, first);
}

function attempt(plan: Plan, write: () => Written, settle: () => void, skip: Skip): void {
  const fail = (error: unknown): void => skip(plan, 'refused', error);
  try {
    const waiting = write();
    if (waiting) plan.waits.push(alive(waiting).then(settle).catch(fail));
    else settle();
  } catch (error) {
    fail(error);
  }
}

/** Remembers what was done. What cannot be remembered could never be restored, so it is taken back. @returns edits that count */
function rememberPlan(plan: Plan, doing: Doing | undefined, skip: Skip): readonly PaintEdit[] {
  const { holder, before, places, changes, arrived } = plan;
  const written = changes.filter(({ isDone }) => isDone);
  const done = [...arrived, ...written.flatMap(({ edits }) => edits)];
  if (done.length === 0) return [];
  const now = places.map((place) => written.find((change) => change.place === place) ?? place);
  try {
    const shown = now.map((one) => ('place' in one ? { key: one.place.key, paints: one.paints } : one));
    remember({ holder, before, places: shown, done }, doing);
    return done;
  } catch (error) {
    skip(plan, 'refused', error);
    const settle = (): void => undefined;
    for (const back of byWriter(written)) attempt(plan, () => writeChanges(holder, back, true), settle, skip);
    return [];
  }
}

/** Ids: a style cannot tell that it was deleted, but Figma no longer finds it. */
async function findLostStyles(edits: readonly PaintEdit[]): Promise<ReadonlySet<string>> {
  const ids = new Set(edits.flatMap(({ holder }) => (isStyle(holder) ? [holder.id] : [])));
  const lost = await Promise.all([...ids].map(async (id) => ((await orNull(figma.getStyleByIdAsync(id))) ? [] : [id])));
  return new Set(lost.flat());
}

function groupByHolder(edits: readonly PaintEdit[]): Group[] {
  return [...groupBy(edits, ({ holder }) => holder.id).values()].flatMap((group) => {
    const [first] = group;
    return first ? [{ holder: first.holder, name: first.name, edits: group }] : [];
  });
}

/** Undo and redo. Changes with the same tag in quick succession are one step: a drag of a slider is one edit. */
export interface History<T> {
  readonly past: readonly T[];
  readonly present: T;
  readonly future: readonly T[];
  readonly tag: string | undefined;
  /** When `present` was set, milliseconds. */
  readonly at: number;
}

/** Steps kept. */
const LIMIT = 200;
const SAME_STEP_MS = 800;

export function startHistory<T>(present: T): History<T> {
  return { past: [], present, future: [], tag: undefined, at: 0 };
}

/**
 * @param tag names the control that changed; undefined never joins the step before
 * @param isHeld the pointer has been down since the step before: a drag is one step however long it rests
 */
export function record<T>(
  history: History<T>,
  present: T,
  tag: string | undefined,
  now: number,
  isHeld = false,
): History<T> {
  if (Object.is(present, history.present)) return history;
  const joins = tag !== undefined && tag === history.tag && (isHeld || now - history.at < SAME_STEP_MS);
  const past = joins ? history.past : [...history.past.slice(1 - LIMIT), history.present];
  return { past, present, future: [], tag, at: now };
}

export function undo<T>(history: History<T>): History<T> {
  const previous = history.past.at(-1);
  if (previous === undefined) return history;
  const { past, present, future } = history;
  return { past: past.slice(0, -1), present: previous, future: [present, ...future], tag: undefined, at: 0 };
}

export function redo<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future, tag: undefined, at: 0 };
}

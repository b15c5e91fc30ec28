/** Apply and Restore: what they wait for, what they tell, and whose undo it is afterwards. */
import type { Recipe } from '../../src/core/types.js';
import { describeReason, describeReport } from '../../src/protocol/describe-report.js';
import type { SkipReason } from '../../src/protocol/messages.js';
import type { ApplyReport } from '../../src/protocol/replies.js';
import { applyRecipe, isCanceled, type JobProgress } from './apply.js';
import { fixReaches } from './matching.js';
import type { Model } from './model.js';
import type { Notices } from './notices.js';
import { enabledRows, recipeFromEdit } from './recipe-state.js';
import { namedColors } from './references.js';
import { placementIn, writeSettings } from './settings.js';
import { createStore, type Store } from './store.js';

const DONE: Readonly<Record<JobProgress['verb'], string>> = { Recoloring: 'Recolored', Restoring: 'Restored' };

export interface Jobs {
  /** Undefined while nothing runs. */
  readonly progress: Store<JobProgress | undefined>;
  isRunning(): boolean;
  /** The last thing done was a job: undo belongs to the document. */
  isLast(): boolean;
  /** Something else was done, or is about to be: the document's undo is its own again. */
  moveOn(): void;
  /** The person is in the document, or in the window again. */
  leave(): void;
  comeBack(): void;
  /** Takes back what the last job wrote. */
  undo(): Promise<void>;
  /** Both do nothing while one of them runs. */
  apply(): Promise<void>;
  restore(): Promise<void>;
  cancel(): void;
}

type Parts = Pick<
  Model,
  | 'host'
  | 'engine'
  | 'selection'
  | 'history'
  | 'layers'
  | 'design'
  | 'library'
  | 'includeStyles'
  | 'placement'
  | 'scope'
  | 'sheet'
  | 'matching'
  | 'resolve'
>;

interface JobHooks {
  readonly onApplied: (recipe: Recipe) => void;
  /** What was applied is not applied any more. */
  readonly onUndone: () => void;
  /** After each job: the layers hold something else now. */
  readonly onDone: () => Promise<void>;
}

export function createJobs(parts: Parts, notices: Notices, { onApplied, onUndone, onDone }: JobHooks): Jobs {
  const { host, engine, selection, history, layers, design, library, includeStyles, placement, resolve } = parts;
  const { scope, sheet, matching } = parts;
  const { notice, tell, showError, takeKept, dropAction } = notices;
  const progress = createStore<JobProgress | undefined>(undefined);
  let running: AbortController | undefined;
  let isLast = false;
  /** Nobody is in the window: what is undone is undone in the document. */
  let isAway = false;

  /** Runs a job, one at a time, and says how it went. */
  async function work(
    { verb, ...start }: JobProgress,
    run: (signal: AbortSignal) => Promise<ApplyReport>,
  ): Promise<void> {
    // Undone in the middle of this one, the last job would take away what this one began with.
    moveOn();
    running = new AbortController();
    notice.set(undefined);
    progress.set({ verb, ...start });
    try {
      const result = await run(running.signal);
      const skipped = result.skipped.map(({ layer, reason, detail }) => `${layer}: ${sayWhy(reason, detail)}`);
      const details = [...skipped, ...takeKept()];
      // What changed nothing left nothing in the document to undo; nor is there a document of files.
      isLast = host.kind === 'figma' && !isNothing(result);
      tell(
        host.kind === 'file' ? describeFiles(result) : describeReport(result, DONE[verb]),
        isNothing(result),
        details,
        isLast ? { label: 'Undo', run: () => void undo() } : undefined,
      );
      if (isAway) moveOn();
    } catch (error) {
      if (isCanceled(error)) tell('Canceled. Nothing was changed.', false, takeKept());
      else showError(error);
    }
    progress.set(undefined);
    running = undefined;
  }

  function moveOn(): void {
    if (!isLast) return;
    isLast = false;
    dropAction();
    void host.settleUndo().catch(showError);
  }

  async function undo(): Promise<void> {
    if (!isLast) return;
    isLast = false;
    notice.set(undefined);
    try {
      await host.undo();
      onUndone();
      tell('Undone');
    } catch (error) {
      showError(error);
    }
  }

  async function apply(): Promise<void> {
    const { images = [], revision = 0 } = selection.get() ?? {};
    const hashes = images.map(({ hash }) => hash).filter((hash) => !sheet.unticked.get().has(hash));
    const withColors = layers.isActive();
    const { present } = history.get();
    if (hashes.length === 0 && !withColors) return;
    if (running || enabledRows(present).length === 0) return;
    const named = recipeFromEdit(present);
    const whereTo = placementIn(scope.get(), placement.get());
    const leader = matching.leader();
    let applied: Recipe | undefined;
    await work({ verb: 'Recoloring', done: 0, total: hashes.length }, async (signal) => {
      const resolved = resolve(named);
      const tokens = namedColors(named, design.tokens.get());
      let recipe = resolved;
      const report = await applyRecipe(host, engine, hashes, {
        includeStyles: includeStyles.get(),
        withColors,
        placement: whereTo,
        revision,
        bind: design.bindingFor(),
        async prepare() {
          const radii = await matching.measure(resolved, leader);
          recipe = fixReaches(resolved, radii);
          return { recipe, remembered: { recipe: fixReaches(named, radii), ...(tokens && { tokens }) } };
        },
        measured: () => layers.ready(signal),
        signal,
        onProgress: (state) => progress.set({ verb: 'Recoloring', ...state }),
      });
      if (!isNothing(report)) applied = recipe;
      return report;
    });
    if (applied) {
      onApplied(named);
      await library.remember(applied);
    }
    await writeSettings(host, { withColors, placement: placement.get() });
    await onDone().catch(showError);
  }

  async function restore(): Promise<void> {
    const shown = selection.get();
    if (running || !shown) return;
    await work({ verb: 'Restoring', done: 0, total: 0 }, () =>
      host.restore({ includeStyles: includeStyles.get(), revision: shown.revision }),
    );
    await onDone().catch(showError);
  }

  return {
    progress,
    isRunning: () => running !== undefined,
    isLast: () => isLast,
    moveOn,
    leave() {
      isAway = true;
      moveOn();
    },
    comeBack() {
      isAway = false;
    },
    undo,
    apply,
    restore,
    cancel: () => running?.abort(),
  };
}

function isNothing({ layers, styles }: ApplyReport): boolean {
  return layers + styles === 0;
}

/** A skip's reason in words; what the codec says is more exact, where it says something. */
function sayWhy(reason: SkipReason, detail: string | undefined): string {
  return detail?.replace(/^image: /, '') ?? describeReason(reason);
}

/** The report for files, which are no layers. */
function describeFiles({ images, skipped }: ApplyReport): string {
  const done = images === 0 ? 'Nothing recolored' : `Recolored ${images} ${images === 1 ? 'image' : 'images'}`;
  return skipped.length === 0 ? done : `${done}, skipped ${skipped.length}`;
}

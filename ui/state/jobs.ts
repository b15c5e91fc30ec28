/** Apply and Restore: what they wait for, what they tell, and whose undo it is afterwards. */
import type { Recipe } from '../../src/core/types.js';
import { describeReason, describeReport } from '../../src/protocol/describe-report.js';
import type { ApplyReport, SkipReason } from '../../src/protocol/messages.js';
import { type ApplyProgress, applyRecipe, isCanceled } from './apply.js';
import type { Model } from './model.js';
import type { Notices } from './notices.js';
import { enabledRows, recipeFromEdit } from './recipe-state.js';
import { createStore, type Store } from './store.js';

export interface Jobs {
  /** Undefined while nothing runs. */
  readonly progress: Store<ApplyProgress | undefined>;
  isRunning(): boolean;
  /** The last thing done was a job: undo belongs to the document. */
  isLast(): boolean;
  /** Something else was done. */
  moveOn(): void;
  apply(): Promise<void>;
  restore(): Promise<void>;
  cancel(): void;
}

type Parts = Pick<
  Model,
  | 'host'
  | 'engine'
  | 'session'
  | 'selection'
  | 'history'
  | 'layers'
  | 'design'
  | 'library'
  | 'includeStyles'
  | 'resolve'
>;

/** @param onApplied after each Apply: the layers hold something else now */
export function createJobs(parts: Parts, notices: Notices, onApplied: () => Promise<void>): Jobs {
  const { host, engine, session, selection, history, layers, design, library, includeStyles, resolve } = parts;
  const { notice, tell, showError, takeKept } = notices;
  const progress = createStore<ApplyProgress | undefined>(undefined);
  let applying: AbortController | undefined;
  let isLast = false;

  /** Runs a job and says how it went. */
  async function report(run: () => Promise<ApplyReport>, verb: string): Promise<void> {
    try {
      const result = await run();
      const skipped = result.skipped.map(({ layer, reason, detail }) => `${layer}: ${sayWhy(reason, detail)}`);
      const details = [...skipped, ...takeKept()];
      tell(
        host.kind === 'file' ? describeFiles(result) : describeReport(result, verb),
        result.layers + result.styles === 0,
        details,
      );
      isLast = true;
    } catch (error) {
      if (isCanceled(error)) tell('Canceled. Nothing was changed.', false, takeKept());
      else showError(error);
    }
  }

  async function apply(): Promise<void> {
    const hashes = selection.get()?.images.map(({ hash }) => hash) ?? [];
    const withColors = layers.isActive();
    const { present } = history.get();
    const isNothing = hashes.length === 0 && !withColors;
    if (applying || isNothing || enabledRows(present).length === 0 || session.get()?.editable === false) return;
    applying = new AbortController();
    const { signal } = applying;
    notice.set(undefined);
    progress.set({ done: 0, total: hashes.length });
    let applied: Recipe | undefined;
    await report(async () => {
      const recipe = resolve(recipeFromEdit(present));
      await layers.ready(signal);
      applied = recipe;
      return applyRecipe(host, engine, hashes, recipe, {
        includeStyles: includeStyles.get(),
        withColors,
        bind: design.bindingFor(),
        signal,
        onProgress: (state) => progress.set(state),
      });
    }, 'Recolored');
    progress.set(undefined);
    applying = undefined;
    if (applied) await library.remember(applied);
    await host.writeStorage('settings', { withColors }).catch(() => undefined); // for "Re-run last"
    await onApplied().catch(showError);
  }

  return {
    progress,
    isRunning: () => applying !== undefined,
    isLast: () => isLast,
    moveOn() {
      isLast = false;
    },
    apply,
    restore: () => report(() => host.restore(includeStyles.get()), 'Restored'),
    cancel: () => applying?.abort(),
  };
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

/** The model at work: its parts, and what happens in one of them when another changes. */
import type { Recipe } from '../../src/core/types.js';
import type { Placement, Scope } from '../../src/protocol/messages.js';
import type { SelectionInfo } from '../../src/protocol/replies.js';
import type { Host, Session } from '../host.js';
import type { Engine } from '../worker/engine.js';
import { followBackend } from './backend-line.js';
import { createDesign } from './design.js';
import { createDraft } from './draft.js';
import { createEditing } from './editing.js';
import { createJobs } from './jobs.js';
import { createLayerColors } from './layer-colors.js';
import { createLibrary } from './library.js';
import { createReachMatcher } from './matching.js';
import { COLOR_BOARD, type ImageState, type Model } from './model.js';
import { createNotices } from './notices.js';
import { createOpening } from './opening.js';
import { createPointer } from './pointer.js';
import { EMPTY_EDIT, editFromRecipe, recipeFromEdit } from './recipe-state.js';
import { hasReferences, resolveReferences } from './references.js';
import { createResults } from './results.js';
import { createResume } from './resume.js';
import { createSelecting } from './selecting.js';
import { readSettings } from './settings.js';
import { createSheet } from './sheet.js';
import { createStore } from './store.js';
import { waitForPicture } from './wait-for-picture.js';

/** @param inWorker known once the engine has started */
export function createModel(host: Host, engine: Engine, inWorker: boolean | Promise<boolean>): Model {
  const session = createStore<Session | undefined>(undefined);
  const selection = createStore<SelectionInfo | undefined>(undefined);
  const image = createStore<ImageState>({ kind: 'none' });
  const includeStyles = createStore(false);
  const placement = createStore<Placement>('replace');
  const scope = createStore<Scope>('selection');
  const notices = createNotices();
  const { notice, tell, showError, keep } = notices;
  const onError = showError;
  const isHeadless = (): boolean => session.get()?.headless === true;
  const resolve = (recipe: Recipe): Recipe => resolveReferences(recipe, design.tokens.get());

  const draft = createDraft(host);
  const editing = createEditing(draft, { tokens: () => design.tokens.get(), onStep: () => jobs.moveOn() });
  const { history, edit } = editing;
  const sheet = createSheet(host, engine);
  const library = createLibrary(host);
  const layers = createLayerColors(host, engine, () => session.get()?.colorProfile ?? 'srgb');
  const matching = createReachMatcher({ host, engine, selection, isPooled: layers.isActive });
  const design = createDesign(host, engine, {
    measured: () => waitForPicture({ selection, image, layers }),
    onSuggestion: (recipe) => edit(() => editFromRecipe(recipe), 'design'),
    onError,
  });
  const resume = createResume(history, design, draft);
  const results = createResults({
    ...{ engine, image, history, design, layers, matching, sheet, resolve, onError },
    onAsk: () => !isHeadless() && backend.touch(),
  });
  const pointer = createPointer(results.preview, history);
  const opening = createOpening({ host, engine, image, layers, results });
  const jobs = createJobs(
    {
      ...{ host, engine, selection, history, layers, design, library, resolve },
      ...{ includeStyles, placement, scope, sheet, matching },
    },
    notices,
    {
      // Unless it was edited meanwhile.
      onApplied: (recipe) => isPresent(recipe) && draft.keep(undefined),
      onUndone: editing.keepDraft,
      onDone: () => selecting.refreshLayers(),
    },
  );
  const selecting = createSelecting({
    ...{ host, session, selection, scope, image, layers, sheet, opening, resume, onError },
    isRunning: jobs.isRunning,
  });
  const isBusy = (): boolean => jobs.isRunning() || image.get().kind === 'loading' || !results.isIdle();
  const backend = followBackend(engine, inWorker, isBusy);

  const isPresent = (recipe: Recipe): boolean =>
    JSON.stringify(recipeFromEdit(history.get().present)) === JSON.stringify(recipe);

  engine.onNotice((sentence) => {
    if (jobs.isRunning()) keep(sentence);
    else tell(sentence, false);
    void backend.refresh().catch(onError);
  });
  layers.changes.subscribe(() => void showPool().catch(onError));
  // Colors were picked before there was anything to match.
  image.subscribe(() => {
    if (image.get().kind === 'open' && design.picked.get().size > 0 && !design.match.get()) design.matchAgain();
  });

  /** The plan is measured on something else; without images the layers' colors are the picture. */
  async function showPool(): Promise<void> {
    if (selection.get()?.images.length === 0) await opening.openPool();
    results.refresh();
  }

  async function resumeDraft(opened: Session): Promise<void> {
    const resumed = await resume.readDraft(opened);
    if (!resumed) return;
    edit(() => resumed);
    const discard = (): void => edit(() => EMPTY_EDIT);
    tell('Your unfinished rows are back', false, [], { label: 'Discard', run: discard });
  }

  async function start(): Promise<void> {
    host.onSelectionChange(selecting.follow);
    const opened = await host.start();
    session.set(opened);
    if (opened.command === 'design-system') layers.isOn.set(true);
    const [settings] = await Promise.all([readSettings(host), resumeDraft(opened)]);
    placement.set(settings.placement);
    await Promise.all([library.load(), selecting.read()]);
    if (!isHeadless()) void backend.refresh().catch(onError);
  }

  return {
    ...{ host, engine, library, session, selection, image, notice, design, layers },
    ...{ includeStyles, placement, scope, sheet, matching, resolve, tell },
    ...{ history, edit, press: editing.press, select: editing.select },
    ...{ mode: results.mode, preview: results.preview, detail: results.detail, themes: results.themes },
    ...{ isComparing: results.isComparing, peek: results.peeked.set, pointed: pointer.pointed, point: pointer.point },
    ...{ progress: jobs.progress, apply: jobs.apply, restore: jobs.restore, cancel: jobs.cancel, leave: jobs.leave },
    backendLine: backend.line,
    setScope: selecting.setScope,
    start: () => start().catch(onError),
    loadColors() {
      design.load().catch(() => undefined); // without them the picker only offers less
    },
    recover() {
      layers.rebuild();
      // What was only being opened waits for the person: perhaps it was too much.
      const state = image.get();
      if (state.kind === 'open' && state.hash !== COLOR_BOARD) void opening.open(state.hash);
    },
    lookAgain() {
      jobs.comeBack();
      selecting.follow();
      if (design.list.get()) void design.load(true).catch(onError);
    },
    async adopt(recipe) {
      if (hasReferences(recipe)) await design.load();
      resolve(recipe);
      edit(() => editFromRecipe(recipe));
    },
    showImage: (hash) => void opening.open(hash),
    undo() {
      if (jobs.isLast()) void jobs.undo();
      else editing.undo();
    },
    redo: editing.redo,
    async close() {
      await draft.flush();
      await host.close();
    },
  };
}

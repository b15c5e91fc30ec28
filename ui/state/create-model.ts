/** The model at work: stores, and what happens when one of them changes. */
import type { Recipe } from '../../src/core/types.js';
import type { Placement, Scope } from '../../src/protocol/messages.js';
import type { SelectionInfo } from '../../src/protocol/replies.js';
import type { Host, Session } from '../host.js';
import type { Engine } from '../worker/engine.js';
import { followBackend } from './backend-line.js';
import { createDesign } from './design.js';
import { createDetails } from './details.js';
import { createDraft } from './draft.js';
import { record, redo, startHistory, undo } from './history.js';
import { createJobs } from './jobs.js';
import { createLatest } from './latest.js';
import { createLayerColors } from './layer-colors.js';
import { createLibrary } from './library.js';
import { createReachMatcher, fixReaches } from './matching.js';
import { COLOR_BOARD, type ImageState, type Model, type PreviewMode, type ShownPreview } from './model.js';
import { createNotices } from './notices.js';
import { createPointer } from './pointer.js';
import { createPreviewer, type PreviewRequest } from './previewer.js';
import { type Edit, EMPTY_EDIT, editFromRecipe, enabledRows, recipeFromEdit } from './recipe-state.js';
import { hasReferences, namedColors, resolveReferences } from './references.js';
import { createResume } from './resume.js';
import { readSettings } from './settings.js';
import { createSheet } from './sheet.js';
import { createStore } from './store.js';
import { createThemePreviews } from './themes.js';
import { waitForPicture } from './wait-for-picture.js';

/** Faults that may be gone the next time: the network's, a worker's. */
const PASSING_CODES = new Set(['IMAGE_UNREADABLE', 'BACKEND_FAILED', 'CLOSED']);

/** @param inWorker known once the engine has started */
export function createModel(host: Host, engine: Engine, inWorker: boolean | Promise<boolean>): Model {
  const session = createStore<Session | undefined>(undefined);
  const selection = createStore<SelectionInfo | undefined>(undefined);
  const image = createStore<ImageState>({ kind: 'none' });
  const history = createStore(startHistory(EMPTY_EDIT));
  const mode = createStore<PreviewMode>('split');
  const preview = createStore<ShownPreview | undefined>(undefined);
  const isComparing = createStore(false);
  const pointer = createPointer(preview, history);
  /** The row whose reach is shown for the moment. */
  const peeked = createStore<number | undefined>(undefined);
  const notices = createNotices();
  const { notice, tell, showError, keep } = notices;
  const draft = createDraft(host);
  const includeStyles = createStore(false);
  const placement = createStore<Placement>('replace');
  const scope = createStore<Scope>('selection');
  const sheet = createSheet(host, engine);
  const library = createLibrary(host);
  const layers = createLayerColors(host, engine, () => session.get()?.colorProfile ?? 'srgb');
  const matching = createReachMatcher({ host, engine, selection, isPooled: layers.isActive });
  const design = createDesign(host, engine, {
    measured: () => waitForPicture({ selection, image, layers }),
    onSuggestion: (recipe) => edit(() => editFromRecipe(recipe), 'design'),
    onError: showError,
  });
  const resume = createResume(history, design, draft);
  const themePreviews = createThemePreviews(engine, design, showError);
  const detail = createDetails(engine, showError);
  const previewer = createPreviewer(
    engine,
    (reply, { reachOf }) => preview.set({ ...reply, isReach: reachOf !== undefined }),
    showError,
  );
  const jobs = createJobs(
    {
      ...{ host, engine, session, selection, history, layers, design, library, resolve },
      ...{ includeStyles, placement, scope, sheet, matching },
    },
    notices,
    {
      // Unless it was edited meanwhile.
      onApplied: (recipe) => isPresent(recipe) && draft.keep(undefined),
      onUndone: keepDraft,
      async onDone() {
        const shown = selection.get();
        if (shown) await refreshLayers(shown);
      },
    },
  );
  const isBusy = (): boolean => jobs.isRunning() || image.get().kind === 'loading' || !previewer.isIdle();
  const backend = followBackend(engine, inWorker, isBusy);
  let opening: AbortController | undefined;
  /** The pointer is down, and was so at the last edit. */
  let isPressed = false;
  let isHeld = false;
  /** The layers' colors were read once. */
  let isFollowing = false;

  function edit(change: (edit: Edit) => Edit, tag?: string): void {
    jobs.moveOn();
    history.update((state) => record(state, change(state.present), tag, performance.now(), isHeld));
    isHeld = isPressed;
    keepDraft();
  }

  function keepDraft(): void {
    const { present } = history.get();
    const recipe = recipeFromEdit(present);
    const tokens = namedColors(recipe, design.tokens.get());
    draft.keep(present.rows.length > 0 ? { recipe, ...(tokens && { tokens }) } : undefined);
  }

  const isPresent = (recipe: Recipe): boolean =>
    JSON.stringify(recipeFromEdit(history.get().present)) === JSON.stringify(recipe);

  engine.onNotice((sentence) => {
    if (jobs.isRunning()) keep(sentence);
    else tell(sentence, false);
    void backend.refresh().catch(showError);
  });

  /** The engine begins anew. What was only being opened waits for the person: perhaps it was too much. */
  function recover(): void {
    layers.rebuild();
    const state = image.get();
    if (state.kind === 'open' && state.hash !== COLOR_BOARD) void openImage(state.hash);
  }

  function refreshPreview(): void {
    if (image.get().kind !== 'open') return;
    if (session.get()?.headless !== true) backend.touch();
    const present = history.get().present;
    const rows = enabledRows(present);
    if (rows.length === 0) {
      previewer.reset();
      preview.set(undefined);
      detail.paint(undefined, undefined);
      themePreviews.reset();
      sheet.request(undefined);
      layers.show(undefined);
      return;
    }
    const named = recipeFromEdit(present);
    if (mode.get() === 'themes') themePreviews.request(named);
    const shown = peeked.get() ?? (mode.get() === 'reach' ? present.selected : undefined);
    const isReach = peeked.get() !== undefined || mode.get() === 'reach';
    const reachOf = isReach ? rows.findIndex(({ id }) => id === shown) : undefined; // -1, a row that is off, reaches nothing
    try {
      const recipe = resolve(named);
      if (matching.isActive()) showMatched({ recipe, reachOf });
      else showPreview({ recipe, reachOf });
      layers.show(recipe);
    } catch (error) {
      showError(error);
    }
  }

  function showPreview({ recipe, reachOf }: PreviewRequest): void {
    previewer.request({ recipe, reachOf });
    detail.paint(recipe, reachOf);
    sheet.request(recipe);
  }

  /** The first image says how far rows reach, whichever is shown. */
  const showMatched = createLatest(async ({ recipe, reachOf }: PreviewRequest) => {
    try {
      showPreview({ recipe: fixReaches(recipe, await matching.measure(recipe)), reachOf });
    } catch (error) {
      showError(error);
    }
  });

  function resolve(recipe: Recipe): Recipe {
    return resolveReferences(recipe, design.tokens.get());
  }
  history.subscribe(refreshPreview);
  mode.subscribe(refreshPreview);
  peeked.subscribe(refreshPreview);
  matching.choice.subscribe(refreshPreview);
  design.tokens.subscribe(refreshPreview);
  layers.changes.subscribe(() => void showPool().catch(showError));
  // Colors were picked before there was anything to match.
  image.subscribe(() => {
    if (image.get().kind === 'open' && design.picked.get().size > 0 && !design.match.get()) design.matchAgain();
  });

  /** The plan is measured on something else; without images the layers' colors are the picture. */
  async function showPool(): Promise<void> {
    if (selection.get()?.images.length === 0) {
      if (layers.isActive()) image.set({ kind: 'open', hash: COLOR_BOARD, image: await engine.openPool() });
      else image.set({ kind: 'none' });
    }
    refreshPreview();
  }

  async function openImage(hash: string): Promise<void> {
    opening?.abort();
    const mine = new AbortController();
    opening = mine;
    previewer.reset();
    preview.set(undefined);
    detail.reset();
    image.set({ kind: 'loading', hash });
    try {
      const file = await host.readImage(hash);
      if (mine.signal.aborted) return;
      const opened = await engine.open(file, mine.signal);
      if (mine.signal.aborted) return;
      image.set({ kind: 'open', hash, image: opened });
      layers.include(hash);
      refreshPreview();
    } catch (error) {
      if (mine.signal.aborted) return;
      const { code = '', message = String(error) } = error as { code?: string; message?: string };
      image.set({ kind: 'error', hash, message, canRetry: PASSING_CODES.has(code) });
    }
  }

  async function readSelection(): Promise<void> {
    const next = await host.getSelection(scope.get());
    const known = selection.get();
    if (known && next.revision < known.revision) return; // an older answer that came late
    sheet.follow(next.images.map(({ hash }) => hash));
    selection.set(next);
    if (!jobs.isRunning()) void refreshLayers(next).catch(showError);
    const state = image.get();
    const first = next.images[0]?.hash;
    if (state.kind !== 'none' && next.images.some(({ hash }) => hash === state.hash)) return;
    if (first !== undefined) {
      resume.startFrom(next.images.find((item) => item.recipe)).catch(showError);
      if (!session.get()?.headless) void openImage(first); // may wait for the network, which the next selection must not
    } else if (state.kind === 'none' || state.hash !== COLOR_BOARD) {
      opening?.abort();
      previewer.reset();
      preview.set(undefined);
      image.set({ kind: 'none' });
    }
  }

  async function refreshLayers(shown: SelectionInfo): Promise<void> {
    if (host.kind !== 'figma' || session.get()?.headless) return;
    await layers.refresh(shown);
    const census = layers.census.get();
    resume.startFrom(census).catch(showError);
    // Once: after that the box is the person's.
    if (census?.recipe && session.get()?.command === 'edit' && !isFollowing) layers.isOn.set(true);
    isFollowing = true;
  }

  async function resumeDraft(opened: Session): Promise<void> {
    const resumed = await resume.readDraft(opened);
    if (!resumed) return;
    edit(() => resumed);
    const discard = (): void => edit(() => EMPTY_EDIT);
    tell('Your unfinished rows are back', false, [], { label: 'Discard', run: discard });
  }

  /** While one is being read only the newest change counts: a drag on the canvas makes one a frame. */
  const follow = createLatest(() => readSelection().catch(showError));

  async function start(): Promise<void> {
    host.onSelectionChange(() => follow(undefined));
    const opened = await host.start();
    session.set(opened);
    if (opened.command === 'design-system') layers.isOn.set(true);
    const [settings] = await Promise.all([readSettings(host), resumeDraft(opened)]);
    placement.set(settings.placement);
    await Promise.all([library.load(), readSelection()]);
    if (!session.get()?.headless) void backend.refresh().catch(showError);
  }

  return {
    host,
    engine,
    library,
    session,
    selection,
    image,
    history,
    mode,
    preview,
    detail,
    isComparing,
    pointed: pointer.pointed,
    progress: jobs.progress,
    notice,
    backendLine: backend.line,
    colors: design.list,
    design,
    layers,
    themes: themePreviews.themes,
    includeStyles,
    placement,
    scope,
    sheet,
    matching,
    setScope(next) {
      scope.set(next);
      follow(undefined);
    },
    start: () => start().catch(showError),
    loadColors() {
      design.load().catch(() => undefined); // without them the picker only offers less
    },
    press(isDown) {
      isPressed = isDown;
      isHeld = false;
    },
    recover,
    lookAgain() {
      jobs.comeBack();
      follow(undefined);
      if (design.list.get()) void design.load(true).catch(showError);
    },
    resolve,
    async adopt(recipe) {
      if (hasReferences(recipe)) await design.load();
      resolve(recipe);
      edit(() => editFromRecipe(recipe));
    },
    showImage: (hash) => void openImage(hash),
    edit,
    select(id) {
      if (history.get().present.selected === id) return;
      history.update((state) => ({ ...state, present: { ...state.present, selected: id } }));
    },
    peek: peeked.set,
    point: pointer.point,
    undo() {
      if (jobs.isLast()) return void jobs.undo();
      history.update(undo);
      keepDraft();
    },
    redo() {
      history.update(redo);
      keepDraft();
    },
    leave: jobs.leave,
    async close() {
      await draft.flush();
      await host.close();
    },
    apply: jobs.apply,
    restore: jobs.restore,
    cancel: jobs.cancel,
    tell,
  };
}

/** READ FIRST in this folder: everything the window knows, and everything it can do. Components only show it. */
import { describeReason, describeReport } from '../../src/protocol/describe-report.js';
import type { ApplyReport, ColorList, SelectionInfo, SkipReason } from '../../src/protocol/messages.js';
import type { Host, Session } from '../host.js';
import type { Engine, OpenedImage, PreviewReply } from '../worker/engine.js';
import { type ApplyProgress, applyRecipe, isCanceled } from './apply.js';
import { type History, record, redo, startHistory, undo } from './history.js';
import { createLibrary, type Library } from './library.js';
import { createPreviewer } from './previewer.js';
import { type Edit, EMPTY_EDIT, editFromRecipe, enabledRows, recipeFromEdit } from './recipe-state.js';
import { createStore, type Store } from './store.js';

export type PreviewMode = 'split' | 'after' | 'reach';

/** The image in the preview, on its way there, or the reason why it is not. */
export type ImageState =
  | { readonly kind: 'none' }
  | { readonly kind: 'loading'; readonly hash: string }
  | { readonly kind: 'open'; readonly hash: string; readonly image: OpenedImage }
  | { readonly kind: 'error'; readonly hash: string; readonly message: string };

export interface Notice {
  readonly text: string;
  readonly isError: boolean;
  /** Layers or files left out, in words. */
  readonly details: readonly string[];
}

const NOTICE_MS = 5000;

export interface Model {
  readonly host: Host;
  readonly engine: Engine;
  readonly library: Library;
  readonly session: Store<Session | undefined>;
  readonly selection: Store<SelectionInfo | undefined>;
  readonly image: Store<ImageState>;
  readonly history: Store<History<Edit>>;
  readonly mode: Store<PreviewMode>;
  readonly preview: Store<PreviewReply | undefined>;
  readonly progress: Store<ApplyProgress | undefined>;
  readonly notice: Store<Notice | undefined>;
  readonly backendLine: Store<string>;
  readonly colors: Store<ColorList | undefined>;
  readonly includeStyles: Store<boolean>;
  start(): Promise<void>;
  /** Reads the host's design-system colors, once. */
  loadColors(): void;
  showImage(hash: string): void;
  /** Changes the edit. Calls with the same tag in quick succession are one undo step. */
  edit(change: (edit: Edit) => Edit, tag?: string): void;
  /** Opens a row. Not a step to undo. */
  select(id: number): void;
  undo(): void;
  redo(): void;
  apply(): Promise<void>;
  restore(): Promise<void>;
  cancel(): void;
  tell(text: string, isError?: boolean): void;
}

export function createModel(host: Host, engine: Engine, inWorker: boolean): Model {
  const session = createStore<Session | undefined>(undefined);
  const selection = createStore<SelectionInfo | undefined>(undefined);
  const image = createStore<ImageState>({ kind: 'none' });
  const history = createStore(startHistory(EMPTY_EDIT));
  const mode = createStore<PreviewMode>('split');
  const preview = createStore<PreviewReply | undefined>(undefined);
  const progress = createStore<ApplyProgress | undefined>(undefined);
  const notice = createStore<Notice | undefined>(undefined);
  const backendLine = createStore('');
  const colors = createStore<ColorList | undefined>(undefined);
  const includeStyles = createStore(false);
  const library = createLibrary(host);
  const previewer = createPreviewer(engine, (reply) => preview.set(reply), showError);
  let opening: AbortController | undefined;
  let applying: AbortController | undefined;
  let isApplied = false; // the last thing done was Apply: undo belongs to the document

  function showError(error: unknown): void {
    if (!isCanceled(error)) tell(error instanceof Error ? error.message : String(error), true);
  }

  function tell(text: string, isError = false, details: readonly string[] = []): void {
    const told: Notice = { text, isError, details };
    notice.set(told);
    // Good news go by themselves; a fault stays until it is read.
    if (!isError && details.length === 0) {
      setTimeout(() => notice.update((shown) => (shown === told ? undefined : shown)), NOTICE_MS);
    }
  }

  function refreshPreview(): void {
    if (image.get().kind !== 'open') return;
    const edit = history.get().present;
    const rows = enabledRows(edit);
    if (rows.length === 0) {
      previewer.reset();
      preview.set(undefined);
      return;
    }
    const place = rows.findIndex(({ id }) => id === edit.selected);
    const reachOf = mode.get() === 'reach' && place >= 0 ? place : undefined;
    previewer.request({ recipe: recipeFromEdit(edit), reachOf });
  }
  history.subscribe(refreshPreview);
  mode.subscribe(refreshPreview);

  async function openImage(hash: string): Promise<void> {
    opening?.abort();
    const mine = new AbortController();
    opening = mine;
    previewer.reset();
    preview.set(undefined);
    image.set({ kind: 'loading', hash });
    try {
      const file = await host.readImage(hash);
      if (mine.signal.aborted) return;
      const opened = await engine.open(file, mine.signal);
      if (mine.signal.aborted) return;
      image.set({ kind: 'open', hash, image: opened });
      refreshPreview();
      if (backendLine.get() !== '') describeBackend();
    } catch (error) {
      if (mine.signal.aborted) return;
      image.set({ kind: 'error', hash, message: error instanceof Error ? error.message : String(error) });
    }
  }

  async function readSelection(): Promise<void> {
    const next = await host.getSelection();
    const known = selection.get();
    if (known && next.revision < known.revision) return; // an older answer that came late
    selection.set(next);
    const state = image.get();
    const first = next.images[0]?.hash;
    if (state.kind !== 'none' && next.images.some(({ hash }) => hash === state.hash)) return;
    if (first !== undefined) {
      if (history.get().present === EMPTY_EDIT) startFrom(next);
      await openImage(first);
    } else {
      opening?.abort();
      previewer.reset();
      preview.set(undefined);
      image.set({ kind: 'none' });
    }
  }

  /** Layers recolored before bring their recipe along: editing goes on where it ended. */
  function startFrom({ images }: SelectionInfo): void {
    const recipe = images.find((item) => item.recipe)?.recipe;
    if (recipe) history.set(startHistory(editFromRecipe(recipe)));
  }

  async function start(): Promise<void> {
    host.onSelectionChange(() => void readSelection().catch(showError));
    session.set(await host.start());
    await Promise.all([library.load(), readSelection()]);
    if (!session.get()?.headless) describeBackend();
  }

  /** Tries the backends, the first time; a large image may bring another one in. */
  function describeBackend(): void {
    engine.describe().then(({ name, reason }) => {
      backendLine.set(`${name} ${inWorker ? 'in a worker' : 'on the page'}. ${reason}`);
    }, showError);
  }

  /** Runs a job and says how it went. */
  async function report(run: () => Promise<ApplyReport>, verb: string): Promise<void> {
    try {
      const result = await run();
      const details = result.skipped.map(({ layer, reason, detail }) => `${layer}: ${sayWhy(reason, detail)}`);
      tell(
        host.kind === 'file' ? describeFiles(result) : describeReport(result, verb),
        result.layers + result.styles === 0,
        details,
      );
      isApplied = true;
    } catch (error) {
      if (isCanceled(error)) tell('Canceled. Nothing was changed.');
      else showError(error);
    }
  }

  async function apply(): Promise<void> {
    const hashes = selection.get()?.images.map(({ hash }) => hash) ?? [];
    const edit = history.get().present;
    if (applying || hashes.length === 0 || enabledRows(edit).length === 0 || session.get()?.editable === false) return;
    const recipe = recipeFromEdit(edit);
    applying = new AbortController();
    const { signal } = applying;
    notice.set(undefined);
    progress.set({ done: 0, total: hashes.length });
    await report(
      () =>
        applyRecipe(host, engine, hashes, recipe, {
          includeStyles: includeStyles.get(),
          signal,
          onProgress: (state) => progress.set(state),
        }),
      'Recolored',
    );
    progress.set(undefined);
    applying = undefined;
    await library.remember(recipe);
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
    progress,
    notice,
    backendLine,
    colors,
    includeStyles,
    start: () => start().catch(showError),
    loadColors() {
      if (colors.get()) return;
      host.listColors().then(colors.set, () => undefined); // without them the picker only offers less
    },
    showImage: (hash) => void openImage(hash),
    edit(change, tag) {
      isApplied = false;
      history.update((state) => record(state, change(state.present), tag, performance.now()));
    },
    select(id) {
      if (history.get().present.selected === id) return;
      history.update((state) => ({ ...state, present: { ...state.present, selected: id } }));
    },
    undo() {
      if (isApplied && host.kind === 'figma') {
        isApplied = false;
        notice.set(undefined);
        void host.undo().catch(showError);
      } else history.update(undo);
    },
    redo: () => history.update(redo),
    apply,
    restore: () => report(() => host.restore(includeStyles.get()), 'Restored'),
    cancel: () => applying?.abort(),
    tell,
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

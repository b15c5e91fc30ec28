/** What the picture shows of the rows: asked for anew whenever these, the mode, or what the plan is measured on change. */
import type { Recipe } from '../../src/core/types.js';
import type { Engine } from '../worker/engine.js';
import type { Design } from './design.js';
import { createDetails, type Details } from './details.js';
import type { History } from './history.js';
import { createLatest } from './latest.js';
import type { LayerColors } from './layer-colors.js';
import { fixReaches, type ReachMatcher } from './matching.js';
import type { ImageState, PreviewMode, ShownPreview } from './model.js';
import { createPreviewer, type PreviewRequest } from './previewer.js';
import { type Edit, enabledRows, recipeFromEdit } from './recipe-state.js';
import type { Sheet } from './sheet.js';
import { createStore, type Store } from './store.js';
import { createThemePreviews, type ThemePreviews } from './themes.js';

export interface Results {
  readonly mode: Store<PreviewMode>;
  readonly preview: Store<ShownPreview | undefined>;
  /** The original is shown for as long as a key or the pointer is held. */
  readonly isComparing: Store<boolean>;
  /** The row whose reach is shown for the moment. */
  readonly peeked: Store<number | undefined>;
  readonly detail: Details;
  readonly themes: ThemePreviews['themes'];
  /** Makes anew what is shown. */
  refresh(): void;
  /** Another picture is on its way: nothing is shown of the former. */
  clear(): void;
  isIdle(): boolean;
}

interface Parts {
  readonly engine: Engine;
  readonly image: Store<ImageState>;
  readonly history: Store<History<Edit>>;
  readonly design: Design;
  readonly layers: LayerColors;
  readonly matching: ReachMatcher;
  readonly sheet: Sheet;
  /** The recipe with colors in place of variables. @throws UNKNOWN_TOKEN */
  readonly resolve: (recipe: Recipe) => Recipe;
  /** Told each time that something is asked for. */
  readonly onAsk: () => void;
  readonly onError: (error: unknown) => void;
}

export function createResults(parts: Parts): Results {
  const { engine, image, history, design, layers, matching, sheet, resolve, onAsk, onError } = parts;
  const mode = createStore<PreviewMode>('split');
  const preview = createStore<ShownPreview | undefined>(undefined);
  const peeked = createStore<number | undefined>(undefined);
  const themePreviews = createThemePreviews(engine, design, onError);
  const detail = createDetails(engine, onError);
  const previewer = createPreviewer(
    engine,
    (reply, { reachOf, part }) => {
      if (part) detail.show(part, reply.picture);
      preview.set({ ...reply, picture: part ? undefined : reply.picture, isReach: reachOf !== undefined });
    },
    onError,
  );
  /** Rises with each question: an answer that took its time may be about rows that are gone. */
  let asked = 0;

  function refresh(): void {
    asked++;
    if (image.get().kind !== 'open') return;
    onAsk();
    const { present } = history.get();
    const named = recipeFromEdit(present);
    if (enabledRows(present).length === 0) {
      showNothing();
      return;
    }
    if (mode.get() === 'themes') themePreviews.request(named);
    try {
      const recipe = resolve(named);
      const request = { recipe, reachOf: placeShown(present) };
      const leader = matching.leader();
      if (leader === undefined) show(request);
      else showMatched({ request, leader, mine: asked });
      layers.show(recipe);
    } catch (error) {
      onError(error);
    }
  }

  /** Place of the row whose reach is shown; -1 for a row that is off, which reaches nothing. */
  function placeShown(edit: Edit): number | undefined {
    const peek = peeked.get();
    if (peek === undefined && mode.get() !== 'reach') return undefined;
    return enabledRows(edit).findIndex(({ id }) => id === (peek ?? edit.selected));
  }

  function show({ recipe, reachOf }: PreviewRequest): void {
    detail.paint(recipe, reachOf);
    previewer.request({ recipe, reachOf, part: detail.cover() });
    sheet.request(recipe);
  }

  function showNothing(): void {
    previewer.reset();
    preview.set(undefined);
    detail.paint(undefined, undefined);
    themePreviews.reset();
    sheet.request(undefined);
    layers.show(undefined);
  }

  /** The first image says how far rows reach, whichever is shown. */
  const showMatched = createLatest(
    async ({ request, leader, mine }: { request: PreviewRequest; leader: string; mine: number }) => {
      try {
        const radii = await matching.measure(request.recipe, leader);
        if (mine === asked) show({ ...request, recipe: fixReaches(request.recipe, radii) });
      } catch (error) {
        if (mine === asked) onError(error);
      }
    },
  );

  for (const store of [history, mode, peeked, matching.choice, design.tokens]) store.subscribe(refresh);
  return {
    ...{ mode, preview, peeked, detail, refresh },
    isComparing: createStore(false),
    themes: themePreviews.themes,
    clear() {
      asked++;
      previewer.reset();
      preview.set(undefined);
      detail.reset();
    },
    isIdle: previewer.isIdle,
  };
}

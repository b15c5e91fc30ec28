import type { Recipe } from '../../src/core/types.js';
import type { Box, Size } from '../preview/viewport.js';
import type { DetailReply, DetailSpec, Engine, Picture } from '../worker/engine.js';
import { createLatest } from './latest.js';
import { createStore, type Store } from './store.js';

/** What the stage shows of the image. */
export interface Look {
  /** Pixels of the image that are in view. */
  readonly box: Box;
  readonly image: Size;
  /** Pixels of the screen that one of the image takes. */
  readonly scale: number;
  /** Pixels of the preview that one of the image takes: 1 where it is whole. */
  readonly preview: number;
}

/** A part of the image in as many pixels as the screen has, or as the image. */
export interface Detail extends DetailReply {
  readonly box: DetailSpec;
}

/** What is laid over the preview where that has too few pixels for the screen, or too many. */
export interface Details {
  /** May be of a moment ago: it lies where it belongs, and the next one is on its way. */
  readonly shown: Store<Detail | undefined>;
  lookAt(look: Look | undefined): void;
  /** @param recipe undefined: the original alone */
  paint(recipe: Recipe | undefined, reachOf: number | undefined): void;
  /** The part that hides the preview; undefined while there is none, or another is on its way. */
  cover(): DetailSpec | undefined;
  /** What `paint` asked for, of a part that covers the preview. */
  show(part: DetailSpec, picture: Picture): void;
  /** Another image. */
  reset(): void;
}

/** An enlarged preview looks soft from here on; below, a larger picture would cost more than it shows. */
const SOFT_SCALE = 1.5;
/** A preview this much larger than it is seen costs more than it shows. */
const SPARE_SCALE = 0.8;

export function createDetails(engine: Engine, onError: (error: unknown) => void): Details {
  const shown = createStore<Detail | undefined>(undefined);
  let wanted: DetailSpec | undefined;
  let recipe: Recipe | undefined;
  let reachOf: number | undefined;
  let isAsking = false;
  let epoch = 0;

  function cover(): DetailSpec | undefined {
    const detail = shown.get();
    return !isAsking && detail?.picture && detail.box === wanted ? wanted : undefined;
  }

  const ask = createLatest(async () => {
    const mine = epoch;
    if (!wanted) return shown.set(undefined);
    const part = wanted;
    isAsking = true;
    try {
      const reply = await engine.detail(part, recipe, reachOf);
      if (mine === epoch) shown.set({ ...reply, box: part });
    } catch (error) {
      if (mine === epoch) onError(error);
    }
    isAsking = false;
  });

  return {
    shown,
    lookAt(look) {
      const next = look && partFor(look);
      if (isSame(next, wanted)) return;
      wanted = next;
      ask(undefined);
    },
    paint(next, place) {
      recipe = next;
      reachOf = place;
      if (wanted && (next === undefined || !cover())) ask(undefined);
    },
    cover,
    show(part, picture) {
      shown.update((detail) => (detail?.box === part ? { ...detail, picture } : detail));
    },
    reset() {
      epoch++;
      wanted = undefined;
      recipe = undefined;
      shown.set(undefined);
    },
  };
}

function isSame(p: DetailSpec | undefined, q: DetailSpec | undefined): boolean {
  return JSON.stringify(p) === JSON.stringify(q);
}

/** What a look needs beside the preview, if anything. */
function partFor({ box, image, scale, preview }: Look): DetailSpec | undefined {
  const enlarged = scale / preview;
  // All of it, however little is in view: it comes from the preview, and a pan asks for nothing.
  if (enlarged < SPARE_SCALE) {
    return { x: 0, y: 0, ...image, side: Math.ceil(Math.max(image.width, image.height) * scale) };
  }
  if (preview === 1 || (scale < 1 && enlarged <= SOFT_SCALE)) return undefined;
  return { ...box, side: Math.ceil(Math.max(box.width, box.height) * Math.min(1, scale)) };
}

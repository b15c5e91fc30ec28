import type { Recipe } from '../../src/core/types.js';
import type { Box } from '../preview/viewport.js';
import type { DetailReply, Engine } from '../worker/engine.js';
import { createLatest } from './latest.js';
import { createStore, type Store } from './store.js';

/** What the stage shows of the image. */
export interface Look {
  /** Pixels of the image that are in view. */
  readonly box: Box;
  /** Pixels of the screen that one of the image takes. */
  readonly scale: number;
  /** Pixels of the preview that one of the image takes: 1 where it is whole. */
  readonly preview: number;
}

/** A part of the image in full resolution, or in as much as the screen has. */
export interface Detail extends DetailReply {
  readonly box: Box;
}

/** What is laid over the preview where that is enlarged. */
export interface Details {
  /** May be of a moment ago: it lies where it belongs, and the next one is on its way. */
  readonly shown: Store<Detail | undefined>;
  lookAt(look: Look | undefined): void;
  /** @param recipe undefined: the original alone */
  paint(recipe: Recipe | undefined, reachOf: number | undefined): void;
  /** Another image. */
  reset(): void;
}

/** An enlarged preview looks soft from here on; below, two pictures an edit would cost more than they show. */
const SOFT_SCALE = 1.5;

export function createDetails(engine: Engine, onError: (error: unknown) => void): Details {
  const shown = createStore<Detail | undefined>(undefined);
  let look: Look | undefined;
  let recipe: Recipe | undefined;
  let reachOf: number | undefined;
  let epoch = 0;

  function isSoft({ scale, preview }: Look): boolean {
    return preview < 1 && (scale >= 1 || scale / preview > SOFT_SCALE);
  }

  const ask = createLatest(async () => {
    const mine = epoch;
    if (!look || !isSoft(look)) return shown.set(undefined);
    const { box, scale } = look;
    const side = Math.ceil(Math.max(box.width, box.height) * Math.min(1, scale));
    try {
      const reply = await engine.detail({ ...box, side }, recipe, reachOf);
      if (mine === epoch) shown.set({ ...reply, box });
    } catch (error) {
      if (mine === epoch) onError(error);
    }
  });

  return {
    shown,
    lookAt(next) {
      look = next;
      ask(undefined);
    },
    paint(next, place) {
      recipe = next;
      reachOf = place;
      if (look) ask(undefined);
    },
    reset() {
      epoch++;
      look = undefined;
      recipe = undefined;
      shown.set(undefined);
    },
  };
}

import { throwIfCanceled } from '../../core/errors.js';
import type { Cancel } from '../../core/types.js';

/** Lets one caller in at a time, in the order they came. */
export interface Turn {
  /** @returns to be called at the end, once @throws CANCELED also while it waits */
  enter(signal?: Cancel): Promise<() => void>;
}

/** How often somebody who waits asks whether it still wants to. */
const LOOK_MS = 20;

export function createTurn(): Turn {
  let last: Promise<void> = Promise.resolve();
  let waiting = 0;
  return {
    async enter(signal) {
      throwIfCanceled(signal);
      const before = last;
      let leave: () => void = () => {};
      last = new Promise((resolve) => {
        leave = () => {
          waiting--;
          resolve();
        };
      });
      if (waiting++ === 0) return leave;
      const isIn = before.then(() => true);
      while (!(await Promise.race([isIn, isLater()]))) {
        if (!signal?.aborted) continue;
        void isIn.then(leave); // its turn comes and goes
        throwIfCanceled(signal);
      }
      return leave;
    },
  };
}

function isLater(): Promise<false> {
  return new Promise((resolve) => setTimeout(resolve, LOOK_MS, false));
}

import type { BackendDescription, Engine } from '../worker/engine.js';
import { createStore, type Store } from './store.js';

export interface BackendLine {
  /** Name of the backend, then why; empty until it is known. */
  readonly line: Store<string>;
  /** Asks again what is in use. */
  refresh(): Promise<void>;
  /** An image is open and something was done with it: once this has not been so for a moment, the GPU is tried. */
  touch(): void;
}

/** Calm before the GPU is tried: nobody drags a slider, and the first impression is over. */
const CALM_MS = 1500;

/** @param isBusy whether something is computed that a race would hold up */
export function followBackend(
  engine: Engine,
  inWorker: boolean | Promise<boolean>,
  isBusy: () => boolean,
): BackendLine {
  const line = createStore('');
  let timer: ReturnType<typeof setTimeout> | undefined;
  let hasRaced = false;
  const show = async ({ name, reason }: BackendDescription): Promise<void> =>
    line.set(`${name} ${(await inWorker) ? 'in a worker' : 'on the page'}. ${reason}`);

  function touch(): void {
    if (hasRaced) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (isBusy()) return touch();
      hasRaced = true;
      // Should the race itself fail, everything goes on with what there is.
      engine.race().then(show, () => undefined);
    }, CALM_MS);
  }

  return { line, touch, refresh: async () => show(await engine.describe()) };
}

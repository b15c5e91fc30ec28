import { throwIfCanceled } from '../../src/core/errors.js';
import type { Cancel } from '../../src/core/types.js';

/**
 * Cuts long work into tasks. In a worker the pauses let a cancel message in; on the page, where there is no worker,
 * they keep the window alive.
 */
export interface Pacer {
  /** Returns at once while the current task is young, else after other tasks had their turn. @throws CANCELED */
  pause(): Promise<void>;
  readonly signal: Cancel | undefined;
}

/** Longest stretch without a pause, milliseconds: far below the 100 ms at which a window feels stuck. */
const TASK_MS = 24;

export function createPacer(signal?: Cancel): Pacer {
  let began = performance.now();
  return {
    signal,
    async pause() {
      throwIfCanceled(signal);
      if (performance.now() - began < TASK_MS) return;
      await nextTask();
      began = performance.now();
      throwIfCanceled(signal);
    },
  };
}

/** A task of its own, without the 4 ms that nested timers wait. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(0);
  });
}

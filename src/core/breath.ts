import { throwIfCanceled } from './errors.js';
import type { Cancel } from './types.js';

/** Longest time without a look at the event loop: a cancel is promised to be heard within 50 ms. */
const HELD_MS = 16;

/** What an environment may have to come back to a loop without the milliseconds that a timer waits. */
const environment = globalThis as {
  setImmediate?(resume: () => void): void;
  MessageChannel?: new () => {
    readonly port1: { onmessage: (() => void) | null; close(): void };
    readonly port2: { postMessage(message: undefined): void };
  };
  setTimeout?(resume: () => void): void;
};

/** Lets timers, signals and messages have their turn. */
export function takeBreath(): Promise<void> {
  return new Promise((resolve) => {
    const { setImmediate, MessageChannel, setTimeout } = environment;
    if (setImmediate) setImmediate(resolve);
    else if (MessageChannel) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(undefined);
    } else if (setTimeout) setTimeout(resolve);
    else resolve();
  });
}

/**
 * The same now and then in a long loop of awaits. Awaiting promises alone does not: one after the other keeps the loop busy.
 *
 * @returns await it between two pieces of work
 */
export function createBreath(): () => Promise<void> | undefined {
  let last = Date.now();
  return () => {
    if (Date.now() - last < HELD_MS) return undefined;
    return takeBreath().then(() => {
      last = Date.now();
    });
  };
}

/** Numbers copied between two looks at the event loop: in fresh memory each page costs more than what is written into it. */
const COPIED = 1 << 17;

/**
 * Copies a long list, with breaths between.
 *
 * @param to of the same length
 * @returns `to` @throws CANCELED
 */
export async function copyList<T extends Float64Array | Uint32Array>(
  from: Float64Array | Uint32Array,
  to: T,
  signal?: Cancel,
): Promise<T> {
  const breathe = createBreath();
  for (let first = 0; first < from.length; first += COPIED) {
    throwIfCanceled(signal);
    to.set(from.subarray(first, first + COPIED), first);
    await breathe();
  }
  return to;
}

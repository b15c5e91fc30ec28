/** Longest time without a look at the event loop: a person notices a tenth of a second. */
const HELD_MS = 50;

/**
 * Lets timers, signals and messages have their turn now and then in a long loop of awaits. Awaiting workers alone does not:
 * one answer after the other keeps the loop busy.
 *
 * @returns await it between two pieces of work
 */
export function createBreath(): () => Promise<void> | undefined {
  let last = Date.now();
  return () => {
    if (Date.now() - last < HELD_MS) return undefined;
    return new Promise((resume) => {
      setTimeout(() => {
        last = Date.now();
        resume();
      });
    });
  };
}

/** Between two looks at work that says nothing by itself. */
const INTERVAL_MS = 100;

/**
 * Looks at some work again and again until the returned function is called.
 *
 * @param look one that fails counts as none
 * @param tell receives what a look saw, never after the end
 */
export function repeatEvery<T>(look: () => Promise<T>, tell: (seen: T) => void): () => void {
  let isLooking = false;
  let isOver = false;
  const timer = setInterval(async () => {
    if (isLooking) return;
    isLooking = true;
    try {
      const seen = await look();
      if (!isOver) tell(seen);
    } catch {
      // The work itself will say what is wrong.
    } finally {
      isLooking = false;
    }
  }, INTERVAL_MS);
  return () => {
    isOver = true;
    clearInterval(timer);
  };
}

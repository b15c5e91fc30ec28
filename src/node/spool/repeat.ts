/** Between two looks at work that says nothing by itself. */
const INTERVAL_MS = 100;

/** Runs a look again and again until the returned function is called; a look that fails is left out. */
export function repeatEvery(look: () => Promise<unknown>): () => void {
  let isLooking = false;
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    look()
      .catch(() => undefined)
      .finally(() => {
        isLooking = false;
      });
  }, INTERVAL_MS);
  return () => clearInterval(timer);
}

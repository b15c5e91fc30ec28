/**
 * Runs one call at a time; of those that come meanwhile only the newest follows. For what a drag asks for again and again.
 *
 * @param run must not reject
 */
export function createLatest<T>(run: (input: T) => Promise<void>): (input: T) => void {
  let isRunning = false;
  let next: { readonly input: T } | undefined;
  return async (input) => {
    next = { input };
    if (isRunning) return;
    isRunning = true;
    while (next) {
      const { input: newest } = next as { readonly input: T };
      next = undefined;
      await run(newest);
    }
    isRunning = false;
  };
}

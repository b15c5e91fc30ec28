let isClosed = false;

/** From now on nothing that waits in `alive` goes on. */
export function endPlugin(): void {
  isClosed = true;
}

/**
 * Awaits something of Figma's. Once the plugin has closed it never settles, so that no code runs on into an API that
 * is gone.
 */
export function alive<T>(promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    promise.then(
      (value) => {
        if (!isClosed) resolve(value);
      },
      (error) => {
        if (!isClosed) reject(error);
      },
    );
  });
}

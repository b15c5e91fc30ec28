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

/** The same for what may be wanting: null where Figma does not find it, or fails. */
export function orNull<T>(promise: Promise<T>): Promise<T | null> {
  return alive(promise).catch(() => null);
}

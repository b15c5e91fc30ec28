import { ColorshineError } from '../core/errors.js';

/**
 * The promise, or BACKEND_FAILED when it has not settled in time. Nothing that waits for a driver or a worker may hang. The work
 * itself goes on, so it must not write where somebody else may read by then.
 *
 * @param what named in the error: "backend webgl2"
 */
export async function withinDeadline<T>(promise: Promise<T>, milliseconds: number, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new ColorshineError('BACKEND_FAILED', `${what} did not answer within ${milliseconds / 1000} s`));
    }, milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The same for what has to be closed again: should it open after the deadline, when nobody waits for it, it is disposed of. */
export async function openWithin<T extends { dispose(): void }>(
  open: () => Promise<T>,
  milliseconds: number,
  what: string,
): Promise<T> {
  const opening = Promise.resolve().then(open);
  try {
    return await withinDeadline(opening, milliseconds, what);
  } catch (error) {
    opening.then((late) => late.dispose()).catch(() => {});
    throw error;
  }
}

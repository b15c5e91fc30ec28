import { ColorshineError } from '../core/errors.js';

/**
 * The promise, or BACKEND_FAILED when it has not settled in time. Nothing that waits for a driver or a worker may hang.
 *
 * @param what named in the error: "backend webgl2"
 */
export async function withinDeadline<T>(promise: Promise<T>, milliseconds: number, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new ColorshineError('BACKEND_FAILED', `${what}: no answer within ${milliseconds / 1000} s`));
    }, milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

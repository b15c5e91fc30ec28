import { GpuFault } from './engine.js';

/**
 * The value of a promise, or a `late` fault after some milliseconds. The promise itself cannot be stopped; its later
 * outcome is dropped.
 */
export function withDeadline<T>(promise: Promise<T>, milliseconds: number, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new GpuFault('late', `${what} did not answer within ${milliseconds / 1000} s`));
    }, milliseconds);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

import type { Backend } from '../../core/backend.js';
import { ColorshineError, throwIfCanceled } from '../../core/errors.js';
import type { Samples } from '../../core/types.js';
import type { Workers } from './workers.js';

/**
 * Whole pictures in workers: each recolors one with an engine of one thread and a heap of its own.
 *
 * @param hold keeps the workers while they are needed
 */
export function createApart(workers: Workers, hold: () => () => void): NonNullable<Backend['recolorApart']> {
  /** Memory that pictures travel in: a fresh page costs more to touch than to use. Let go when memory is wanted. */
  const spare: WeakRef<ArrayBuffer>[] = [];

  function takeMemory(bytes: number): ArrayBuffer {
    const kept = spare.pop()?.deref();
    // Not much more than is needed, so that what large pictures took goes with them.
    return kept && kept.byteLength >= bytes && kept.byteLength <= bytes * 2 ? kept : new ArrayBuffer(bytes);
  }

  return async (pixels, recipeOrPlan, strategy, signal) => {
    const letGo = hold();
    const seat = await workers.borrow();
    if (!seat) {
      letGo();
      return undefined;
    }
    try {
      throwIfCanceled(signal);
      const { data } = pixels;
      const copy = viewLike(data, takeMemory(data.byteLength));
      copy.set(data);
      const answer = await seat.recolor({ pixels: { ...pixels, data: copy }, recipeOrPlan, strategy }, signal);
      data.set(answer.pixels.data);
      if (spare.length < workers.threads) spare.push(new WeakRef(answer.pixels.data.buffer as ArrayBuffer));
      return answer.report;
    } catch (error) {
      // The picture is as it was: the calling thread recolors it.
      if (error instanceof ColorshineError && error.code === 'BACKEND_FAILED') return undefined;
      throw error;
    } finally {
      workers.giveBack(seat);
      letGo();
    }
  };
}

function viewLike(data: Samples, memory: ArrayBuffer): Uint8Array | Uint16Array {
  return data instanceof Uint16Array ? new Uint16Array(memory, 0, data.length) : new Uint8Array(memory, 0, data.length);
}

import type { Picture } from '../worker/engine.js';

/** Longest side of a thumbnail, pixels: 32 at double density. */
export const THUMBNAIL_SIDE = 64;

let queue: Promise<void> = Promise.resolve();

/**
 * One after the other: one image in memory at a time.
 *
 * @param show is told what was made, unless it was given up
 * @returns gives it up
 */
export function queueThumbnail(make: () => Promise<Picture>, show: (made: Picture | 'broken') => void): () => void {
  let isGone = false;
  queue = queue.then(async () => {
    if (isGone) return;
    const made = await make().catch(() => 'broken' as const);
    if (!isGone) show(made);
  });
  return () => {
    isGone = true;
  };
}

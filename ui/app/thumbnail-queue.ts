/** Longest side of a thumbnail, pixels: 32 at double density. */
export const THUMBNAIL_SIDE = 64;

let queue: Promise<unknown> = Promise.resolve();

/** One after the other: one image in memory at a time. */
export function queueThumbnail(make: () => Promise<void>): Promise<void> {
  const mine = queue.then(make);
  queue = mine.catch(() => undefined);
  return mine;
}

import type { Engine } from './engine.js';
import { LARGE_PIXELS } from './image/large-pixels.js';

/** Pixels in memory at once, 16-bit ones twice: three of the largest images that do not go through a file. */
export const MAX_PIXELS_UNDER_WAY = 3 * LARGE_PIXELS;

const counts = new WeakMap<Engine, number>();
const rooms = new WeakMap<Engine, Room>();

/** Says that an image is being worked on with an engine. @returns to be called once, when it is done */
export function enterImage(engine: Engine): () => void {
  counts.set(engine, imagesUnderWay(engine) + 1);
  return () => void counts.set(engine, imagesUnderWay(engine) - 1);
}

/** Images that are being worked on with an engine, from decoding to encoding. */
export function imagesUnderWay(engine: Engine): number {
  return counts.get(engine) ?? 0;
}

/**
 * Waits until an image fits into memory beside the others of its engine. Who came first goes first; what is too large for
 * any company goes alone.
 *
 * @param pixels 16-bit ones twice
 * @returns to be called once, when its memory is free again
 */
export async function takeRoom(engine: Engine, pixels: number): Promise<() => void> {
  const room = rooms.get(engine) ?? { taken: 0, queue: [] };
  rooms.set(engine, room);
  await new Promise<void>((open) => {
    room.queue.push({ pixels, open });
    admit(room);
  });
  return () => {
    room.taken -= pixels;
    admit(room);
  };
}

interface Waiting {
  readonly pixels: number;
  readonly open: () => void;
}

interface Room {
  taken: number;
  readonly queue: Waiting[];
}

function admit(room: Room): void {
  for (let [next] = room.queue; next; [next] = room.queue) {
    if (room.taken > 0 && room.taken + next.pixels > MAX_PIXELS_UNDER_WAY) return;
    room.taken += next.pixels;
    room.queue.shift();
    next.open();
  }
}

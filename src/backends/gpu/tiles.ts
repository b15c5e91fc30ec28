import { VARIANT_COUNT } from './parameters.js';

/** Colors of a full tile. Fixed, because a kernel is compiled for one length and padding costs full price. */
export const LARGE_TILE = 1 << 20;
/** Colors of the small kernel: previews, and the remainder of an image. */
export const SMALL_TILE = 1 << 16;
/** Halving after an out-of-memory stops here: a device that cannot hold 32 kB will not do anything. */
export const MIN_TILE = 1 << 12;
/** GPU memory the backend may take unless told otherwise. */
export const DEFAULT_MEMORY_LIMIT = 256 * 2 ** 20;

/**
 * GPU bytes at a tile size, once every variant of the kernel has run: input, output and the copy that is read back, 4 bytes a color each.
 * Drivers without a one-channel read-back copy 16, so that is what is counted.
 */
export function estimateTileBytes(tile: number): number {
  return VARIANT_COUNT * tile * (4 + 4 + 16);
}

/** The largest tile, a power of two, that fits the memory and the device. @returns at least MIN_TILE */
export function fitTile(memoryLimit: number, maxTile: number): number {
  let tile = LARGE_TILE;
  while (tile > MIN_TILE && (tile > maxTile || estimateTileBytes(tile) + estimateTileBytes(SMALL_TILE) > memoryLimit)) {
    tile /= 2;
  }
  return tile;
}

/**
 * Which tile to run next. The small one wherever it wastes less padding than the large one would: up to half of a
 * large tile is cheaper in small ones.
 *
 * @param remaining colors still to do
 * @param large tile that `fitTile` gave, possibly halved since
 */
export function nextTile(remaining: number, large: number): number {
  const small = Math.min(SMALL_TILE, large);
  return remaining > large / 2 ? large : small;
}

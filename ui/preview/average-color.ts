import { packColor } from '../../src/core/color/packed.js';
import type { OpenedImage, Picture } from '../worker/engine.js';
import { writeMeanOfBox } from '../worker/mean-of-box.js';
import { type Box, boxAround } from './viewport.js';

/** A part of the image, as sharp as it is there. */
export interface Tile {
  readonly picture: Picture;
  /** Where it lies, pixels of the image. */
  readonly box: Box;
}

/**
 * Mean color of a part of the image, colors weighed by alpha.
 *
 * @param tiles sharpest first; the first that holds all of the box answers
 * @param box at least a pixel, pixels of the image
 * @returns packed; undefined where nothing is visible
 */
export function averageColor(tiles: readonly Tile[], box: Box): number | undefined {
  const tile = tiles.find((one) => holds(one.box, box));
  if (!tile) return undefined;
  const { data, width, height } = tile.picture;
  const [left, right] = scaled(box.x - tile.box.x, box.width, width / tile.box.width, width);
  const [top, bottom] = scaled(box.y - tile.box.y, box.height, height / tile.box.height, height);
  const mean = new Uint8Array(4);
  if (!writeMeanOfBox(data, width, left, right, top, bottom, mean, 0)) return undefined;
  return packColor(mean[0] as number, mean[1] as number, mean[2] as number);
}

/** A click takes the mean of so many pixels a side: one alone may be noise. */
const CLICK_SIDE = 5;

/** What a click on a pixel is about. The stripes that stand for colors of layers have no noise, and sharp edges. */
export function boxOfClick(
  at: { readonly x: number; readonly y: number },
  image: Pick<OpenedImage, 'width' | 'height' | 'format'>,
): Box {
  return boxAround(at, image.format === 'colors' ? 1 : CLICK_SIDE, image);
}

function holds(outer: Box, inner: Box): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

/** Pixels of the tile that a stretch of the image touches, at least one. */
function scaled(from: number, length: number, scale: number, most: number): [number, number] {
  const first = Math.min(most - 1, Math.floor(from * scale));
  return [first, Math.max(first + 1, Math.min(most, Math.ceil((from + length) * scale)))];
}

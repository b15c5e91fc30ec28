/** Oklab of the colors of a chunk, block by block, for passes that only measure distances. */
import { Color } from './color-math';
import { LANES, V } from './lanes';
import { COLORS, OUTSIDE_A, OUTSIDE_B, OUTSIDE_L } from './layout';

/** Colors whose Oklab stays in the nearest cache while each attractor looks at it. */
export const OKLAB_BLOCK: i32 = 512;

/** Oklab of a block, at the start of the gamut queue, which nobody else uses meanwhile. */
export function toOklab(first: i32, end: i32): void {
  let to: usize = 0;
  for (let i = first; i < end; i += LANES, to += LANES << 2) {
    const at: usize = COLORS + (i << 2);
    const red = V.linear(at, 0);
    const green = V.linear(at, 8);
    const blue = V.linear(at, 16);
    const lRoot = Color.lmsRoot(0, red, green, blue);
    const mRoot = Color.lmsRoot(1, red, green, blue);
    const sRoot = Color.lmsRoot(2, red, green, blue);
    V.store(OUTSIDE_L + to, Color.oklab(0, lRoot, mRoot, sRoot));
    V.store(OUTSIDE_A + to, Color.oklab(1, lRoot, mRoot, sRoot));
    V.store(OUTSIDE_B + to, Color.oklab(2, lRoot, mRoot, sRoot));
  }
}

import { corrupt } from '../../src/codec/corrupt.js';

/**
 * Undoes one row's filter, in place.
 *
 * @param filter 0 to 4 @param above the row before, undone @param step bytes of a pixel, at least 1
 * @throws INPUT_CORRUPT for another filter
 */
export function unfilter(filter: number, line: Uint8Array, above: Uint8Array, step: number): void {
  const n = line.length;
  switch (filter) {
    case 0:
      return;
    case 1:
      for (let i = step; i < n; i++) line[i] = (line[i] as number) + (line[i - step] as number);
      return;
    case 2:
      for (let i = 0; i < n; i++) line[i] = (line[i] as number) + (above[i] as number);
      return;
    case 3:
      for (let i = 0; i < Math.min(step, n); i++) line[i] = (line[i] as number) + ((above[i] as number) >> 1);
      for (let i = step; i < n; i++) {
        line[i] = (line[i] as number) + (((line[i - step] as number) + (above[i] as number)) >> 1);
      }
      return;
    case 4:
      for (let i = 0; i < Math.min(step, n); i++) line[i] = (line[i] as number) + (above[i] as number);
      undoPaeth(line, above, step);
      return;
    default:
      throw corrupt('the PNG has an unknown filter');
  }
}

/** From the second pixel on, sample by sample: what is left and up-left stays in registers. */
function undoPaeth(line: Uint8Array, above: Uint8Array, step: number): void {
  const n = line.length;
  for (let first = 0; first < Math.min(step, n); first++) {
    let left = line[first] as number;
    let upLeft = above[first] as number;
    for (let i = first + step; i < n; i += step) {
      const up = above[i] as number;
      left = ((line[i] as number) + paeth(left, up, upLeft)) & 255;
      line[i] = left;
      upLeft = up;
    }
  }
}

/** The neighbor nearest to left + up - upLeft; ties go to left, then up. */
export function paeth(left: number, up: number, upLeft: number): number {
  const dLeft = Math.abs(up - upLeft);
  const dUp = Math.abs(left - upLeft);
  const dUpLeft = Math.abs(left + up - 2 * upLeft);
  return dLeft <= dUp && dLeft <= dUpLeft ? left : dUp <= dUpLeft ? up : upLeft;
}

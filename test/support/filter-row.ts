import { ADAPTIVE, AVERAGE, NONE, PAETH, SUB, UP } from '../../src/codec/png/assembly/layout.js';

type Bytes = Uint8Array | Uint8ClampedArray;

/**
 * Filters one row: the definition that the wasm kernel is tested against.
 *
 * @param row the pixels' bytes
 * @param above those of the row above, zeros for the first row
 * @param step bytes of a pixel
 * @param filter a filter type of PNG, or ADAPTIVE
 * @param to one byte longer than the row: the filter type comes first
 * @see PNG third edition, section 9
 */
export function filterRow(row: Bytes, above: Bytes, step: number, filter: number, to: Uint8Array): void {
  const chosen = filter === ADAPTIVE ? chooseFilter(row, above, step) : filter;
  to[0] = chosen;
  for (let i = 0; i < row.length; i++) to[i + 1] = (row[i] as number) - predict(chosen, row, above, step, i);
}

/** The filter with the least sum of absolute differences, as the standard suggests; the first of equals. */
function chooseFilter(row: Bytes, above: Bytes, step: number): number {
  let best = NONE;
  let least = Number.POSITIVE_INFINITY;
  for (const filter of [NONE, SUB, UP, AVERAGE, PAETH]) {
    let sum = 0;
    for (let i = 0; i < row.length; i++) {
      const difference = ((row[i] as number) - predict(filter, row, above, step, i)) & 255;
      sum += Math.min(difference, 256 - difference);
    }
    if (sum >= least) continue;
    best = filter;
    least = sum;
  }
  return best;
}

function predict(filter: number, row: Bytes, above: Bytes, step: number, i: number): number {
  const left = i < step ? 0 : (row[i - step] as number);
  switch (filter) {
    case SUB:
      return left;
    case UP:
      return above[i] as number;
    case AVERAGE:
      return (left + (above[i] as number)) >> 1;
    case PAETH:
      return nearest(left, above[i] as number, i < step ? 0 : (above[i - step] as number));
    default:
      return 0;
  }
}

/** Whichever is nearest to left + above - corner; the first of equals. */
function nearest(left: number, above: number, corner: number): number {
  const guess = left + above - corner;
  const toLeft = Math.abs(guess - left);
  const toAbove = Math.abs(guess - above);
  const toCorner = Math.abs(guess - corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

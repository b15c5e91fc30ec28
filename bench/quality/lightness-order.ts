import { type LabPicture, lightnessOf } from './lab-picture.js';

/** A tile that is nearly even has no order worth keeping: below this standard deviation of L it is left out. */
const EVEN_TILE = 0.03;

/**
 * How well the order of lightness is kept in each tile: Spearman's rank correlation of L before and after, 1 when every darker
 * pixel stays darker. Over a whole picture (one tile) it sees areas that swap, a dark sky over a light meadow; in tiles, shading
 * that is turned around within an area. Inverted shading gives a negative number, half of a tile inverted about 0.
 */
export function tileOrders(before: LabPicture, after: LabPicture, columns: number, rows: number): number[] {
  const [p, q] = [tilesOf(before, columns, rows), tilesOf(after, columns, rows)];
  return p.flatMap((tile, i) => (deviation(tile) < EVEN_TILE ? [] : [spearman(tile, q[i] as number[])]));
}

function tilesOf(picture: LabPicture, columns: number, rows: number): number[][] {
  const { width, height } = picture;
  const lightness = lightnessOf(picture);
  const tiles: number[][] = Array.from({ length: columns * rows }, () => []);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const tile = Math.floor((y * rows) / height) * columns + Math.floor((x * columns) / width);
      tiles[tile]?.push(lightness[i] as number);
    }
  }
  return tiles;
}

function spearman(before: readonly number[], after: readonly number[]): number {
  const [p, q] = [ranks(before), ranks(after)];
  const mean = (p.length - 1) / 2;
  let [pq, pp, qq] = [0, 0, 0];
  for (let i = 0; i < p.length; i++) {
    const [dp, dq] = [(p[i] as number) - mean, (q[i] as number) - mean];
    pq += dp * dq;
    pp += dp * dp;
    qq += dq * dq;
  }
  return pq / Math.sqrt(pp * qq);
}

function ranks(values: readonly number[]): Float64Array {
  const order = [...values.keys()].sort((p, q) => (values[p] as number) - (values[q] as number));
  const result = new Float64Array(values.length);
  for (let i = 0; i < order.length; ) {
    let end = i;
    while (end < order.length && values[order[end] as number] === values[order[i] as number]) end++;
    for (let k = i; k < end; k++) result[order[k] as number] = (i + end - 1) / 2; // ties share their mean rank
    i = end;
  }
  return result;
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length);
}

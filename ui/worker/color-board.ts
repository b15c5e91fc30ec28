import type { RawImage } from '../codec/bitmap.js';

const WIDTH = 480;
const HEIGHT = 240;
/** More are too narrow to be told apart. */
const MOST_COLORS = 40;
/** Narrowest stripe, as a share of the board. */
const LEAST_SHARE = 0.02;

/**
 * A picture that stands for layers without images: a stripe a color, the largest area first and widest, by its root.
 *
 * @param colors packed @param areas same length
 */
export function drawColorBoard(colors: Uint32Array, areas: Float64Array): RawImage {
  const order = [...colors.keys()].sort((p, q) => (areas[q] as number) - (areas[p] as number)).slice(0, MOST_COLORS);
  // Roots: beside a large background the small colors, which carry the design, would be lines.
  const roots = order.map((i) => Math.sqrt(areas[i] as number));
  const total = roots.reduce((sum, root) => sum + root, 0);
  const shares = roots.map((root) => Math.max(LEAST_SHARE, total === 0 ? 1 : root / total));
  const all = shares.reduce((sum, share) => sum + share, 0);
  const row = new Uint32Array(WIDTH);
  let from = 0;
  order.forEach((i, k) => {
    const to = k === order.length - 1 ? WIDTH : from + ((shares[k] as number) / all) * WIDTH;
    row.fill(((colors[i] as number) | 0xff000000) >>> 0, Math.round(from), Math.round(to));
    from = to;
  });
  const words = new Uint32Array(WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++) words.set(row, y * WIDTH);
  return { data: new Uint8Array(words.buffer), width: WIDTH, height: HEIGHT };
}

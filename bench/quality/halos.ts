import { chromaOf, distanceBetween, hueOf, type LabPicture } from './lab-picture.js';

/** Pixels on each side that an edge is looked at from. */
const REACH = 3;
/** An edge: this far apart in Oklab from side to side. */
const EDGE = 0.08;
/** A hue outside of both sides' by more than this is a color of its own, in degrees; below this chroma nobody sees a hue. */
const FOREIGN_HUE = 25;
const SEEN_CHROMA = 0.03;

/**
 * Share of the original's edge pixels, 0 to 1, whose hue lies outside of what the two sides of the edge have, and did not before:
 * the fringe that a border of two reaches draws around things.
 */
export function measureHalos(before: LabPicture, after: LabPicture): number {
  const [was, is] = [before, after].map((picture) => ({ hue: hueOf(picture), chroma: chromaOf(picture) }));
  if (!was || !is) return 0;
  const { width, height } = before;
  let edges = 0;
  let halos = 0;
  for (let y = REACH; y < height - REACH; y++) {
    for (let x = REACH; x < width - REACH; x++) {
      const i = y * width + x;
      for (const step of [REACH, REACH * width]) {
        const [p, q] = [i - step, i + step];
        if (distanceBetween(before, p, q) < EDGE) continue;
        edges++;
        if (isForeign(is, p, i, q) && !isForeign(was, p, i, q)) halos++;
      }
    }
  }
  return edges === 0 ? 0 : halos / edges;
}

interface Hues {
  readonly hue: Float64Array;
  readonly chroma: Float64Array;
}

/** Whether the pixel between two sides has a hue of its own. A side without a hue says nothing of what may lie between. */
function isForeign({ hue, chroma }: Hues, p: number, i: number, q: number): boolean {
  if ([p, i, q].some((pixel) => (chroma[pixel] as number) < SEEN_CHROMA)) return false;
  const between = hueDelta(hue[p] as number, hue[q] as number);
  const own = hueDelta(hue[p] as number, hue[i] as number);
  const [low, high] = [Math.min(0, between), Math.max(0, between)];
  return own < low - FOREIGN_HUE || own > high + FOREIGN_HUE;
}

/** Signed shortest turn from one hue to another, degrees, [-180, 180). */
function hueDelta(from: number, to: number): number {
  return ((((to - from + 180) % 360) + 360) % 360) - 180;
}

/** The plane of one hue in OKLCH: chroma from left to right, lightness upward; what of it the gamuts hold. */
import { GAMUT_EPSILON } from '../../src/core/color/gamut.js';
import { gamutMatrices, linearFromOklab, type Triple } from '../../src/core/color/oklab.js';
import type { Lch } from '../../src/core/color/oklch.js';
import { packColor } from '../../src/core/color/packed.js';
import { quantize } from '../../src/core/color/srgb.js';
import type { Gamut } from '../../src/core/types.js';
import type { Picture } from '../worker/engine.js';

/** No color of Display P3 has more chroma. */
export const MAX_CHROMA = 0.37;
/** Of the drawn plane, pixels: the browser smooths the rest. */
const WIDTH = 96;
const HEIGHT = 48;
/** Lightnesses at which an edge is looked for. */
const EDGE_STEPS = 40;

function linearOf({ l, c, h }: Lch, gamut: Gamut): Triple {
  const angle = (h * Math.PI) / 180;
  return linearFromOklab(l, c * Math.cos(angle), c * Math.sin(angle), gamutMatrices(gamut).fromLms);
}

export function isIn(color: Lch, gamut: Gamut): boolean {
  return linearOf(color, gamut).every((x) => x >= -GAMUT_EPSILON && x <= 1 + GAMUT_EPSILON);
}

/** Nearest color of a gamut, each component for itself, packed. */
export function packLch(color: Lch, gamut: Gamut): number {
  const [r, g, b] = linearOf(color, gamut).map((x) => quantize(x, 255)) as Triple;
  return packColor(r, g, b);
}

/** The most chroma that a gamut has at a lightness and hue. */
export function mostChroma(l: number, h: number, gamut: Gamut): number {
  if (l <= 0 || l >= 1) return 0;
  let [low, high] = [0, MAX_CHROMA + 0.03];
  while (high - low > 1e-4) {
    const c = (low + high) / 2;
    if (isIn({ l, c, h }, gamut)) low = c;
    else high = c;
  }
  return low;
}

/** The plane's colors as Display P3, beyond its edge clipped. */
export function drawPlane(h: number): Picture {
  const words = new Uint32Array(WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const color = { l: 1 - (y + 0.5) / HEIGHT, c: ((x + 0.5) / WIDTH) * MAX_CHROMA, h };
      words[y * WIDTH + x] = packLch(color, 'display-p3') | 0xff000000;
    }
  }
  return { data: new Uint8ClampedArray(words.buffer), width: WIDTH, height: HEIGHT, gamut: 'display-p3' };
}

/** Points of a gamut's edge from white down to black, x and y from 0 to 1, as an SVG path has them. */
export function edgeOf(h: number, gamut: Gamut): string {
  const points = Array.from({ length: EDGE_STEPS + 1 }, (_, i) => {
    const y = i / EDGE_STEPS;
    return `${(mostChroma(1 - y, h, gamut) / MAX_CHROMA).toFixed(4)} ${y}`;
  });
  return points.join('L');
}

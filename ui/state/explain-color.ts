import { oklabOfColors } from '../../src/core/analysis/oklab-of-colors.js';
import { oklabDistance, type Triple } from '../../src/core/color/oklab.js';
import { oklchFromOklab } from '../../src/core/color/oklch.js';
import { packColor, unpackColor } from '../../src/core/color/packed.js';
import { centerOf, createPull } from '../../src/core/pull.js';
import { distanceTo } from '../../src/core/row/distance.js';
import { influence } from '../../src/core/row/influence.js';
import type { Gamut, Plan, PlanRow } from '../../src/core/types.js';

export interface Explanation {
  /** What becomes of the color, packed. */
  readonly after: number;
  /** Place in the plan of the row that has most to do with it; undefined where none has. */
  readonly place: number | undefined;
}

/** A move shorter than this is not seen, Oklab. */
const LEAST_MOVE = 0.002;

/** What a plan makes of one color, and which row is behind it: the one that moves it most, or keeps it from the longest way. */
export function explainColor(color: number, plan: Plan): Explanation {
  const codes = unpackColor(color);
  const [r, g, b] = createPull(plan)(codes);
  const source = oklabOf(color, plan.gamut);
  const weights = plan.rows.map((row) => {
    const center = centerOf(row);
    return influence(distanceTo(center, ...source), row.radius, row.strength, center.isSurface);
  });
  const kept = plan.rows.map((row, i) => (row.keep ? (weights[i] as number) : 0));
  const free = kept.reduce((rest, weight) => rest * (1 - weight), 1);
  const moves = plan.rows.map((row, i) => (row.keep ? 0 : (weights[i] as number) * wayOf(row, source)));
  const longest = Math.max(0, ...moves);
  const scores = plan.rows.map((row, i) => (row.keep ? (kept[i] as number) * longest : (moves[i] as number) * free));
  const best = Math.max(0, ...scores);
  return { after: packColor(r, g, b), place: best < LEAST_MOVE ? undefined : scores.indexOf(best) };
}

/** How far a row at full weight moves a color, shades aside. */
function wayOf(row: PlanRow, source: Readonly<Triple>): number {
  const from = row.center ?? source;
  return oklabDistance([...row.oklab], [...from]);
}

/** Lightness, chroma and hue for reading: "62 % 0.12 240°"; a grey has no hue. */
export function describeOklch(color: number, gamut: Gamut): string {
  const { l, c, h } = oklchFromOklab(oklabOf(color, gamut));
  const words = `${Math.round(l * 100)} % ${c.toFixed(2)}`;
  return c < GREY_CHROMA ? words : `${words} ${Math.round(h)}°`;
}
/** Below this a hue is rounding's. */
const GREY_CHROMA = 0.005;

function oklabOf(color: number, gamut: Gamut): Triple {
  return [...oklabOfColors(Uint32Array.of(color), gamut)] as Triple;
}

import { gamutMatrices, oklabDistance, oklabFromLinear, type Triple } from '../../src/core/color/oklab.js';
import { packColor, unpackColor } from '../../src/core/color/packed.js';
import { linearFromEncoded } from '../../src/core/color/srgb.js';
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
  const source = oklabOfColor(color, plan.gamut);
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

/** Oklab of a packed color. */
export function oklabOfColor(color: number, gamut: Gamut): Triple {
  const [r, g, b] = unpackColor(color).map((code) => linearFromEncoded(code / 255)) as Triple;
  return oklabFromLinear(r, g, b, gamutMatrices(gamut).toLms);
}

/** Lightness, chroma and hue for reading: "62 % 0.12 240°"; a grey has no hue. */
export function describeOklch([L, a, b]: Readonly<Triple>): string {
  const chroma = Math.hypot(a, b);
  const hue = ((Math.atan2(b, a) * 180) / Math.PI + 360) % 360;
  const words = `${Math.round(L * 100)} % ${chroma.toFixed(2)}`;
  return chroma < GREY_CHROMA ? words : `${words} ${Math.round(hue)}°`;
}
/** Below this a hue is rounding's. */
const GREY_CHROMA = 0.005;

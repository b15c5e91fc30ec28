import { mapToGamut } from './color/gamut.js';
import { gamutMatrices, oklabFromLinear, type Triple } from './color/oklab.js';
import { POWERLESS_CHROMA, straightOklab } from './color/powerless.js';
import { linearFromEncoded, quantize } from './color/srgb.js';
import { type Center, distanceTo } from './row/distance.js';
import { influence } from './row/influence.js';
import { kindOf, ROW_KINDS, type RowKind } from './row/kind.js';
import type { Blend, Channels, Plan, PlanRow } from './types.js';

/** A hue direction shorter than this counts as none (docs/internals/model.md, section 5). */
export const HUELESS_LENGTH = 1e-6;
/** A center as dark as this, or as light, has no shades, or no highlights, to keep. Oklab L. */
export const SHADELESS_LIGHTNESS = 1e-6;

/**
 * The pull: color to color under a plan. THE definition, in float64, written for reading; every backend names it as its
 * reference and is tested against it.
 *
 * @param codes red, green, blue as integers, 0 to maxCode
 * @param maxCode 255 or 65535
 * @returns new codes; the same array when no row reaches the color
 * @see docs/internals/model.md, sections 1, 2 and 4 to 7
 */
export function pull(codes: Readonly<Triple>, plan: Plan, maxCode: 255 | 65535 = 255): Readonly<Triple> {
  return createPull(plan, maxCode)(codes);
}

/** `pull` for many colors under one plan. */
export function createPull(plan: Plan, maxCode: 255 | 65535 = 255): (codes: Readonly<Triple>) => Readonly<Triple> {
  const rows = canonicalOrder(plan.rows).map(prepareRow);
  const { toLms, fromLms } = gamutMatrices(plan.gamut);
  return (codes) => {
    const linear = (code: number): number => linearFromEncoded(code / maxCode);
    const source = oklabFromLinear(linear(codes[0]), linear(codes[1]), linear(codes[2]), toLms);
    const target = pullOklab(source, rows, plan);
    if (target === undefined) return codes;
    const [r, g, b] = mapToGamut(target[0], target[1], target[2], toLms, fromLms);
    return [quantize(r, maxCode), quantize(g, maxCode), quantize(b, maxCode)];
  };
}

/** A row with what the blends need of it. */
interface PreparedRow extends Omit<PlanRow, 'center'> {
  readonly kind: RowKind;
  readonly center: Center;
  readonly chroma: number;
  /** Unit vector of its hue, or (0, 0) when it casts no vote. */
  readonly vote: readonly [number, number];
}

function prepareRow(row: PlanRow): PreparedRow {
  const [, a, b] = row.oklab;
  const vote = hueDirection(a, b, row.powerlessHue);
  return { ...row, kind: kindOf(row), center: centerOf(row), chroma: Math.sqrt(a * a + b * b), vote };
}

/** What a row of a plan measures its distances from. */
export function centerOf(row: PlanRow): Center {
  return { oklab: row.center ?? row.oklab, isSurface: kindOf(row) !== 'attractor' };
}

/** A row and its weight on the color at hand. */
type Weighted = readonly [row: PreparedRow, weight: number];

/**
 * The pull in Oklab, before gamut mapping.
 *
 * @param rows in canonical order
 * @returns undefined when no row moves the color
 */
function pullOklab(
  source: Readonly<Triple>,
  rows: readonly PreparedRow[],
  { channels, blend }: Pick<Plan, 'channels' | 'blend'>,
): Triple | undefined {
  const weigh = ({ center, radius, strength }: PreparedRow): number =>
    influence(distanceTo(center, ...source), radius, strength, center.isSurface);
  let free = 1;
  for (const row of rows) if (row.kind === 'keep') free *= 1 - weigh(row);
  const weighted = rows.filter(({ kind }) => kind !== 'keep').map((row): Weighted => [row, weigh(row) * free]);
  if (weighted.every(([, w]) => w === 0)) return undefined;

  const repaints = share(weighted.filter(([{ kind }]) => kind === 'repaint'));
  const attractors = share(weighted.filter(([{ kind }]) => kind === 'attractor'));
  const repainted = repaints.total === 0 ? source : repaint(source, repaints.rows, channels);
  const [L, a, b] = attractors.total === 0 ? repainted : attract(repainted, attractors, channels, blend);
  return [Math.min(1, Math.max(0, L)), a, b];
}

/** Weights of one kind of rows: divided by their sum where that is above 1. */
interface Shares {
  readonly rows: readonly Weighted[];
  readonly total: number;
  /** What is left to the color itself. */
  readonly rest: number;
}

function share(rows: readonly Weighted[]): Shares {
  const total = rows.reduce((sum, [, w]) => sum + w, 0);
  const rest = Math.max(0, 1 - total);
  return { rows: total > 1 ? rows.map(([row, w]): Weighted => [row, w / total]) : rows, total, rest };
}

/** Moves a color by what lies between the surfaces' colors, in their shade. */
function repaint([L, a, b]: Readonly<Triple>, rows: readonly Weighted[], channels: Channels): Triple {
  const mixed: Triple = [L, a, b];
  for (const [{ oklab, center }, w] of rows) {
    const move = w * shade(L, center.oklab[0]);
    for (let i = 0; i < 3; i++)
      mixed[i] = (mixed[i] as number) + move * ((oklab[i] as number) - (center.oklab[i] as number));
  }
  return switchChannels([L, a, b], mixed, channels);
}

/** How much of a repaint a color takes that is lighter or darker than its center: all there, nothing at black and at white. */
function shade(L: number, center: number): number {
  if (L <= center) return center < SHADELESS_LIGHTNESS ? 1 : L / center;
  return center > 1 - SHADELESS_LIGHTNESS ? 1 : (1 - L) / (1 - center);
}

function attract(source: Readonly<Triple>, { rows, rest }: Shares, channels: Channels, blend: Blend): Triple {
  return blend === 'oklab' ? mixStraight(source, rows, rest, channels) : mixByHue(source, rows, rest, channels);
}

function mixStraight(source: Readonly<Triple>, rows: readonly Weighted[], rest: number, channels: Channels): Triple {
  const mixed: Triple = [rest * source[0], rest * source[1], rest * source[2]];
  for (const [{ oklab, powerlessHue }, w] of rows) {
    const [L, a, b] = straightOklab(oklab, powerlessHue);
    mixed[0] += w * L;
    mixed[1] += w * a;
    mixed[2] += w * b;
  }
  return switchChannels(source, mixed, channels);
}

/**
 * A straight mix with the channels that are switched off taken from the color it started at. A chroma too small to have a hue
 * leaves the color its own; one that has none, and may take none, keeps its a and b.
 */
function switchChannels(
  source: Readonly<Triple>,
  mixed: Readonly<Triple>,
  { luminance, saturation, hue }: Channels,
): Triple {
  const L = luminance ? mixed[0] : source[0];
  if (hue && saturation) return [L, mixed[1], mixed[2]];
  if (!hue && !saturation) return [L, source[1], source[2]];
  const voted = hue ? hueDirection(mixed[1], mixed[2], false) : NO_HUE;
  const [x, y] = voted === NO_HUE ? hueDirection(source[1], source[2], false) : voted;
  if (x === 0 && y === 0) return [L, source[1], source[2]];
  const chroma = saturation
    ? Math.sqrt(mixed[1] * mixed[1] + mixed[2] * mixed[2])
    : Math.sqrt(source[1] * source[1] + source[2] * source[2]);
  return [L, chroma * x, chroma * y];
}

/** By lightness, chroma and direction of hue, each for itself. */
function mixByHue(
  [L, a, b]: Readonly<Triple>,
  rows: readonly Weighted[],
  rest: number,
  { luminance, saturation, hue }: Channels,
): Triple {
  const chroma = Math.sqrt(a * a + b * b);
  const own = hueDirection(a, b, false);

  let newL = rest * L;
  let newChroma = rest * chroma;
  let ux = rest * own[0];
  let uy = rest * own[1];
  for (const [row, w] of rows) {
    newL += w * row.oklab[0];
    newChroma += w * row.chroma;
    ux += w * row.vote[0];
    uy += w * row.vote[1];
  }
  if (!luminance) newL = L;
  if (!saturation) newChroma = chroma;

  const length = Math.sqrt(ux * ux + uy * uy);
  const hasVote = hue && length >= HUELESS_LENGTH;
  // Without a vote a color keeps its own hue; a grey has none, its direction is (0, 0), and it stays grey.
  const [dx, dy] = hasVote ? [ux / length, uy / length] : own;
  return [newL, newChroma * dx, newChroma * dy];
}

/** Rows in an order that does not depend on the recipe's, so that floating-point sums don't either. */
export function canonicalOrder(rows: readonly PlanRow[]): readonly PlanRow[] {
  const key = (row: PlanRow): number[] => [
    ROW_KINDS.indexOf(kindOf(row)),
    ...centerOf(row).oklab,
    ...row.oklab,
    row.tolerance ?? -1,
    row.strength,
    row.radius,
    row.powerlessHue ? 1 : 0,
  ];
  return rows
    .map((row) => ({ row, key: key(row) }))
    .sort((p, q) => p.key.map((x, i) => x - (q.key[i] as number)).find((d) => d !== 0) ?? 0)
    .map(({ row }) => row);
}

const NO_HUE: [number, number] = [0, 0];

/** Unit vector of a hue, or (0, 0) when it is powerless and casts no vote. */
function hueDirection(a: number, b: number, powerless: boolean): [number, number] {
  const chroma = Math.sqrt(a * a + b * b);
  return powerless || chroma < POWERLESS_CHROMA ? NO_HUE : [a / chroma, b / chroma];
}

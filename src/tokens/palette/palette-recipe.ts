import type { Census } from '../../core/analysis/census.js';
import { oklabOfColors } from '../../core/analysis/oklab-of-colors.js';
import { extractPalette } from '../../core/analysis/palette.js';
import { type Checks, checkOptions, flag, within } from '../../core/check-options.js';
import { oklabDistance, type Triple } from '../../core/color/oklab.js';
import { ColorshineError } from '../../core/errors.js';
import { DEFAULT_CHANNELS, DEFAULT_HOW_FAR, HOW_FAR_RANGE, MAX_PALETTE_ROWS } from '../../core/options.js';
import { parseColor } from '../../core/row/color.js';
import { tokenPathOf } from '../../core/row/token-reference.js';
import type { Gamut, Recipe } from '../../core/types.js';
import { RECIPE_VERSION } from '../../core/version.js';
import type { TokenColors } from '../types.js';
import { describeColor } from './describe-color.js';
import { type FittedRow, RowFitter } from './fit-rows.js';
import { type Cluster, type DesignColor, matchColors } from './match-colors.js';
import { type CensusSample, measurePalette, sampleCensus } from './measure-palette.js';
import { collectPoints, FIT_BITS, type Points, REACH_BITS } from './points.js';
import { type FitRow, measureReach, type Reach, radiusAt, weightsAt } from './pull-points.js';
import { distanceFrom } from './score.js';

export interface PaletteOptions {
  /** 0 keeps the picture, 100 brings it onto the palette (the default), above it is flattened, up to 200. */
  readonly howFar?: number;
  /** True writes `{token.path}` into the recipe, for whoever has the tokens; default: CSS colors. */
  readonly keepReferences?: boolean;
}

export const PALETTE_CHECKS: Checks<PaletteOptions> = { howFar: within(HOW_FAR_RANGE), keepReferences: flag };

/** A row of the recipe, with what the picture has that it stands for. */
export interface PaletteRow {
  /** Token path of the design color. */
  readonly name: string;
  /** That color, as CSS. */
  readonly css: string;
  /** 0 to 100, percent of the visible pixels. */
  readonly tolerance: number;
  /** 0 to 200, percent. */
  readonly strength: number;
  /** Share of the visible pixels that this row decides, 0 to 1. */
  readonly share: number;
  /** The picture's main colors that it takes, as packed colors, heaviest first. */
  readonly takes: readonly { readonly color: number; readonly share: number; readonly words: string }[];
  /** One line for people: what it takes, how strongly. */
  readonly explanation: string;
}

export interface PaletteRecipe {
  /** Ready to recolor with; up to 10 attractors. */
  readonly recipe: Recipe;
  /** What each row of the recipe does, in the same order. */
  readonly rows: readonly PaletteRow[];
  /** Mean Oklab distance of the pixels to the nearest design color. */
  readonly before: number;
  /** The same, as expected after recoloring. */
  readonly after: number;
}

/** Main colors that are looked for in a picture. */
const CLUSTERS = 12;
/** Design colors nearer to each other than this look the same; the first stands for all. */
const SAME_COLOR = 0.01;
/** The share of the distance to the palette that may remain at 100: half, with a margin. */
const DISTANCE_GOAL = 0.46;
const GOAL_SLACK = 0.02;
/** Rank correlation of lightness before and after, over the picture. */
const ORDER_GOAL = 0.96;
const REFITS = 4;

/**
 * Makes a recipe that brings a picture onto a design system's colors: finds the picture's main colors, gives each the
 * design color nearest in hue and lightness without swapping dark and light, then fits tolerances and strengths.
 *
 * @param colors of one theme, or of one group of it
 * @throws INVALID_OPTION for howFar; INVALID_TOKENS without colors; INVALID_PIXELS for a picture without visible pixels
 */
export function makePaletteRecipe(
  census: Census,
  gamut: Gamut,
  colors: TokenColors,
  options: PaletteOptions = {},
): PaletteRecipe {
  checkOptions(options, PALETTE_CHECKS);
  const { howFar = DEFAULT_HOW_FAR, keepReferences = false } = options;
  const design = distinctColors(colors);
  if (design.length === 0) throw new ColorshineError('INVALID_TOKENS', 'tokens: expected at least one color, got 0');
  const points = collectPoints(census, gamut, FIT_BITS);
  if (points.count === 0) {
    throw new ColorshineError('INVALID_PIXELS', 'image: expected visible pixels, got only transparent ones');
  }
  const fine = collectPoints(census, gamut, REACH_BITS);
  const clusters = findClusters(census, gamut);
  const sample = sampleCensus(census, gamut);
  const fitter = new RowFitter(points, fine, design);
  const fitted = fitToGoal(fitter, shareOut(clusters, design), design, sample);
  const rows = scaleRows(fitter, fitted, points, design, howFar);
  const { before, after } = measurePalette(sample, toRecipe(rows), design);
  const reaches = rows.map(({ oklab }) => measureReach(points, fine, oklab));
  return {
    recipe: toRecipe(rows, keepReferences),
    rows: describeRows(rows, reaches, points, clusters),
    before,
    after,
  };
}

/**
 * Fits on the points, measures on the real colors, and aims again by as much as it missed: nearer to the palette, or with
 * more weight on the order of lightness.
 */
function fitToGoal(
  fitter: RowFitter,
  start: readonly { readonly color: number; readonly share: number }[],
  design: readonly NamedColor[],
  sample: CensusSample,
): FittedRow[] {
  let goal = DISTANCE_GOAL;
  let rows = fitter.fit(start, MAX_PALETTE_ROWS, goal);
  let best = { rows, miss: Number.POSITIVE_INFINITY };
  for (let attempt = 0; ; attempt++) {
    const recipe = toRecipe(rows.map((row) => ({ ...(design[row.color] as NamedColor), ...row })));
    const { before, after, order } = measurePalette(sample, recipe, design);
    const ratio = before === 0 ? 0 : after / before;
    const tooFar = Math.max(0, ratio - DISTANCE_GOAL - GOAL_SLACK);
    const disordered = Math.max(0, ORDER_GOAL - order);
    if (tooFar + disordered < best.miss) best = { rows, miss: tooFar + disordered };
    if (best.miss === 0 || attempt === REFITS) return best.rows;
    if (tooFar > 0) goal -= ratio - DISTANCE_GOAL;
    if (disordered > 0) fitter.insistOnOrder();
    rows = disordered > 0 ? fitter.fit(start, MAX_PALETTE_ROWS, goal) : fitter.refit(rows, goal);
  }
}

function toRecipe(rows: readonly Omit<PaletteFitRow, 'oklab' | 'powerlessHue'>[], keepReferences = false): Recipe {
  return {
    version: RECIPE_VERSION,
    rows: rows.map(({ name, css, tolerance, strength }) => ({
      color: keepReferences && tokenPathOf(`{${name}}`) === name ? `{${name}}` : css,
      tolerance,
      strength,
    })),
    channels: DEFAULT_CHANNELS,
    blend: 'oklch',
  };
}

interface NamedColor extends DesignColor {
  readonly css: string;
}

interface PaletteFitRow extends FitRow {
  readonly name: string;
  readonly css: string;
}

interface PictureColor extends Cluster {
  readonly color: number;
}

function distinctColors(colors: TokenColors): NamedColor[] {
  const kept: NamedColor[] = [];
  for (const [name, css] of colors) {
    const { oklab, powerlessHue } = parseColor(css);
    if (kept.every((other) => oklabDistance(other.oklab, oklab) >= SAME_COLOR))
      kept.push({ name, css, oklab, powerlessHue });
  }
  return kept;
}

function findClusters(census: Census, gamut: Gamut): PictureColor[] {
  return extractPalette(census, gamut, CLUSTERS).map(({ color, share }) => {
    const [L = 0, a = 0, b = 0] = oklabOfColors(Uint32Array.of(color), gamut);
    return { color, share, oklab: [L, a, b] satisfies Triple };
  });
}

/** Which design colors the clusters go to, and how much of the picture each gets. */
function shareOut(clusters: readonly Cluster[], design: readonly DesignColor[]): { color: number; share: number }[] {
  const shares = new Map<number, number>();
  matchColors(clusters, design).forEach((color, i) => {
    shares.set(color, (shares.get(color) ?? 0) + (clusters[i] as Cluster).share);
  });
  return [...shares]
    .map(([color, share]) => ({ color, share }))
    .sort((p, q) => q.share - p.share)
    .slice(0, MAX_PALETTE_ROWS);
}

/**
 * The fitted rows are what 100 means. Below, strengths shrink. Above, they grow to 200, and reaches close in to those of a
 * flat picture.
 */
function scaleRows(
  fitter: RowFitter,
  fitted: readonly FittedRow[],
  points: Points,
  design: readonly NamedColor[],
  howFar: number,
): PaletteFitRow[] {
  const rows = howFar > 100 ? flattenRows(fitter, fitted, points, design, (howFar - 100) / 100) : fitted;
  const scale = Math.min(1, howFar / 100);
  return rows.map(({ color, tolerance, strength }) => {
    const { name, css, oklab, powerlessHue } = design[color] as NamedColor;
    const rounded = { tolerance: Math.round(tolerance * 10) / 10, strength: Math.round(strength * scale) };
    return { name, css, oklab, powerlessHue, ...rounded };
  });
}

/** Begins between the fitted reaches and the pixels nearest to each row. */
function flattenRows(
  fitter: RowFitter,
  fitted: readonly FittedRow[],
  points: Points,
  design: readonly NamedColor[],
  flat: number,
): FittedRow[] {
  const shares = nearestShares(
    points,
    fitted.map(({ color }) => design[color] as NamedColor),
  );
  const start = fitted.map(({ color, tolerance, strength }, i) => ({
    color,
    tolerance: tolerance + (100 * (shares[i] as number) - tolerance) * flat,
    strength: strength + (200 - strength) * flat,
  }));
  return fitter.flatten(start, flat);
}

function nearestShares(points: Points, colors: readonly DesignColor[]): number[] {
  const shares = colors.map(() => 0);
  for (let i = 0; i < points.count; i++) {
    const distances = colors.map((color) => distanceFrom(points.lab, 3 * i, color));
    const nearest = distances.indexOf(Math.min(...distances));
    shares[nearest] = (shares[nearest] as number) + (points.shares[i] as number);
  }
  return shares;
}

function describeRows(
  rows: readonly PaletteFitRow[],
  reaches: readonly Reach[],
  points: Points,
  clusters: readonly PictureColor[],
): PaletteRow[] {
  const radii = rows.map(({ tolerance }, k) => radiusAt(reaches[k] as Reach, tolerance));
  const shares = rows.map(() => 0);
  for (let i = 0; i < points.count; i++) {
    const row = strongestRow(rows, radii, [0, 1, 2].map((k) => points.lab[3 * i + k] as number) as Triple);
    if (row !== undefined) shares[row] = (shares[row] as number) + (points.shares[i] as number);
  }
  return rows.map(({ name, css, tolerance, strength, oklab }, k) => {
    const takes = clusters
      .filter((cluster) => strongestRow(rows, radii, cluster.oklab) === k)
      .map(({ color, share, oklab: own }) => ({ color, share, words: describeColor(own) }));
    const share = shares[k] as number;
    const explanation = explain(describeColor(oklab), strength, share, takes);
    return { name, css, tolerance, strength, share, takes, explanation };
  });
}

/** The row that decides a color, or undefined when none pulls it. */
function strongestRow(rows: readonly FitRow[], radii: readonly number[], color: Triple): number | undefined {
  const weights = weightsAt(rows, radii, color);
  const most = Math.max(...weights);
  return most > 0 ? weights.indexOf(most) : undefined;
}

function explain(target: string, strength: number, share: number, takes: PaletteRow['takes']): string {
  if (strength === 0) return `${target}: left out at this distance`;
  if (share === 0) return `${target}: supports its neighbors, decides no color alone`;
  const sources = takes.slice(0, 3).map(({ words, share: part }) => `${words} ${percent(part)}`);
  const what = sources.length > 0 ? `takes ${sources.join(', ')}` : `takes small areas, ${percent(share)} in all`;
  const more = takes.length > 3 ? ` and ${takes.length - 3} more` : '';
  const how = strength > 150 ? 'nearly flat' : strength > 100 ? 'firmly' : strength > 60 ? 'softly' : 'slightly';
  return `${target}: ${what}${more}; pulls ${how}`;
}

function percent(share: number): string {
  if (share < 0.0005) return 'under 0.1 %';
  return share < 0.01 ? `${(100 * share).toFixed(1)} %` : `${Math.round(100 * share)} %`;
}

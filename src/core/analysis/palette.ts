import { gamutMatrices, writeOklab } from '../color/oklab.js';
import { linearTable } from '../color/srgb.js';
import type { Gamut } from '../types.js';
import type { Census } from './census.js';

/** One of a picture's main colors. */
export interface PaletteColor {
  /** Packed; a color that occurs in the picture (or the mean of a few that differ by less than 8/255). */
  readonly color: number;
  /** Share of the visible pixels that are nearest to it, 0 to 1. */
  readonly share: number;
}

/** Codes are cut to 5 bits first: at most 32,768 points to cluster, whatever the picture's size. */
const CELL_BITS = 5;
const ROUNDS = 10;
/** Clusters whose centers are closer than this in Oklab look like one color and are merged. */
const MERGE_DISTANCE = 0.045;

/**
 * The main colors of a picture: k-means in Oklab over the census, most frequent first.
 *
 * @param count at most this many colors; fewer come back when the picture has fewer that look different
 * @returns empty for a picture without visible pixels
 */
export function extractPalette(census: Census, gamut: Gamut, count: number): PaletteColor[] {
  const cells = collectCells(census, gamut);
  if (cells.length === 0) return [];
  const centers = seedCenters(cells, count);
  const owner = new Uint16Array(cells.length);
  for (let round = 0; round < ROUNDS; round++) {
    assignCells(cells, centers, owner);
    moveCenters(cells, centers, owner);
  }
  return describe(cells, mergeCenters(cells, centers, owner));
}

/** The mean color of the census colors in one cell of the cut cube. */
interface Cell {
  readonly L: number;
  readonly a: number;
  readonly b: number;
  readonly color: number;
  readonly weight: number;
}

type Center = { L: number; a: number; b: number };

function collectCells({ colors, counts }: Census, gamut: Gamut): Cell[] {
  const drop = 8 - CELL_BITS;
  const size = 1 << (3 * CELL_BITS);
  const sums = new Float64Array(size * 4); // count, red, green, blue
  for (let i = 0; i < colors.length; i++) {
    const count = counts[i] as number;
    const color = colors[i] as number;
    const [r, g, b] = [color & 255, (color >>> 8) & 255, color >>> 16];
    const at = 4 * ((r >> drop) | ((g >> drop) << CELL_BITS) | ((b >> drop) << (2 * CELL_BITS)));
    sums[at] = (sums[at] as number) + count;
    sums[at + 1] = (sums[at + 1] as number) + count * r;
    sums[at + 2] = (sums[at + 2] as number) + count * g;
    sums[at + 3] = (sums[at + 3] as number) + count * b;
  }
  const linear = linearTable(255);
  const { toLms } = gamutMatrices(gamut);
  const lab = new Float64Array(3);
  const cells: Cell[] = [];
  for (let at = 0; at < sums.length; at += 4) {
    const weight = sums[at] as number;
    if (weight === 0) continue;
    const [r, g, b] = [1, 2, 3].map((k) => Math.round((sums[at + k] as number) / weight)) as [number, number, number];
    writeOklab(lab, 0, linear[r] as number, linear[g] as number, linear[b] as number, toLms);
    const [L = 0, a = 0, bb = 0] = lab;
    cells.push({ L, a, b: bb, color: r | (g << 8) | (b << 16), weight });
  }
  return cells;
}

/**
 * The first center is the heaviest cell; each next one the cell with the largest distance to all before, weighed by
 * the fourth root of its count: a small accent (a red boat on the sea) counts, a single odd pixel hardly.
 */
function seedCenters(cells: readonly Cell[], count: number): Center[] {
  const nearest = new Float64Array(cells.length).fill(Number.POSITIVE_INFINITY);
  const centers: Center[] = [];
  let next = cells.reduce((best, cell, i) => (cell.weight > (cells[best] as Cell).weight ? i : best), 0);
  while (centers.length < Math.min(count, cells.length)) {
    const { L, a, b } = cells[next] as Cell;
    centers.push({ L, a, b });
    let best = -1;
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i] as Cell;
      nearest[i] = Math.min(nearest[i] as number, distance(cell, { L, a, b }));
      const score = (nearest[i] as number) * cell.weight ** 0.25;
      if (score > best) {
        best = score;
        next = i;
      }
    }
    if (best <= 0) break;
  }
  return centers;
}

function assignCells(cells: readonly Cell[], centers: readonly Center[], owner: Uint16Array): void {
  cells.forEach((cell, i) => {
    let best = 0;
    let bestDistance = Number.POSITIVE_INFINITY;
    centers.forEach((center, k) => {
      const d = distance(cell, center);
      if (d < bestDistance) {
        best = k;
        bestDistance = d;
      }
    });
    owner[i] = best;
  });
}

function moveCenters(cells: readonly Cell[], centers: Center[], owner: Uint16Array): void {
  const sums = centers.map(() => ({ L: 0, a: 0, b: 0, weight: 0 }));
  cells.forEach(({ L, a, b, weight }, i) => {
    const sum = sums[owner[i] as number] as { L: number; a: number; b: number; weight: number };
    sum.L += L * weight;
    sum.a += a * weight;
    sum.b += b * weight;
    sum.weight += weight;
  });
  sums.forEach(({ L, a, b, weight }, k) => {
    if (weight > 0) centers[k] = { L: L / weight, a: a / weight, b: b / weight };
  });
}

/** Drops centers that own nothing and joins those that look alike. */
function mergeCenters(cells: readonly Cell[], centers: Center[], owner: Uint16Array): Center[] {
  const weights = centers.map(() => 0);
  cells.forEach(({ weight }, i) => {
    weights[owner[i] as number] = (weights[owner[i] as number] ?? 0) + weight;
  });
  const order = centers.map((_, k) => k).sort((p, q) => (weights[q] as number) - (weights[p] as number));
  const kept: Center[] = [];
  for (const k of order) {
    const center = centers[k] as Center;
    if ((weights[k] as number) > 0 && kept.every((other) => distance(other, center) >= MERGE_DISTANCE)) {
      kept.push(center);
    }
  }
  return kept;
}

/** Each center becomes the cell nearest to it, so that a palette color is one that the picture has. */
function describe(cells: readonly Cell[], centers: readonly Center[]): PaletteColor[] {
  const owner = new Uint16Array(cells.length);
  assignCells(cells, centers, owner);
  const total = cells.reduce((sum, { weight }) => sum + weight, 0);
  const palette = centers.map((center, k) => {
    let share = 0;
    let color = 0;
    let best = Number.POSITIVE_INFINITY;
    cells.forEach((cell, i) => {
      if (owner[i] !== k) return;
      share += cell.weight / total;
      const d = distance(cell, center);
      if (d < best) {
        best = d;
        color = cell.color;
      }
    });
    return { color, share };
  });
  return palette.filter(({ share }) => share > 0).sort((p, q) => q.share - p.share);
}

function distance(p: Center, q: Center): number {
  return Math.sqrt((p.L - q.L) ** 2 + (p.a - q.a) ** 2 + (p.b - q.b) ** 2);
}

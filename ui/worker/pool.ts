/**
 * One census for a whole selection: colors of layers by the area they cover, and the pixels of its images by the area that
 * each image covers on the canvas, however many pixels it has.
 */
import type { Census } from '../../src/core/analysis/census.js';
import { oklabOfColors } from '../../src/core/analysis/oklab-of-colors.js';
import { gamutMatrices, linearFromOklab } from '../../src/core/color/oklab.js';
import { packColor } from '../../src/core/color/packed.js';
import { quantize } from '../../src/core/color/srgb.js';
import type { Gamut } from '../../src/core/types.js';
import { createPlanner, type Planner } from './planner.js';

export interface PoolSpec {
  /** Packed colors of the layers, each once, and what each counts: px² times opacity, 0 for hidden ones. */
  readonly colors: Uint32Array;
  readonly areas: Float64Array;
  /** The document's. */
  readonly gamut: Gamut;
  readonly images: readonly { readonly hash: string; readonly area: number }[];
}

/** An image's census and the gamut of its pixels. */
export interface CountedImage {
  readonly census: Census;
  readonly gamut: Gamut;
}

export interface Pool {
  readonly spec: PoolSpec;
  /** Radii of the whole selection. */
  readonly planner: Planner;
  /** All colors in one gamut, for choosing a palette. A color may occur more than once. */
  readonly census: Census;
  readonly gamut: Gamut;
}

/** Weights are whole numbers, as pixel counts are, and sum to about this: sums of them stay exact in float64. */
const TOTAL_WEIGHT = 2 ** 44;
/** A larger census is thinned: radii move by less than one color in this many, and a hundred images fit into memory. */
const MAX_COUNTED_COLORS = 1 << 18;

/** @param counted by hash; images that are not in it are left out */
export function makePool(spec: PoolSpec, counted: ReadonlyMap<string, CountedImage>): Pool {
  const images = spec.images.flatMap(({ hash, area }) => {
    const image = counted.get(hash);
    const visible = image ? sum(image.census.counts) : 0;
    return image && visible > 0 ? [{ ...image, area, visible }] : [];
  });
  const total = sum(spec.areas) + images.reduce((all, { area }) => all + area, 0);
  // Everything hidden: each color counts the same.
  const areas = total > 0 ? spec.areas : Float64Array.from(spec.areas, () => 1);
  const scale = TOTAL_WEIGHT / (total > 0 ? total : Math.max(1, areas.length));
  const parts = [
    { census: weigh({ colors: spec.colors, counts: areas }, scale), gamut: spec.gamut },
    ...images.map(({ census, gamut, area, visible }) => ({ census: weigh(census, (area * scale) / visible), gamut })),
  ];
  const census = join(parts.map((part) => part.census));
  const gamut = parts.some((part) => part.gamut === 'display-p3') ? 'display-p3' : 'srgb';
  const isMixed = parts.some((part) => part.gamut !== gamut);
  return {
    spec,
    planner: createPlanner(census, spec.gamut, undefined, parts),
    census: isMixed
      ? join(parts.map((part) => (part.gamut === gamut ? part.census : toDisplayP3(part.census))))
      : census,
    gamut,
  };
}

/** At most `most` colors: neighbors in the order of packed colors are counted as one of them. */
export function thinCensus({ colors, counts }: Census, most = MAX_COUNTED_COLORS): Census {
  if (colors.length <= most) return { colors: colors.slice(), counts: counts.slice() };
  const order = Uint32Array.from(colors.keys()).sort((p, q) => (colors[p] as number) - (colors[q] as number));
  const step = Math.ceil(colors.length / most);
  const size = Math.ceil(colors.length / step);
  const kept = new Uint32Array(size);
  const weights = new Float64Array(size);
  for (let i = 0; i < order.length; i++) {
    const slot = Math.floor(i / step);
    const at = order[i] as number;
    weights[slot] = (weights[slot] as number) + (counts[at] as number);
    if (i % step === step >> 1 || i % step === 0) kept[slot] = colors[at] as number;
  }
  return { colors: kept, counts: weights };
}

/** What counts at all counts at least one. */
function weigh({ colors, counts }: Census, factor: number): Census {
  return { colors, counts: counts.map((count) => (count === 0 ? 0 : Math.max(1, Math.round(count * factor)))) };
}

function join(parts: readonly Census[]): Census {
  const length = parts.reduce((all, { colors }) => all + colors.length, 0);
  const colors = new Uint32Array(length);
  const counts = new Float64Array(length);
  let at = 0;
  for (const part of parts) {
    colors.set(part.colors, at);
    counts.set(part.counts, at);
    at += part.colors.length;
  }
  return { colors, counts };
}

/** sRGB codes as the nearest Display P3 ones; that gamut holds them all. */
function toDisplayP3({ colors, counts }: Census): Census {
  const lab = oklabOfColors(colors, 'srgb');
  const { fromLms } = gamutMatrices('display-p3');
  const converted = colors.map((_, i) => {
    const [L = 0, a = 0, b = 0] = lab.subarray(3 * i, 3 * i + 3);
    const [r, g, blue] = linearFromOklab(L, a, b, fromLms);
    return packColor(quantize(r, 255), quantize(g, 255), quantize(blue, 255));
  });
  return { colors: converted, counts };
}

function sum(values: Float64Array): number {
  return values.reduce((all, value) => all + value, 0);
}

import type { Census } from '../../src/core/analysis/census.js';
import { oklabOfColors } from '../../src/core/analysis/oklab-of-colors.js';
import type { Backend } from '../../src/core/backend.js';
import { centerOf } from '../../src/core/pull.js';
import { distanceTo } from '../../src/core/row/distance.js';
import { influence } from '../../src/core/row/influence.js';
import type { Gamut, Plan } from '../../src/core/types.js';
import type { RawImage } from '../codec/bitmap.js';
import type { Pacer } from '../codec/pacer.js';
import { evaluatePaced } from './paced-census.js';

/** A small picture prepared for being recolored many times: each distinct color once, and who uses it. */
export interface PreviewImage {
  readonly width: number;
  readonly height: number;
  readonly gamut: Gamut;
  readonly source: Uint8Array;
  readonly colors: Uint32Array;
  /** Per pixel: its color's place in `colors`. */
  readonly index: Uint32Array;
  readonly counts: Float64Array;
}

export function preparePreview({ data, width, height }: RawImage, gamut: Gamut): PreviewImage {
  const words = new Uint32Array(data.buffer, data.byteOffset, width * height);
  const places = new PlaceTable(words.length);
  const index = new Uint32Array(words.length);
  const counts = new Float64Array(words.length);
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as number;
    const place = places.placeOf(word & 0xffffff);
    index[i] = place;
    if (word > 0xffffff) counts[place] = (counts[place] as number) + 1;
  }
  const colors = places.colors();
  return { width, height, gamut, source: data, colors, index, counts: counts.slice(0, colors.length) };
}

/** Colors in the order in which they are met: a Map of numbers takes six times as long. */
class PlaceTable {
  private readonly met: Uint32Array;
  /** A place + 1; 0 where nothing is. Half of it stays empty. */
  private readonly slots: Uint32Array;
  private length = 0;

  /** @param most colors at most */
  constructor(most: number) {
    this.met = new Uint32Array(most);
    this.slots = new Uint32Array(2 ** Math.ceil(Math.log2(2 * most)));
  }

  placeOf(color: number): number {
    const { met, slots } = this;
    const mask = slots.length - 1;
    for (let slot = (Math.imul(color, SPREAD) >>> 8) & mask; ; slot = (slot + 1) & mask) {
      const known = slots[slot] as number;
      if (known === 0) {
        slots[slot] = this.length + 1;
        met[this.length] = color;
        return this.length++;
      }
      if (met[known - 1] === color) return known - 1;
    }
  }

  colors(): Uint32Array {
    return this.met.slice(0, this.length);
  }
}
/** Odd, near the golden section of 2^32: neighbors land far apart. */
const SPREAD = 0x9e3779b1;

/** The preview's own census, for looks that need no exact radius. */
export function previewCensus({ colors, counts }: PreviewImage): Census {
  return { colors, counts };
}

/** @returns RGBA of the recolored preview */
export async function renderPreview(
  preview: PreviewImage,
  plan: Plan,
  backend: Backend,
  pacer: Pacer,
): Promise<Uint8ClampedArray> {
  const newColors = await evaluatePaced(preview.colors, plan, backend, pacer);
  const { source, index } = preview;
  const alphas = new Uint32Array(source.buffer, source.byteOffset, index.length);
  const out = new Uint32Array(index.length);
  for (let i = 0; i < index.length; i++) {
    out[i] = ((alphas[i] as number) & 0xff000000) | (newColors[index[i] as number] as number);
  }
  return new Uint8ClampedArray(out.buffer);
}

/** Brightness of untouched pixels, and of the faintest touch: the edge of a row's reach must be seen. */
const UNTOUCHED = 0.3;
const FAINTEST = 0.5;

/**
 * Shows one row's reach: untouched pixels as dark grey shades, touched ones in their own color, the brighter
 * the stronger the pull.
 *
 * @param place of the row in `plan`
 * @returns RGBA
 */
export function renderReach(preview: PreviewImage, plan: Plan, place: number): Uint8ClampedArray {
  const { source, index, colors } = preview;
  const row = plan.rows[place];
  const lab = oklabOfColors(colors, preview.gamut);
  const weights = new Float32Array(colors.length);
  if (row) {
    const center = centerOf(row);
    for (let i = 0; i < colors.length; i++) {
      const distance = distanceTo(center, lab[i * 3] as number, lab[i * 3 + 1] as number, lab[i * 3 + 2] as number);
      weights[i] = influence(distance, row.radius, row.strength, center.isSurface);
    }
  }
  const out = new Uint8ClampedArray(source.length);
  for (let i = 0, at = 0; i < index.length; i++, at += 4) {
    const weight = weights[index[i] as number] as number;
    const [r, g, b] = [source[at] as number, source[at + 1] as number, source[at + 2] as number];
    const grey = (0.3 * r + 0.59 * g + 0.11 * b) * UNTOUCHED;
    const light = weight === 0 ? 0 : FAINTEST + (1 - FAINTEST) * Math.sqrt(weight);
    out[at] = grey + (r - grey) * light;
    out[at + 1] = grey + (g - grey) * light;
    out[at + 2] = grey + (b - grey) * light;
    out[at + 3] = source[at + 3] as number;
  }
  return out;
}

import type { Pixels } from '../types.js';
import { canSample, SAMPLE_PIXELS, sampleColors } from './sample-colors.js';

/** Slots of the hash table, so that half of them stay free; a product of 32 bits is shifted down to one of them. */
const SLOTS = 2 * SAMPLE_PIXELS;
const SLOT_SHIFT = 18;

/**
 * How many distinct colors an 8-bit picture has, about, from a sample: the colors seen once and twice in it tell how many
 * were not seen. Good enough to choose a strategy by: a picture of up to a million colors is not taken for noise, nor
 * the other way round.
 *
 * @param sample of the picture (`sampleColors`), at most SAMPLE_PIXELS
 * @returns visible colors, at most the pixels; small pictures are counted as though every pixel differed
 * @see A. Chao, Nonparametric estimation of the number of classes in a population, 1984 (bias-corrected form)
 */
export function estimateColors(
  { data, channels }: Pixels,
  sample = sampleColors({ data, channels }, SAMPLE_PIXELS),
): number {
  const pixels = data.length / channels;
  if (sample.length === 0) return canSample({ data, channels }, SAMPLE_PIXELS) ? 0 : pixels;
  const colors = new Int32Array(SLOTS).fill(-1);
  const seen = new Uint16Array(SLOTS);
  let distinct = 0;
  for (let i = 0; i < sample.length; i++) {
    const color = sample[i] as number;
    let slot = Math.imul(color, 0x9e3779b1) >>> SLOT_SHIFT;
    while (colors[slot] !== color && colors[slot] !== -1) slot = (slot + 1) & (SLOTS - 1);
    colors[slot] = color;
    if (seen[slot] === 0) distinct++;
    seen[slot] = (seen[slot] as number) + 1;
  }
  let [once, twice] = [0, 0];
  for (let slot = 0; slot < SLOTS; slot++) {
    if (seen[slot] === 1) once++;
    else if (seen[slot] === 2) twice++;
  }
  return Math.min(pixels, distinct + (once * (once - 1)) / (2 * (twice + 1)));
}

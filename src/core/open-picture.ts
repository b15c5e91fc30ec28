import type { Cancel, Plan, Recipe } from './types.js';

/**
 * A picture that is being worked on, stage by stage. Who opened it owns the order of stages and closes it in every case.
 *
 * All stages hear the signal within 50 ms and throw CANCELED.
 */
export interface OpenPicture {
  /** Counts the colors; 8 bits only. What it returns is good until `close`. */
  census(): Promise<PictureCensus>;
  /** Freezes a recipe's radii: on the census if one was taken, else on the pixels. @throws NO_ROWS */
  plan(recipe: Recipe): Promise<Plan>;
  /** Gives each pixel the new color of its color, alpha excepted. @param newColors in the order of the census */
  paint(newColors: Uint32Array): Promise<void>;
  /** Computes every pixel, in place, alpha excepted; canceled, some are changed. */
  pull(plan: Plan): Promise<void>;
  close(): void;
}

/** A census as long as its picture is open. */
export interface PictureCensus {
  /** Packed colors, each once, those under alpha 0 too. */
  readonly colors: Uint32Array;
  /** Room for their new colors. */
  readonly newColors: Uint32Array;
  /** Visible pixels of each color. */
  counts(): Promise<Float64Array>;
}

/** What a picture is opened for. */
export interface PictureOptions {
  /** Whether `census` will be called. */
  readonly wantsCensus: boolean;
  /** SAMPLE_PIXELS of the picture (`sampleColors`), if somebody has taken them. */
  readonly sample?: Uint32Array | undefined;
  readonly signal?: Cancel | undefined;
}

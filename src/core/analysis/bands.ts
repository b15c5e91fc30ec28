/** What a search for radii and whoever goes over the pixels say to each other: bands of distances, and what lies in them. */

import type { Center } from '../row/distance.js';

/** How many pixels of a sample lie in each distance bucket around a center. */
export type DistanceBuckets = Float64Array;

/** Distances around a center, from one to below the other; `from` may be negative, `to` infinite. */
export interface DistanceBand {
  readonly center: Center;
  readonly from: number;
  readonly to: number;
}

/** What was found in a picture, a census or a part of one; `bands` in their order, with memory of their own. */
export interface Collected {
  /** Pixels with an alpha above 0. */
  readonly visible: number;
  readonly bands: readonly BandFind[];
}

/** Colors in a band of distances around a center. */
export interface BandFind {
  /** Pixels nearer than the band. */
  readonly below: number;
  /** Of the colors in the band, which may occur several times: packed, how many pixels each stands for, and float32 distances. */
  readonly colors: Uint32Array;
  readonly counts: Uint32Array;
  readonly distances: Float32Array;
}

/** A picture or its census, as a search by bands needs it. */
export interface BandSource {
  /** Distance buckets of a sample of the visible pixels, for each center; no pixel in it: the sample says nothing. */
  sample(centers: readonly Center[]): DistanceBuckets[];
  /** Sample buckets per unit of distance from a center, so that a distance d lies within one bucket of d times this. */
  scaleOf(center: Center): number;
  /** Looks at all of it. Distances are off by less than DISTANCE_DOUBT. */
  collect(bands: readonly DistanceBand[]): Promise<Collected>;
}

/**
 * Distances computed in float32 are off by less than this (measured: 1.04e-6 over both gamuts). The surface distance magnifies the errors of a and
 * b, up to 2e-6 of a color's L, by L of the center over that L: up to 3e-6 from a center at 1.5, and no more where its floor holds the magnification.
 */
export const DISTANCE_DOUBT = 1e-5;

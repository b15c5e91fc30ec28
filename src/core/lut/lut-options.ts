import { type Checks, flag, having, oneOf, whole } from '../check-options.js';
import { INTERPOLATIONS, type Interpolation, LUT_SIZE_RANGE } from '../options.js';
import type { Plan } from '../types.js';
import type { Lut } from './lut.js';

/** How the nodes were computed: as floats at even steps, or as 8-bit colors at the codes nearest to them. */
export type NodePrecision = 'float' | '8-bit';

/** How far a table's result lies from the exact one, in 8-bit codes; the worst of the three components counts. */
export interface LutError {
  /** The largest error, in 8-bit codes; the worst component counts. */
  readonly max: number;
  /** 99 % of the pixels are at most this far off. */
  readonly percentile99: number;
  /** Share of pixels more than one code (1/255) off, 0 to 1. */
  readonly shareAboveOne: number;
  /** Colors compared. */
  readonly samples: number;
  /** Whether that was every color of the picture. */
  readonly exhaustive: boolean;
}

/** How the strategy `lut` does its work. */
export interface LutOptions {
  /** Nodes on each axis, 2 to 129. Default 33. */
  readonly size?: number;
  /** Default tetrahedral. */
  readonly interpolation?: Interpolation;
  /** Where tables are kept between calls, such as a cache on disk. Default: each is built and forgotten. */
  readonly store?: LutStore;
  /** Whether the error is measured, which takes the exact pull on the picture's colors. Default true. */
  readonly measureError?: boolean;
}

export const LUT_CHECKS: Checks<LutOptions> = {
  size: whole(LUT_SIZE_RANGE),
  interpolation: oneOf(INTERPOLATIONS),
  store: having('fetch', 'a store of tables (createLutCache)'),
  measureError: flag,
};

/** What decides a table's content, apart from the engine's version. */
export interface LutRequest {
  /** What the table freezes. */
  readonly plan: Plan;
  /** Nodes an axis, 2 to 129. */
  readonly size: number;
  /** How the nodes are computed. */
  readonly precision: NodePrecision;
  /** Name of the backend, which matters for 8-bit nodes: they may be a code apart. */
  readonly backend: string;
}

/** Keeps tables. */
export interface LutStore {
  /** @returns the table, from the store or from `build`, and one sentence that says which and why */
  fetch(request: LutRequest, build: () => Promise<Lut>): Promise<{ lut: Lut; hit: boolean; explanation: string }>;
}

/** What was done, for people and programs. */
export interface LutReport {
  /** Nodes an axis, 2 to 129. */
  readonly size: number;
  /** How colors between the nodes were computed. */
  readonly interpolation: Interpolation;
  /** How the nodes were computed: as floats, or by a GPU as 8-bit colors. */
  readonly precision: NodePrecision;
  /** Whether it came from the store. */
  readonly hit: boolean;
  /** One sentence: why it did, or did not. */
  readonly explanation: string;
  /** Milliseconds to build or load it. */
  readonly fetchMs: number;
  /** Undefined when it was not asked for. */
  readonly error?: LutError;
}

import { type Checks, flag, text } from '../../core/check-options.js';

/** A coarse pass over a shrunken copy before the work at full size. */
export interface HierarchicalOptions {
  /**
   * Measures the radii on a copy of about a million pixels instead of on the image: sooner, but not exact; the report says how
   * far off. Default false.
   */
  readonly hierarchical?: boolean;
  /** Also measures the exact radii, to report the error and the time that was saved; takes that time. Default false. */
  readonly measureRadiusError?: boolean;
  /** Writes the coarse copy, recolored, to this file before the work at full size begins. */
  readonly preview?: string;
}

export const HIERARCHICAL_CHECKS: Checks<HierarchicalOptions> = {
  hierarchical: flag,
  measureRadiusError: flag,
  preview: text,
};

/** What the coarse pass did. */
export interface HierarchicalReport {
  /** Width of the copy, pixels. */
  readonly width: number;
  /** Height of the copy, pixels. */
  readonly height: number;
  /** How it was made: by the decoder itself, at a fraction of the size, or by taking every n-th decoded pixel. */
  readonly source: 'shrink-on-load' | 'sampled';
  /** Whether the image at full size was recolored with these radii; otherwise only the preview was. */
  readonly used: boolean;
  /** Milliseconds to make and measure the copy. */
  readonly milliseconds: number;
  /** One for each attractor, Oklab distance. */
  readonly radii: readonly number[];
  /** The same from all pixels, when they were measured. */
  readonly exactRadii?: readonly number[];
  /** What measuring those took beyond the work that is done anyway. */
  readonly exactMilliseconds?: number;
  /** The preview that was written. */
  readonly preview?: string;
}

/** RGB gamut of a picture: both have the sRGB transfer function. */
export type Gamut = 'srgb' | 'display-p3';

/** Which OKLCH channels an attractor may move. At least one is on. */
export interface Channels {
  readonly luminance: boolean;
  readonly saturation: boolean;
  readonly hue: boolean;
}

/** A target color that pulls the pixels nearest to it. */
export interface Attractor {
  /** Any CSS Color 4 color, its alpha ignored; in a recipe also a `{token.path}` that design tokens resolve. */
  readonly color: string;
  /** 0 to 100: percent of the picture's pixels that lie within reach. */
  readonly tolerance: number;
  /** 0 to 200: up to 100 scales the pull, above 100 flattens its falloff; at 200 every pixel in reach takes the color. */
  readonly strength: number;
  /** False keeps the attractor in the recipe but out of the picture. Default true. */
  readonly enabled?: boolean;
}

/** What to do, independent of any picture. The JSON that plugin, CLI and builds share. */
export interface Recipe {
  readonly version: 1;
  readonly name?: string;
  readonly attractors: readonly Attractor[];
  readonly channels: Channels;
}

/** An attractor with its color resolved and its radius frozen. */
export interface PlanAttractor extends Attractor {
  /** Oklab L (0 to 1), a, b of the target. */
  readonly oklab: readonly [number, number, number];
  /** True when the target's hue is `none` or its chroma is too small to have one: it casts no hue vote. */
  readonly powerlessHue: boolean;
  /** Oklab distance within which the attractor acts; 0 when it does nothing. */
  readonly radius: number;
  /** Share of the analyzed visible pixels within the radius, 0 to 1. */
  readonly share: number;
}

/** A recipe with its radii frozen for one picture, one batch or one reference. Serializable. */
export interface Plan {
  readonly version: 1;
  readonly gamut: Gamut;
  readonly channels: Channels;
  /** In the recipe's order, enabled ones only. */
  readonly attractors: readonly PlanAttractor[];
  /** Visible pixels (alpha > 0) that the radii were measured on. */
  readonly pixels: number;
}

/** 8-bit (Uint8Array, Uint8ClampedArray) or 16-bit (Uint16Array) samples. */
export type Samples = Uint8Array | Uint8ClampedArray | Uint16Array;

/** A picture in memory: interleaved RGB or RGBA, row by row, unpremultiplied, native byte order. */
export interface Pixels {
  readonly data: Samples;
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  /** Default `srgb`. */
  readonly gamut?: Gamut;
}

/** Milliseconds per stage of a recoloring; a stage that did not run is 0. With a lookup table `pull` is to get and check it. */
export interface RecolorTimings {
  readonly census: number;
  readonly radii: number;
  readonly pull: number;
  readonly repaint: number;
}

/** The part of an AbortSignal that the core needs; a DOM or Node AbortSignal fits. */
export interface Cancel {
  readonly aborted: boolean;
}

/** RGB gamut of a picture: both have the sRGB transfer function. */
export type Gamut = 'srgb' | 'display-p3';

/** Which OKLCH channels rows may move. At least one is on. */
export interface Channels {
  /** Lightness, L. */
  readonly luminance: boolean;
  /** Chroma, C. */
  readonly saturation: boolean;
  /** Hue, h. */
  readonly hue: boolean;
}

/**
 * One line of a recipe. With `from` it is a repaint row: a surface of color `from` becomes one of color `color`, light and shade kept. With
 * `keep` surfaces of `color` stay as they are. With neither it is an attractor: colors near `color` move to it.
 */
export interface Row {
  /** Any CSS Color 4 color, its alpha ignored; in a recipe also a `{token.path}` that design tokens resolve. */
  readonly color: string;
  /** The color that is repainted, written as `color` is. */
  readonly from?: string;
  /** Makes this a keep row. */
  readonly keep?: true;
  /** 0 to 100: percent of the picture's pixels that lie within reach. Either this or `reach` is given. */
  readonly tolerance?: number;
  /**
   * 0 to 1: a distance in Oklab, whatever the picture; 0.12 is a surface with its shades. `auto`: a distance that the picture
   * suggests, on repaint and keep rows.
   */
  readonly reach?: number | 'auto';
  /** 0 to 200: up to 100 scales the influence, above 100 flattens its falloff; at 200 it is full to the radius. */
  readonly strength: number;
  /** False keeps the row in the recipe but out of the picture. Default true. */
  readonly enabled?: boolean;
}

/**
 * How attractors blend: by lightness, chroma and direction of hue (`oklch`), or straight (`oklab`), which runs through grey where
 * the other runs through foreign hues. The words of CSS color-mix. Repaint rows always blend straight.
 */
export type Blend = 'oklch' | 'oklab';

/** What to do, independent of any picture. The JSON that plugin, CLI and builds share. */
export interface Recipe {
  /** Of the format. Version 1 is read, too. */
  readonly version: 2;
  /** For people: shown in the window and in reports. */
  readonly name?: string;
  /** In the order in which they are shown; the result does not depend on it. */
  readonly rows: readonly Row[];
  /** What all rows may move. */
  readonly channels: Channels;
  /** How attractors share a pixel. */
  readonly blend: Blend;
}

/** A row with its colors resolved and its radius frozen. */
export interface PlanRow extends Row {
  /** Oklab L (0 to 1), a, b of `color`; on repaint and keep rows a hue that is `none` counts as grey. */
  readonly oklab: readonly [number, number, number];
  /** The same of `from`; on repaint rows alone. */
  readonly center?: readonly [number, number, number];
  /** True when the hue of `color` is `none` or its chroma too small to have one: it casts no hue vote. */
  readonly powerlessHue: boolean;
  /** Distance within which the row acts; 0 when it does nothing. */
  readonly radius: number;
  /** Share of the analyzed visible pixels within the radius, 0 to 1; absent where a fixed reach made measuring needless. */
  readonly share?: number;
}

/** A recipe with its radii frozen for one picture, one batch or one reference. Serializable. */
export interface Plan {
  /** Of the format. */
  readonly version: 2;
  /** Of the picture that it was made for; another is refused. */
  readonly gamut: Gamut;
  /** As in the recipe. */
  readonly channels: Channels;
  /** As in the recipe. */
  readonly blend: Blend;
  /** In the recipe's order, enabled ones only. */
  readonly rows: readonly PlanRow[];
  /** Visible pixels (alpha > 0) that the radii were measured on; 0 where all reaches are fixed. */
  readonly pixels: number;
}

/** 8-bit (Uint8Array, Uint8ClampedArray) or 16-bit (Uint16Array) samples. */
export type Samples = Uint8Array | Uint8ClampedArray | Uint16Array;

/** A picture in memory: interleaved RGB or RGBA, row by row, unpremultiplied, native byte order. */
export interface Pixels {
  /** `width` x `height` x `channels` samples. Changed in place by what recolors. */
  readonly data: Samples;
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** 3 for RGB, 4 for RGBA. */
  readonly channels: 3 | 4;
  /** Default `srgb`. */
  readonly gamut?: Gamut;
}

/** Milliseconds per stage of a recoloring; a stage that did not run is 0. With a lookup table `pull` is to get and check it. */
export interface RecolorTimings {
  /** Counting the colors. */
  readonly census: number;
  /** From tolerances to radii. */
  readonly radii: number;
  /** New colors. */
  readonly pull: number;
  /** Writing them into the pixels. */
  readonly repaint: number;
}

/** The part of an AbortSignal that the core needs; a DOM or Node AbortSignal fits. */
export interface Cancel {
  /** Looked at about every 30 ms; true ends the work with CANCELED. */
  readonly aborted: boolean;
}

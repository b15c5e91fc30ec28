/** READ FIRST in this folder: what the window asks of its worker. Everything that touches pixels happens behind it. */
import type { PaletteColor } from '../../src/core/analysis/palette.js';
import type { Cancel, Gamut, Plan, Recipe } from '../../src/core/types.js';
import type { PaletteRecipe } from '../../src/tokens/index.js';
import type { EncodedImage } from '../codec/encode.js';
import type { PoolSpec } from './pool.js';
import type { RaceOptions } from './race-gpu.js';

/** Longest side of the preview, pixels. */
export const PREVIEW_SIDE = 512;

/** Longest side of a picture in the contact sheet, pixels: 96 at double density. */
export const CARD_SIDE = 192;

/** RGBA ready for a canvas. */
export interface Picture {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  readonly gamut: Gamut;
}

export interface OpenedImage {
  readonly width: number;
  readonly height: number;
  readonly format: string;
  readonly gamut: Gamut;
  /** True when the file was in another color space and is read as sRGB. */
  readonly converted: boolean;
  /** False when some pixel is translucent. */
  readonly opaque: boolean;
  readonly distinctColors: number;
  readonly palette: readonly PaletteColor[];
  /** At most PREVIEW_SIDE. */
  readonly source: Picture;
}

export interface PreviewReply {
  /** Of the part that was asked for, else the preview. */
  readonly picture: Picture;
  /** Radii from the full image. Its rows are the recipe's enabled ones, in order. */
  readonly plan: Plan;
  /** In the worker, milliseconds: radii and pull. */
  readonly milliseconds: number;
}

/** A part of the image. */
export interface DetailReply {
  readonly source: Picture;
  /** Undefined without a recipe. */
  readonly picture: Picture | undefined;
}

/** A part of the image, in its pixels, and how many pixels its longer side shall have at most. */
export interface DetailSpec {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly side: number;
}

export interface TransformReply extends EncodedImage {
  readonly plan: Plan;
  readonly distinctColors: number;
  readonly milliseconds: number;
}

/** The backend in use, and sentences on why and on what happened to it since. */
export interface BackendDescription {
  readonly name: string;
  readonly reason: string;
}

export interface Engine {
  describe(): Promise<BackendDescription>;
  /** Lets the GPU compete with the backend in use, and uses it from then on if it wins. Previews go on meanwhile. */
  race(options?: RaceOptions): Promise<BackendDescription>;
  /** @param listener receives one sentence for each backend that fails or is repaired. There is one listener. */
  onNotice(listener: (sentence: string) => void): void;
  /** Makes an image the one that previews are of. @throws ImageError */
  open(file: Uint8Array, signal?: Cancel): Promise<OpenedImage>;
  /**
   * @param reachOf place among the plan's rows whose reach to show instead of the result
   * @param part as `detail` gave it, to be painted in place of the preview
   */
  preview(recipe: Recipe, reachOf: number | undefined, part?: DetailSpec, signal?: Cancel): Promise<PreviewReply>;
  /** A part of the opened image, exact where it need not shrink; the last one is kept. @param reachOf as for `preview` */
  detail(
    spec: DetailSpec,
    recipe: Recipe | undefined,
    reachOf: number | undefined,
    signal?: Cancel,
  ): Promise<DetailReply>;
  /** The opened image in small, once per recipe. Radii come from the small image: close enough for a look. */
  looks(recipes: readonly Recipe[], signal?: Cancel): Promise<Picture[]>;
  /** The opened image under each recipe, as large as the preview and with its exact radii. */
  themes(recipes: readonly Recipe[], signal?: Cancel): Promise<Picture[]>;
  /** Keeps an image's census for `pool`. @throws ImageError */
  count(hash: string, file: Uint8Array, signal?: Cancel): Promise<void>;
  /**
   * From now on one plan serves layers and images together, measured on both; undefined goes back to a plan an image.
   *
   * @returns hashes that are to be counted first; without them the radii are those of the rest
   */
  pool(spec: PoolSpec | undefined): Promise<readonly string[]>;
  /** Opens the pool's own colors as a picture, where there is no image. */
  openPool(): Promise<OpenedImage>;
  /** What the pool's plan makes of the document's colors. @throws NO_ROWS */
  paint(recipe: Recipe, colors: Uint32Array, signal?: Cancel): Promise<Uint32Array>;
  /**
   * A recipe that brings the pool, or the opened image, onto some of these colors.
   *
   * @param colors name and CSS color
   * @throws INVALID_TOKENS for none, INVALID_PIXELS without a visible pixel
   */
  suggest(colors: readonly (readonly [string, string])[], howFar: number): Promise<PaletteRecipe>;
  /**
   * What `paint` rounds: six values a color, red, green, blue from 0 to 1 and OKLCH with the hue in degrees. @throws NO_ROWS
   */
  paintExactly(recipe: Recipe, colors: Uint32Array): Promise<Float64Array>;
  /**
   * An image of the contact sheet, at most CARD_SIDE; its radii are those of the small image, close enough for a look.
   *
   * @param file where the image is not kept from before: `undefined` is the answer then
   * @param recipe undefined shows the original
   * @throws ImageError
   */
  card(hash: string, file: Uint8Array | undefined, recipe: Recipe | undefined): Promise<Picture | undefined>;
  /** Radii of an image's plan, exact, one a row that is on. The last such image is kept; see `card` for `file`. @throws ImageError, NO_ROWS */
  measure(hash: string, file: Uint8Array | undefined, recipe: Recipe): Promise<readonly number[] | undefined>;
  /** A file in small. @throws ImageError */
  thumbnail(file: Uint8Array, side: number, signal?: Cancel): Promise<Picture>;
  /** Decodes, recolors and encodes a file. @throws ImageError, NO_ROWS, CANCELED */
  transform(file: Uint8Array, recipe: Recipe, signal?: Cancel): Promise<TransformReply>;
}

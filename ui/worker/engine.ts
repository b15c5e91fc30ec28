/**
 * READ FIRST in this folder: what the window asks of its worker. Everything that touches pixels happens here; where
 * a page may not have workers, the same object runs on the page, in slices.
 */
import { createJsBackend } from '../../src/backends/js/index.js';
import { extractPalette, type PaletteColor } from '../../src/core/analysis/palette.js';
import type { Backend } from '../../src/core/backend.js';
import { ColorshineError } from '../../src/core/errors.js';
import type { Cancel, Gamut, Plan, Recipe } from '../../src/core/types.js';
import { decodeImage } from '../codec/decode.js';
import { type EncodedImage, encodeImage } from '../codec/encode.js';
import { createPacer } from '../codec/pacer.js';
import { type ChosenBackend, createBackend, GPU_MIN_COLORS } from './create-backend.js';
import { recolorPaced, takeCensus } from './paced-census.js';
import { createPlanner, type Planner } from './planner.js';
import { type PreviewImage, preparePreview, previewCensus, renderPreview, renderReach } from './preview-image.js';
import { shrink } from './shrink.js';

/** Longest side of the preview, pixels. */
export const PREVIEW_SIDE = 512;
const PALETTE_SIZE = 10;
/** Longest side of the pictures in the preset list. */
const LOOK_SIDE = 96;

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
  readonly picture: Picture;
  /** Radii from the full image. Its attractors are the recipe's enabled ones, in order. */
  readonly plan: Plan;
  /** In the worker, milliseconds: radii and pull. */
  readonly milliseconds: number;
}

export interface TransformReply extends EncodedImage {
  readonly plan: Plan;
  readonly distinctColors: number;
  readonly milliseconds: number;
}

export interface Engine {
  /** The backend in use and why. */
  describe(): Promise<{ name: string; reason: string }>;
  /** Makes an image the one that previews are of. @throws ImageError */
  open(file: Uint8Array, signal?: Cancel): Promise<OpenedImage>;
  /** @param reachOf place among the plan's attractors whose reach to show instead of the result */
  preview(recipe: Recipe, reachOf: number | undefined, signal?: Cancel): Promise<PreviewReply>;
  /** The opened image in small, once per recipe. Radii come from the small image: close enough for a look. */
  looks(recipes: readonly Recipe[], signal?: Cancel): Promise<Picture[]>;
  /** A file in small. @throws ImageError */
  thumbnail(file: Uint8Array, side: number, signal?: Cancel): Promise<Picture>;
  /** Decodes, recolors and encodes a file. @throws ImageError, NO_ATTRACTORS, CANCELED */
  transform(file: Uint8Array, recipe: Recipe, signal?: Cancel): Promise<TransformReply>;
}

interface Opened {
  readonly preview: PreviewImage;
  readonly small: PreviewImage;
  readonly planner: Planner;
}

export function createEngine(): Engine {
  let chosen: Promise<ChosenBackend> | undefined;
  let settled: Backend | undefined;
  let opened: Opened | undefined;
  let isGpuTried = false;
  const choose = (withGpu: boolean): Promise<ChosenBackend> =>
    createBackend(withGpu).then((choice) => {
      settled = choice.backend;
      return choice;
    });
  const considerGpu = (distinctColors: number): void => {
    if (isGpuTried || distinctColors < GPU_MIN_COLORS) return;
    isGpuTried = true;
    chosen = choose(true);
  };
  /** Until the backends have been tried; nothing waits for that. */
  const js = createJsBackend();
  const current = (): Opened => {
    if (opened) return opened;
    throw new ColorshineError('INVALID_PIXELS', 'preview: expected an opened image, got none');
  };

  return {
    async describe() {
      chosen ??= choose(false);
      const { backend: used, reason } = await chosen;
      return { name: used.name, reason };
    },

    async open(file, signal) {
      opened = undefined;
      const pacer = createPacer(signal);
      const image = await decodeImage(file, pacer);
      const { gamut, head, width, height } = image;
      const census = await takeCensus(image.data, pacer);
      const source = await shrink(image, PREVIEW_SIDE, pacer);
      const preview = preparePreview(source, gamut);
      await pacer.pause();
      const small = preparePreview(await shrink(source, LOOK_SIDE, pacer), gamut);
      const palette = extractPalette(census, gamut, PALETTE_SIZE);
      opened = { preview, small, planner: createPlanner(census, gamut) };
      considerGpu(census.colors.length);
      return {
        width,
        height,
        format: head.format,
        gamut,
        converted: head.gamut === 'other',
        opaque: image.opaque,
        distinctColors: census.colors.length,
        palette,
        source: toPicture(new Uint8ClampedArray(source.data), preview),
      };
    },

    async preview(recipe, reachOf, signal) {
      const began = performance.now();
      const { preview, planner } = current();
      const pacer = createPacer(signal);
      const plan = await planner.plan(recipe, pacer);
      const data =
        reachOf === undefined
          ? await renderPreview(preview, plan, settled ?? js, pacer)
          : renderReach(preview, plan, reachOf);
      return { picture: toPicture(data, preview), plan, milliseconds: performance.now() - began };
    },

    async looks(recipes, signal) {
      const { small } = current();
      const pacer = createPacer(signal);
      const planner = createPlanner(previewCensus(small), small.gamut);
      const pictures: Picture[] = [];
      for (const recipe of recipes) {
        const plan = await planner.plan(recipe, pacer);
        pictures.push(toPicture(await renderPreview(small, plan, settled ?? js, pacer), small));
      }
      return pictures;
    },

    async thumbnail(file, side, signal) {
      const pacer = createPacer(signal);
      const image = await decodeImage(file, pacer);
      const { data, width, height } = await shrink(image, side, pacer);
      return { data: new Uint8ClampedArray(data), width, height, gamut: image.gamut };
    },

    async transform(file, recipe, signal) {
      const began = performance.now();
      const pacer = createPacer(signal);
      const image = await decodeImage(file, pacer);
      const planFor = (census: Parameters<typeof createPlanner>[0]): Promise<Plan> =>
        createPlanner(census, image.gamut).plan(recipe, pacer);
      const { plan, distinctColors } = await recolorPaced(image.data, planFor, settled ?? js, pacer);
      const encoded = await encodeImage(image, pacer);
      return { ...encoded, plan, distinctColors, milliseconds: performance.now() - began };
    },
  };
}

function toPicture(data: Uint8ClampedArray, { width, height, gamut }: PreviewImage): Picture {
  return { data, width, height, gamut };
}

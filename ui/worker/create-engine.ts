/** The engine itself; where a page may not have workers, the same object runs on the page, in slices. */
import type { Census } from '../../src/core/analysis/census.js';
import { extractPalette } from '../../src/core/analysis/palette.js';
import type { Backend } from '../../src/core/backend.js';
import { ColorshineError } from '../../src/core/errors.js';
import { takeCensus } from '../../src/core/measure-plan.js';
import type { Gamut, Pixels, Plan, Recipe } from '../../src/core/types.js';
import { makePaletteRecipe } from '../../src/tokens/index.js';
import type { RawImage } from '../codec/bitmap.js';
import { type DecodedImage, decodeImage, decodeSmall } from '../codec/decode.js';
import { encodeImage } from '../codec/encode.js';
import { createPacer, type Pacer } from '../codec/pacer.js';
import { createCards } from './cards.js';
import { drawColorBoard } from './color-board.js';
import { type ChosenBackend, createBackend } from './create-backend.js';
import { type BackendDescription, type DetailSpec, type Engine, type Picture, PREVIEW_SIDE } from './engine.js';
import { evaluateExactly } from './exact-colors.js';
import { isGpu } from './gpu-modes.js';
import { evaluatePaced, recolorPaced } from './paced-census.js';
import { createPlanner, type Planner } from './planner.js';
import { type CountedImage, makePool, type Pool, thinCensus } from './pool.js';
import { type PreviewImage, preparePreview, previewCensus, renderPreview, renderReach } from './preview-image.js';
import { type RaceOptions, raceGpu } from './race-gpu.js';
import { crop, shrink } from './shrink.js';

const PALETTE_SIZE = 10;
/** Longest side of the pictures in the preset list. */
const LOOK_SIDE = 96;

interface Opened {
  readonly preview: PreviewImage;
  /** All of its pixels; undefined where the preview has them. */
  readonly full: RawImage | undefined;
  /** The part that was asked for last, by what was asked. */
  readonly details: Map<string, PreviewImage>;
  readonly small: PreviewImage;
  readonly planner: Planner;
  readonly census: Census;
}

export function createEngine(): Engine {
  let chosen: Promise<ChosenBackend> | undefined;
  let opened: Opened | undefined;
  let pool: Pool | undefined;
  const counted = new Map<string, CountedImage>();
  const cards = createCards();
  let measured: { readonly hash: string; readonly planner: Planner } | undefined;
  let listener: ((sentence: string) => void) | undefined;
  let racing: Promise<unknown> = Promise.resolve();
  const notices: string[] = [];
  const notify = (sentence: string): void => {
    notices.push(sentence);
    listener?.(sentence);
  };
  const choose = (): Promise<ChosenBackend> => {
    chosen ??= createBackend(notify);
    return chosen;
  };
  const backend = async (): Promise<Backend> => (await choose()).backend;
  /** By whatever is in use at the time. */
  const measurer: Pick<Backend, 'measureCensus'> = {
    measureCensus: async (...request) => (await backend()).measureCensus?.(...request),
  };
  const describe = async (): Promise<BackendDescription> => {
    const { backend: used, reason } = await choose();
    return { name: used.name, reason: [reason, ...notices].join(' ') };
  };
  const race = async (options?: RaceOptions): Promise<BackendDescription> => {
    const current = await choose();
    // Work under way keeps the backend it began with.
    if (!isGpu(current.backend.name)) chosen = Promise.resolve(await raceGpu(current, notify, options));
    return describe();
  };
  const count = async (image: DecodedImage, { signal }: Pacer): Promise<Census> =>
    takeCensus(toPixels(image), { backend: await backend(), signal });
  const current = (): Opened => {
    if (opened) return opened;
    throw new ColorshineError('INVALID_PIXELS', 'preview: expected an opened image, got none');
  };

  const currentPool = (): Pool => {
    if (pool) return pool;
    throw new ColorshineError('INVALID_PIXELS', 'pool: expected colors of layers, got none');
  };
  /** Makes a picture the one that previews are of. */
  const show = async (
    source: RawImage,
    full: RawImage,
    census: Census,
    gamut: Gamut,
    pacer: Pacer,
  ): Promise<PreviewImage> => {
    const preview = preparePreview(source, gamut);
    await pacer.pause();
    const small = preparePreview(await shrink(source, LOOK_SIDE, pacer), gamut);
    opened = {
      ...{ preview, small, census, planner: createPlanner(census, gamut, measurer) },
      full: full.width === source.width && full.height === source.height ? undefined : full,
      details: new Map(),
    };
    return preview;
  };
  const detailOf = async ({ x, y, width, height, side }: DetailSpec, pacer: Pacer): Promise<PreviewImage> => {
    const { full, details, preview } = current();
    if (!full) return preview;
    const key = [x, y, width, height, side].join();
    const known = details.get(key);
    if (known) return known;
    const made = preparePreview(await shrink(crop(full, x, y, width, height), side, pacer), preview.gamut);
    details.clear();
    details.set(key, made);
    return made;
  };
  const render = async (
    picture: PreviewImage,
    plan: Plan,
    reachOf: number | undefined,
    pacer: Pacer,
  ): Promise<Picture> => {
    const data =
      reachOf === undefined
        ? await renderPreview(picture, plan, await backend(), pacer)
        : renderReach(picture, plan, reachOf);
    return toPicture(data, picture);
  };
  /** The plan that Apply will take for the opened image. */
  const planShown = async (recipe: Recipe, pacer: Pacer): Promise<Plan> => {
    const { preview, planner } = current();
    return { ...(await (pool?.planner ?? planner).plan(recipe, pacer)), gamut: preview.gamut };
  };
  const renderAll = async (
    picture: PreviewImage,
    recipes: readonly Recipe[],
    planFor: (recipe: Recipe, pacer: Pacer) => Promise<Plan>,
    pacer: Pacer,
  ): Promise<Picture[]> => {
    const pictures: Picture[] = [];
    for (const recipe of recipes) {
      const plan = await planFor(recipe, pacer);
      pictures.push(await render(picture, plan, undefined, pacer));
    }
    return pictures;
  };

  return {
    describe,

    race(options) {
      const result = racing.then(() => race(options));
      racing = result.catch(() => {});
      return result;
    },

    onNotice(next) {
      listener = next;
    },

    async open(file, signal) {
      opened = undefined;
      const pacer = createPacer(signal);
      void choose(); // is ready when the pixels are
      const image = await decodeImage(file, pacer);
      const { gamut, head, width, height } = image;
      const census = await count(image, pacer);
      const source = await shrink(image, PREVIEW_SIDE, pacer);
      const palette = extractPalette(census, gamut, PALETTE_SIZE);
      const preview = await show(source, image, census, gamut, pacer);
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
      const { preview } = current();
      const pacer = createPacer(signal);
      const plan = await planShown(recipe, pacer);
      const picture = await render(preview, plan, reachOf, pacer);
      return { picture, plan, milliseconds: performance.now() - began };
    },

    async detail(spec, recipe, reachOf, signal) {
      const pacer = createPacer(signal);
      const part = await detailOf(spec, pacer);
      const picture = recipe && (await render(part, await planShown(recipe, pacer), reachOf, pacer));
      return { source: toPicture(new Uint8ClampedArray(part.source), part), picture };
    },

    async looks(recipes, signal) {
      const { small } = current();
      const pacer = createPacer(signal);
      const planner = createPlanner(previewCensus(small), small.gamut, measurer);
      return renderAll(small, recipes, pool ? planShown : planner.plan, pacer);
    },

    async themes(recipes, signal) {
      return renderAll(current().preview, recipes, planShown, createPacer(signal));
    },

    async count(hash, file, signal) {
      const pacer = createPacer(signal);
      const image = await decodeImage(file, pacer);
      counted.set(hash, { census: thinCensus(await count(image, pacer)), gamut: image.gamut });
    },

    async pool(spec) {
      const wanted = new Set(spec?.images.map(({ hash }) => hash));
      // Switched off and on again, nothing is to be counted anew.
      for (const hash of counted.keys()) if (spec && !wanted.has(hash)) counted.delete(hash);
      pool = spec && makePool(spec, counted);
      return [...wanted].filter((hash) => !counted.has(hash));
    },

    async openPool() {
      const { spec, census, gamut: all } = currentPool();
      const { colors, areas, gamut } = spec;
      const source = drawColorBoard(colors, areas);
      const preview = await show(source, source, census, gamut, createPacer(undefined));
      return {
        ...{ width: source.width, height: source.height, format: 'colors', gamut, converted: false, opaque: true },
        distinctColors: colors.length,
        palette: extractPalette(census, all, PALETTE_SIZE),
        source: toPicture(new Uint8ClampedArray(source.data), preview),
      };
    },

    async paint(recipe, colors, signal) {
      const pacer = createPacer(signal);
      const { planner, spec } = currentPool();
      const plan = await planner.plan(recipe, pacer);
      return evaluatePaced(colors, { ...plan, gamut: spec.gamut }, await backend(), pacer);
    },

    async suggest(colors, howFar) {
      const { census, gamut } = pool ?? { census: current().census, gamut: current().preview.gamut };
      return makePaletteRecipe(census, gamut, new Map(colors), { howFar });
    },

    async paintExactly(recipe, colors) {
      const { planner, spec } = currentPool();
      const plan = await planner.plan(recipe, createPacer(undefined));
      return evaluateExactly(colors, { ...plan, gamut: spec.gamut });
    },

    async card(hash, file, recipe) {
      const pacer = createPacer(undefined);
      const found = await cards.take(hash, file, pacer);
      if (!found) return undefined;
      const { preview, planner } = found;
      if (!recipe) return toPicture(new Uint8ClampedArray(preview.source), preview);
      const plan = await (pool?.planner ?? planner).plan(recipe, pacer);
      return render(preview, { ...plan, gamut: preview.gamut }, undefined, pacer);
    },

    async measure(hash, file, recipe) {
      const pacer = createPacer(undefined);
      if (measured?.hash !== hash) {
        if (!file) return undefined;
        const image = await decodeImage(file, pacer);
        measured = { hash, planner: createPlanner(await count(image, pacer), image.gamut) };
      }
      return (await measured.planner.plan(recipe, pacer)).rows.map(({ radius }) => radius);
    },

    async thumbnail(file, side, signal) {
      const pacer = createPacer(signal);
      const { gamut, ...small } = await decodeSmall(file, side, pacer);
      const { data, width, height } = await shrink(small, side, pacer);
      return { data: new Uint8ClampedArray(data), width, height, gamut };
    },

    async transform(file, recipe, signal) {
      const began = performance.now();
      const pacer = createPacer(signal);
      const image = await decodeImage(file, pacer);
      const { gamut } = image;
      const planner = pool?.planner;
      const planPooled = planner && (async () => ({ ...(await planner.plan(recipe, pacer)), gamut }));
      const recolored = await recolorPaced(toPixels(image), recipe, await backend(), pacer, planPooled);
      const encoded = await encodeImage(image, pacer);
      return { ...encoded, ...recolored, milliseconds: performance.now() - began };
    },
  };
}

function toPixels({ data, width, height, gamut }: DecodedImage): Pixels {
  return { data, width, height, channels: 4, gamut };
}

function toPicture(data: Uint8ClampedArray, { width, height, gamut }: PreviewImage): Picture {
  return { data, width, height, gamut };
}

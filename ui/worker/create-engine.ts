/** The engine itself; where a page may not have workers, the same object runs on the page, in slices. */
import type { Census } from '../../src/core/analysis/census.js';
import { extractPalette } from '../../src/core/analysis/palette.js';
import { takeCensus } from '../../src/core/measure-plan.js';
import type { Pixels, Plan, Recipe } from '../../src/core/types.js';
import { makePaletteRecipe } from '../../src/tokens/index.js';
import { type DecodedImage, decodeImage, decodeSmall } from '../codec/decode.js';
import { encodeImage } from '../codec/encode.js';
import { createPacer, type Pacer } from '../codec/pacer.js';
import { createBackendInUse } from './backend-in-use.js';
import { createCards } from './cards.js';
import { drawColorBoard } from './color-board.js';
import { type Engine, type Picture, PREVIEW_SIDE } from './engine.js';
import { evaluateExactly } from './exact-colors.js';
import { evaluatePaced, recolorPaced } from './paced-census.js';
import { createPlanner, type Planner } from './planner.js';
import { thinCensus } from './pool.js';
import { type PreviewImage, previewCensus, renderPreview, renderReach } from './preview-image.js';
import { createSharedPool } from './shared-pool.js';
import { createShownPicture } from './shown-picture.js';
import { shrink } from './shrink.js';
import { timeStages } from './time-stages.js';

const PALETTE_SIZE = 10;

export function createEngine(): Engine {
  const backend = createBackendInUse();
  const shown = createShownPicture(backend.measurer);
  const pool = createSharedPool();
  const cards = createCards();
  let measured: { readonly hash: string; readonly planner: Planner } | undefined;

  const count = async (image: DecodedImage, { signal }: Pacer): Promise<Census> =>
    takeCensus(toPixels(image), { backend: await backend.get(), signal });
  const render = async (
    picture: PreviewImage,
    plan: Plan,
    reachOf: number | undefined,
    pacer: Pacer,
  ): Promise<Picture> => {
    const data =
      reachOf === undefined
        ? await renderPreview(picture, plan, await backend.get(), pacer)
        : renderReach(picture, plan, reachOf);
    return toPicture(data, picture);
  };
  /** The plan that Apply will take for the shown picture. */
  const planShown = async (recipe: Recipe, pacer: Pacer): Promise<Plan> => {
    const { preview, planner } = shown.get();
    return { ...(await (pool.peek()?.planner ?? planner).plan(recipe, pacer)), gamut: preview.gamut };
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
    describe: backend.describe,
    race: backend.race,
    onNotice: backend.onNotice,

    async open(file, signal) {
      shown.clear();
      const pacer = createPacer(signal);
      void backend.get(); // is ready when the pixels are
      const image = await decodeImage(file, pacer);
      const { gamut, head, width, height } = image;
      const census = await count(image, pacer);
      const source = await shrink(image, PREVIEW_SIDE, pacer);
      const palette = extractPalette(census, gamut, PALETTE_SIZE);
      const preview = await shown.show(source, image, census, gamut, pacer);
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

    async preview(recipe, reachOf, part, signal) {
      const began = performance.now();
      const pacer = createPacer(signal);
      const plan = await planShown(recipe, pacer);
      const picture = await render(part ? await shown.part(part, pacer) : shown.get().preview, plan, reachOf, pacer);
      return { picture, plan, milliseconds: performance.now() - began };
    },

    async detail(spec, recipe, reachOf, signal) {
      const pacer = createPacer(signal);
      const part = await shown.part(spec, pacer);
      const picture = recipe && (await render(part, await planShown(recipe, pacer), reachOf, pacer));
      return { source: toPicture(new Uint8ClampedArray(part.source), part), picture };
    },

    async looks(recipes, signal) {
      const { small } = shown.get();
      const pacer = createPacer(signal);
      const planner = createPlanner(previewCensus(small), small.gamut, backend.measurer);
      return renderAll(small, recipes, pool.peek() ? planShown : planner.plan, pacer);
    },

    async themes(recipes, signal) {
      return renderAll(shown.get().preview, recipes, planShown, createPacer(signal));
    },

    async count(hash, file, signal) {
      const pacer = createPacer(signal);
      const image = await decodeImage(file, pacer);
      pool.add(hash, { census: thinCensus(await count(image, pacer)), gamut: image.gamut });
    },

    pool: async (spec) => pool.set(spec),

    async openPool() {
      const { spec, census, gamut: all } = pool.get();
      const { colors, areas, gamut } = spec;
      const source = drawColorBoard(colors, areas);
      const preview = await shown.show(source, source, census, gamut, createPacer(undefined));
      return {
        ...{ width: source.width, height: source.height, format: 'colors', gamut, converted: false, opaque: true },
        distinctColors: colors.length,
        palette: extractPalette(census, all, PALETTE_SIZE),
        source: toPicture(new Uint8ClampedArray(source.data), preview),
      };
    },

    async paint(recipe, colors, signal) {
      const pacer = createPacer(signal);
      const { planner, spec } = pool.get();
      const plan = await planner.plan(recipe, pacer);
      return evaluatePaced(colors, { ...plan, gamut: spec.gamut }, await backend.get(), pacer);
    },

    async suggest(colors, howFar) {
      const { census, gamut } = pool.peek() ?? { census: shown.get().census, gamut: shown.get().preview.gamut };
      return makePaletteRecipe(census, gamut, new Map(colors), { howFar });
    },

    async paintExactly(recipe, colors) {
      const { planner, spec } = pool.get();
      const plan = await planner.plan(recipe, createPacer(undefined));
      return evaluateExactly(colors, { ...plan, gamut: spec.gamut });
    },

    async card(hash, file, recipe) {
      const pacer = createPacer(undefined);
      const found = await cards.take(hash, file, pacer);
      if (!found) return undefined;
      const { preview, planner } = found;
      if (!recipe) return toPicture(new Uint8ClampedArray(preview.source), preview);
      const plan = await (pool.peek()?.planner ?? planner).plan(recipe, pacer);
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
      const endStage = timeStages();
      const pacer = createPacer(signal);
      const image = await decodeImage(file, pacer);
      endStage('decode');
      const { gamut } = image;
      const planner = pool.peek()?.planner;
      const planPooled = planner && (async () => ({ ...(await planner.plan(recipe, pacer)), gamut }));
      const recolored = await recolorPaced(toPixels(image), recipe, await backend.get(), pacer, planPooled, endStage);
      const encoded = await encodeImage(image, pacer);
      endStage('encode');
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

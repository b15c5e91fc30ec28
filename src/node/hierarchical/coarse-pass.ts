import { performance } from 'node:perf_hooks';
import { fixedPlan } from '../../core/analysis/radius.js';
import { type Pixels, type Plan, type Recipe, recolorPixels } from '../../core/index.js';
import { measurePlan } from '../../core/measure-plan.js';
import { isPlan } from '../../core/plan-file.js';
import type { Engine } from '../engine.js';
import { writeWhole } from '../files/output.js';
import { encodeImage } from '../image/encode-image.js';
import { fileTarget } from '../image/encode-target.js';
import { formatForOutput } from '../image/format-names.js';
import type { OpenImage } from '../image/open-image.js';
import { readRawPixels } from '../image/raw-pixels.js';
import { lendBackend } from '../lend-backend.js';
import type { HierarchicalOptions, HierarchicalReport } from './options.js';
import { type PixelRows, samplePixels } from './sample.js';

/** Longer side of the coarse copy: a million pixels put a percentile within a thousandth of its rank. */
export const COARSE_SIDE = 1024;

/** The coarse pass of one image. */
export interface CoarsePass {
  /** The plan, where it comes from the decoder's own small copy: it is there long before the image at full size. */
  readonly early: (() => Promise<Plan>) | undefined;
  /** Whether `settle` will ask for the exact radii too. */
  readonly measuresError: boolean;
  /**
   * What the image is to be recolored with; writes the preview if that has not been done.
   *
   * @param rows the decoded image, for files that cannot be decoded small
   * @param exact measures the radii on all pixels, and what that takes beyond the work done anyway; called when wanted
   */
  settle(
    rows: PixelRows,
    exact: (recipe: Recipe) => Promise<{ plan: Plan; milliseconds: number }>,
  ): Promise<Recipe | Plan>;
  report(): HierarchicalReport | undefined;
  readonly notices: readonly string[];
}

/**
 * Prepares the coarse pass, and begins it at once where the decoder can shrink (JPEG, WebP).
 *
 * @returns undefined when neither radii nor a preview are asked for
 * @throws INPUT_CORRUPT, OUTPUT_UNWRITABLE for the preview
 */
export async function startCoarsePass(
  file: OpenImage,
  recipe: Recipe | Plan,
  { hierarchical = false, measureRadiusError = false, preview, engine }: HierarchicalOptions & { engine?: Engine },
): Promise<CoarsePass | undefined> {
  const frozen = isPlan(recipe) ? recipe : fixedPlan(recipe, 'srgb');
  const isFrozen = frozen !== undefined;
  if (preview === undefined && !hierarchical) return undefined;
  const previewFormat = preview === undefined ? undefined : formatForOutput(preview, file.name);
  const notices =
    hierarchical && isFrozen
      ? [
          `hierarchical: the radii of ${isPlan(recipe) ? 'a plan are frozen' : 'fixed reaches are known'}, nothing is measured`,
        ]
      : [];
  if (isFrozen && preview === undefined) return frozenPass(recipe, notices);
  let done: Coarse | undefined;
  let early: Promise<Coarse> | undefined;
  let exact: { plan: Plan; milliseconds: number } | undefined;

  async function measure(makeCopy: () => Promise<Pixels>, source: Coarse['source']): Promise<Coarse> {
    const began = performance.now();
    const copy = await makeCopy();
    const plan = frozen
      ? { ...frozen, gamut: copy.gamut ?? 'srgb' }
      : await lendBackend(engine, (backend) => measurePlan(copy, recipe as Recipe, { backend }));
    return { copy, plan, source, milliseconds: performance.now() - began };
  }

  async function writePreview(copy: Pixels, plan: Plan): Promise<void> {
    if (preview === undefined) return;
    const { data } = copy;
    // The slice of a Buffer shares its memory.
    const pixels = { ...copy, data: data instanceof Uint16Array ? data.slice() : Uint8Array.from(data) };
    await lendBackend(engine, (backend) => recolorPixels(pixels, plan, { backend }));
    const { delay: _delay, loop: _loop, ...described } = file.describe();
    const image = { ...described, pixels, pages: 1, pageHeight: pixels.height };
    const format = previewFormat ?? (image.format === 'heic' ? 'avif' : image.format);
    await writeWhole(preview, async (temp) => {
      await encodeImage(image, { format }, fileTarget(temp));
    });
  }

  if (file.pages === 1 && (file.format === 'jpeg' || file.format === 'webp')) {
    early = measure(() => decodeSmall(file), 'shrink-on-load').then((coarse) => {
      done = coarse;
      return coarse;
    });
    early.catch(() => undefined); // whoever settles hears of it
    // A preview comes first; radii are measured beside the decoder of the image at full size.
    if (preview !== undefined) await early.then(({ copy, plan }) => writePreview(copy, plan));
  }

  return {
    notices,
    early: isFrozen || !hierarchical || !early ? undefined : async () => (await (early as Promise<Coarse>)).plan,
    measuresError: hierarchical && !isFrozen && measureRadiusError,
    async settle(rows, measureExactly) {
      await early;
      if (!done) {
        done = await measure(() => samplePixels(rows, COARSE_SIDE), 'sampled');
        const isAnimated = file.pages > 1;
        const first = isAnimated ? await samplePixels(rows, COARSE_SIDE, rows.height / file.pages) : done.copy;
        await writePreview(first, done.plan);
      }
      if (isFrozen || !hierarchical) return recipe;
      if (measureRadiusError) exact = await measureExactly(recipe as Recipe);
      return done.plan;
    },
    report() {
      if (!done) return undefined;
      const radiiOf = ({ rows }: Plan): number[] => rows.map(({ radius }) => radius);
      return {
        width: done.copy.width,
        height: done.copy.height,
        source: done.source,
        used: hierarchical && !isFrozen,
        milliseconds: done.milliseconds,
        radii: radiiOf(done.plan),
        ...(exact && { exactRadii: radiiOf(exact.plan), exactMilliseconds: exact.milliseconds }),
        ...(preview !== undefined && { preview }),
      };
    },
  };
}

/** Nothing is measured and nothing shown: a small copy would be decoded for nobody. */
function frozenPass(recipe: Recipe | Plan, notices: readonly string[]): CoarsePass {
  return {
    notices,
    early: undefined,
    measuresError: false,
    settle: async () => recipe,
    report: () => undefined,
  };
}

interface Coarse {
  readonly copy: Pixels;
  readonly plan: Plan;
  readonly source: HierarchicalReport['source'];
  readonly milliseconds: number;
}

/** An image shrunken by its decoder. @throws INPUT_CORRUPT */
export async function decodeSmall(file: OpenImage): Promise<Pixels> {
  const small = file.openDecoder().resize({
    width: COARSE_SIDE,
    height: COARSE_SIDE,
    fit: 'inside',
    withoutEnlargement: true,
    kernel: 'nearest', // what is left after the decoder's own shrinking
  });
  const described = file.describe();
  try {
    const is16Bit = described.pixels.data instanceof Uint16Array;
    return (await readRawPixels(small, is16Bit, described.pixels.gamut ?? 'srgb')).pixels;
  } catch (error) {
    throw file.corrupt(error);
  }
}

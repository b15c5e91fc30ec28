import { performance } from 'node:perf_hooks';
import type { Backend, Plan, Recipe } from '../../core/index.js';
import { recolorPixels } from '../../core/index.js';
import { measurePlan } from '../../core/measure-plan.js';
import { COARSE_SIDE, decodeSmall } from '../hierarchical/coarse-pass.js';
import { rowsOf, samplePixels } from '../hierarchical/sample.js';
import type { DecodedImage } from '../image/decode.js';
import { openImage } from '../image/open-image.js';

/** How far the radii of the small copy are from the exact ones, and what they took. */
export interface RadiusError {
  /** The largest over all attractors: Oklab distance, and share of the exact radius. */
  readonly distance: number;
  readonly share: number;
  /** Milliseconds to make the copy and to measure it. */
  readonly milliseconds: number;
}

/**
 * The plan of the small copy, as `--hierarchical` makes it: shrunken by the decoder of JPEG and WebP, otherwise every n-th pixel.
 *
 * @param encoded the image as a file
 */
export async function planCoarsely(
  { format, pages, pixels }: DecodedImage,
  encoded: Buffer,
  recipe: Recipe,
  backend: Backend,
): Promise<{ plan: Plan; milliseconds: number }> {
  const began = performance.now();
  const isShrinkable = pages === 1 && (format === 'jpeg' || format === 'webp');
  const copy = isShrinkable
    ? await decodeSmall(await openImage(encoded, { maxPixels: Number.MAX_SAFE_INTEGER }))
    : await samplePixels(rowsOf(pixels), COARSE_SIDE);
  const plan =
    copy.data instanceof Uint16Array
      ? await measurePlan(copy, recipe, { backend })
      : (await recolorPixels(copy, recipe, { backend, strategy: 'table' })).plan;
  return { plan, milliseconds: performance.now() - began };
}

export function compareRadii(coarse: Plan, exact: Plan): Pick<RadiusError, 'distance' | 'share'> {
  let [distance, share] = [0, 0];
  for (const [i, { radius }] of exact.rows.entries()) {
    const off = Math.abs((coarse.rows[i]?.radius ?? 0) - radius);
    distance = Math.max(distance, off);
    if (radius > 0) share = Math.max(share, off / radius);
  }
  return { distance, share };
}

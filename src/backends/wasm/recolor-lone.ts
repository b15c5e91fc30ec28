import { readTargets } from '../../core/analysis/targets.js';
import type { TableOptions, TableReport } from '../../core/backend.js';
import { throwIfCanceled } from '../../core/errors.js';
import { checkGamut, isPlan } from '../../core/recipe.js';
import type { Pixels, Plan, Recipe } from '../../core/types.js';
import type { JobRunner } from './jobs.js';
import type { LoneWork } from './lone-picture.js';
import type { Pool } from './pool.js';

/**
 * Recolors a picture in place on the calling thread.
 *
 * @throws CANCELED, INVALID_PLAN, NO_ATTRACTORS; `pixels` are then as they were
 */
export async function recolorLone(
  runner: JobRunner,
  pixels: Pixels,
  recipeOrPlan: Recipe | Plan,
  { signal, sample, now = Date.now }: TableOptions,
): Promise<TableReport> {
  const picture = await runner.lone();
  return picture.recolor(bytesOf(pixels), describe(pixels, recipeOrPlan, sample), now, () => throwIfCanceled(signal));
}

/** Memory that pictures travel in, kept: a fresh page costs more to touch than to use. */
const spare: ArrayBuffer[] = [];

/**
 * The same on a worker, as soon as one is free; the calling thread only copies.
 *
 * @throws BACKEND_FAILED too
 */
export async function recolorOnFreeThread(
  pool: Pool,
  pixels: Pixels,
  recipeOrPlan: Recipe | Plan,
  { signal, sample }: TableOptions,
): Promise<TableReport> {
  const original = bytesOf(pixels);
  const work = describe(pixels, recipeOrPlan, sample);
  const { picture, report } = await pool.runOnFree(() => {
    throwIfCanceled(signal);
    const data = new Uint8Array(takeMemory(original.length), 0, original.length);
    data.set(original);
    return { kind: 'lone', data, ...work };
  });
  if (!picture || !report) throw new TypeError('recolorOnFreeThread: a worker gave no picture back');
  if (spare.length < pool.size) spare.push(picture.buffer);
  throwIfCanceled(signal);
  original.set(picture);
  return report;
}

/** Not much more than is needed, so that what is kept for large pictures goes with them. */
function takeMemory(bytes: number): ArrayBuffer {
  const kept = spare.pop();
  return kept && kept.byteLength >= bytes && kept.byteLength <= bytes * 2 ? kept : new ArrayBuffer(bytes);
}

/** @throws INVALID_PLAN, NO_ATTRACTORS */
function describe(
  { channels, gamut = 'srgb' }: Pixels,
  recipeOrPlan: Recipe | Plan,
  sample: Uint32Array | undefined,
): LoneWork {
  const settled = isPlan(recipeOrPlan) ? checkGamut(recipeOrPlan, gamut) : readTargets(recipeOrPlan);
  return { channels, gamut, settled, sample };
}

function bytesOf({ data }: Pixels): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

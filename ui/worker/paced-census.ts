import { oklabOfColors } from '../../src/core/analysis/oklab-of-colors.js';
import { asksForReach, settleOnColors } from '../../src/core/analysis/settle-reaches.js';
import type { Backend } from '../../src/core/backend.js';
import { openPicture } from '../../src/core/picture.js';
import type { Pixels, Plan, Recipe } from '../../src/core/types.js';
import type { Pacer } from '../codec/pacer.js';
import { isGpu } from './gpu-modes.js';
import type { ApplyStage } from './time-stages.js';

/** Colors evaluated between two pauses: some 5 ms on the js backend. */
const BLOCK_COLORS = 1 << 15;
/** A GPU is slow at little pieces and computes elsewhere; this is a full tile, less the colors it is checked by. */
const GPU_BLOCK_COLORS = (1 << 20) - 64;

/**
 * `recolorPixels` by the table strategy, in place, with pauses; the same bytes.
 *
 * @param recipe its radii are measured on this picture
 * @param planPooled gives the plan in place of that, of a whole selection for example
 * @param onStage told of what has just ended: the census, radii, the pixels
 */
export async function recolorPaced(
  pixels: Pixels,
  recipe: Recipe,
  backend: Backend,
  pacer: Pacer,
  planPooled?: () => Promise<Plan>,
  onStage: (stage: ApplyStage) => void = () => undefined,
): Promise<{ plan: Plan; distinctColors: number }> {
  const picture = await openPicture(pixels, backend, { wantsCensus: true, signal: pacer.signal });
  try {
    const { colors, counts } = await picture.census();
    onStage('census');
    const settle = async (): Promise<Recipe> =>
      asksForReach(recipe)
        ? settleOnColors(recipe, oklabOfColors(colors, pixels.gamut ?? 'srgb'), await counts())
        : recipe;
    const plan = planPooled ? await planPooled() : await picture.plan(await settle());
    onStage('radii');
    await picture.paint(await evaluatePaced(colors, plan, backend, pacer));
    onStage('paint');
    return { plan, distinctColors: colors.length };
  } finally {
    picture.close();
  }
}

/** `backend.evaluate` in blocks. */
export async function evaluatePaced(
  colors: Uint32Array,
  plan: Plan,
  backend: Backend,
  pacer: Pacer,
): Promise<Uint32Array> {
  const out = new Uint32Array(colors.length);
  for (let at = 0; at < colors.length; ) {
    const end = at + (isGpu(backend.name) ? GPU_BLOCK_COLORS : BLOCK_COLORS);
    await backend.evaluate(colors.subarray(at, end), plan, out.subarray(at, end), pacer.signal);
    at = end;
    await pacer.pause();
  }
  return out;
}

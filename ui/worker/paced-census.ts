import type { Census } from '../../src/core/analysis/census.js';
import type { Backend } from '../../src/core/backend.js';
import { openPicture } from '../../src/core/picture.js';
import type { Pixels, Plan } from '../../src/core/types.js';
import type { Pacer } from '../codec/pacer.js';
import { isGpu } from './gpu-modes.js';

/** Colors evaluated between two pauses: some 5 ms on the js backend. */
const BLOCK_COLORS = 1 << 15;
/** A GPU is slow at little pieces and computes elsewhere; this is a full tile, less the colors it is checked by. */
const GPU_BLOCK_COLORS = (1 << 20) - 64;

/**
 * `recolorPixels` by the table strategy, in place, with pauses; the same bytes.
 *
 * @param planFor gives the plan once the census is known
 */
export async function recolorPaced(
  pixels: Pixels,
  planFor: (census: Census) => Promise<Plan>,
  backend: Backend,
  pacer: Pacer,
): Promise<{ plan: Plan; distinctColors: number }> {
  const picture = await openPicture(pixels, backend, { wantsCensus: true, signal: pacer.signal });
  try {
    const { colors, counts } = await picture.census();
    const plan = await planFor({ colors, counts: await counts() });
    await picture.paint(await evaluatePaced(colors, plan, backend, pacer));
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

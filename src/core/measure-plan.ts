import type { Census } from './analysis/census.js';
import { estimateColors } from './analysis/estimate-colors.js';
import type { Backend } from './backend.js';
import { type Checks, cancelSignal, checkOptions, having } from './check-options.js';
import { openPicture } from './picture.js';
import type { Cancel, Pixels, Plan, Recipe } from './types.js';

export interface MeasureOptions {
  readonly backend: Backend;
  readonly signal?: Cancel | undefined;
}

const CHECKS: Checks<MeasureOptions> = { backend: having('name', 'a backend (createJsBackend)'), signal: cancelSignal };

/** Measuring colors in place of pixels pays for counting them where there are so many pixels a color, in a picture of some size. */
const PIXELS_PER_COLOR = 3;
const COUNTED_FROM = 1 << 17;

/**
 * Freezes a recipe's radii on a picture in the backend's fastest way; all ways give the same plan, bit for bit.
 *
 * @throws NO_ATTRACTORS, CANCELED
 */
export async function measurePlan(pixels: Pixels, recipe: Recipe, options: MeasureOptions): Promise<Plan> {
  checkOptions(options, CHECKS);
  const isCounted = isWorthCounting(pixels);
  const picture = await openPicture(pixels, options.backend, { wantsCensus: isCounted, signal: options.signal });
  try {
    if (isCounted) await picture.census();
    return await picture.plan(recipe);
  } finally {
    picture.close();
  }
}

/**
 * The census of an 8-bit picture in the backend's fastest way: `countColors`, but perhaps in another order.
 *
 * @throws CANCELED
 */
export async function takeCensus(pixels: Pixels, options: MeasureOptions): Promise<Census> {
  checkOptions(options, CHECKS);
  const picture = await openPicture(pixels, options.backend, { wantsCensus: true, signal: options.signal });
  try {
    const census = await picture.census();
    return { colors: census.colors.slice(), counts: await census.counts() };
  } finally {
    picture.close();
  }
}

function isWorthCounting(pixels: Pixels): boolean {
  const count = pixels.width * pixels.height;
  if (pixels.data instanceof Uint16Array || count < COUNTED_FROM) return false;
  return estimateColors(pixels) * PIXELS_PER_COLOR < count;
}

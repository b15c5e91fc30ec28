import type { Census } from './analysis/census.js';
import { estimateColors } from './analysis/estimate-colors.js';
import type { LabStream } from './analysis/lab-stream.js';
import { oklabOfColors } from './analysis/oklab-of-colors.js';
import { oklabBlocks, settleOnStream } from './analysis/settle-reaches.js';
import type { Backend } from './backend.js';
import { copyList, createBreath } from './breath.js';
import { type Checks, cancelSignal, checkOptions, having } from './check-options.js';
import { throwIfCanceled } from './errors.js';
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

/** Colors between two looks at the event loop. */
const BLOCK_COLORS = 1 << 14;

/**
 * Freezes a recipe's radii on a picture in the backend's fastest way; all ways give the same plan, bit for bit.
 *
 * @throws NO_ROWS, CANCELED
 */
export async function measurePlan(pixels: Pixels, recipe: Recipe, options: MeasureOptions): Promise<Plan> {
  checkOptions(options, CHECKS);
  const settled = await settleReaches(pixels, recipe, options);
  const isCounted = isWorthCounting(pixels);
  const picture = await openPicture(pixels, options.backend, { wantsCensus: isCounted, signal: options.signal });
  try {
    if (isCounted) await picture.census();
    return await picture.plan(settled);
  } finally {
    picture.close();
  }
}

/** The recipe with distances where rows say `auto`; the same on every backend. @throws CANCELED */
export async function settleReaches(pixels: Pixels, recipe: Recipe, options: MeasureOptions): Promise<Recipe> {
  return settleOnStream(recipe, labStreamOf(pixels, options));
}

/** The visible colors of a picture: of 8 bits each once, of 16 bits pixel by pixel. `each` throws CANCELED. */
export function labStreamOf(pixels: Pixels, options: MeasureOptions): LabStream {
  const { data, channels, gamut = 'srgb' } = pixels;
  return {
    async each(visit) {
      const breathe = createBreath();
      const rest = async (): Promise<void> => {
        await breathe();
        throwIfCanceled(options.signal);
      };
      if (data instanceof Uint16Array) {
        for (const lab of oklabBlocks(data, channels, gamut)) {
          visit(lab, undefined, lab.length / 3);
          await rest();
        }
        return;
      }
      const { colors, counts } = await takeCensus(pixels, options);
      for (let first = 0; first < colors.length; first += BLOCK_COLORS) {
        const part = colors.subarray(first, first + BLOCK_COLORS);
        visit(oklabOfColors(part, gamut), counts.subarray(first, first + BLOCK_COLORS), part.length);
        await rest();
      }
    },
  };
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
    const colors = await copyList(census.colors, new Uint32Array(census.colors.length), options.signal);
    return { colors, counts: await census.counts() };
  } finally {
    picture.close();
  }
}

function isWorthCounting(pixels: Pixels): boolean {
  const count = pixels.width * pixels.height;
  if (pixels.data instanceof Uint16Array || count < COUNTED_FROM) return false;
  return estimateColors(pixels) * PIXELS_PER_COLOR < count;
}

import { createColorTable, createJsBackend, createPull, recolorPixels } from '../../src/index.js';
import { type Case, planOf } from './recipes.js';

const SIDE = 4096;
const BYTES = SIDE * SIDE * 3;
const table = createColorTable();

/** How far a backend's answers lie from the reference's over all 2^24 colors. */
export interface Agreement {
  /** Largest difference of a component, in 1/255. */
  readonly max: number;
  /** Share of colors whose three components are identical. */
  readonly identical: number;
  /** Colors that the plan moves, so that a test can tell that it tested something. */
  readonly moved: number;
  readonly tableEqualsDirect: boolean;
}

/**
 * Recolors a 4096 x 4096 picture of every 8-bit color with the js backend, by both strategies, and compares each pixel
 * with the reference pull.
 */
export async function compareOnAllColors(recipe: Case): Promise<Agreement> {
  const plan = planOf(recipe);
  const backend = createJsBackend();
  const picture = (data: Uint8Array) => ({ data, width: SIDE, height: SIDE, channels: 3, gamut: plan.gamut }) as const;
  const direct = everyColor();
  await recolorPixels(picture(direct), plan, { backend, strategy: 'direct' });
  const byTable = everyColor();
  await recolorPixels(picture(byTable), plan, { backend, strategy: 'table', table });
  const tableEqualsDirect = Buffer.compare(direct, byTable) === 0;

  const pull = createPull(plan);
  const codes: [number, number, number] = [0, 0, 0];
  let max = 0;
  let different = 0;
  let moved = 0;
  for (let at = 0, color = 0; at < BYTES; at += 3, color++) {
    codes[0] = color & 255;
    codes[1] = (color >>> 8) & 255;
    codes[2] = color >>> 16;
    const want = pull(codes);
    if (want !== codes) moved++;
    const error = Math.max(
      Math.abs((direct[at] as number) - want[0]),
      Math.abs((direct[at + 1] as number) - want[1]),
      Math.abs((direct[at + 2] as number) - want[2]),
    );
    if (error > 0) different++;
    if (error > max) max = error;
  }
  return { max, identical: 1 - different / (SIDE * SIDE), moved, tableEqualsDirect };
}

/** RGB bytes of the colors 0 to 0xffffff in turn. */
function everyColor(): Uint8Array {
  const data = new Uint8Array(BYTES);
  for (let at = 0, color = 0; at < BYTES; at += 3, color++) {
    data[at] = color & 255;
    data[at + 1] = (color >>> 8) & 255;
    data[at + 2] = color >>> 16;
  }
  return data;
}

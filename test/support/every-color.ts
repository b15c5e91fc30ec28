import { COLOR_COUNT } from '../../src/core/color/packed.js';
import { type Backend, createPull, type Plan, recolorPixels } from '../../src/core/index.js';

/** All 2^24 colors in turn. */
export const everyColor = (): Uint32Array => Uint32Array.from({ length: COLOR_COUNT }, (_, i) => i);

/** How far answers lie from the reference's. */
export interface Agreement {
  readonly compared: number;
  /** Largest difference of a component, in 1/255. */
  readonly max: number;
  /** Share of colors whose three components are identical. */
  readonly identical: number;
  /** Colors that the plan moves, so that a test can tell that it tested something. */
  readonly moved: number;
}

/** Colors as a picture of one line, recolored: RGB bytes, color after color. */
export async function recolorColors(
  colors: Uint32Array,
  plan: Plan,
  backend: Backend,
  strategy: 'table' | 'direct',
): Promise<Uint8Array> {
  const data = new Uint8Array(colors.length * 3);
  for (let i = 0, at = 0; i < colors.length; i++, at += 3) {
    const color = colors[i] as number;
    data[at] = color & 255;
    data[at + 1] = (color >>> 8) & 255;
    data[at + 2] = color >>> 16;
  }
  const picture = { data, width: colors.length, height: 1, channels: 3, gamut: plan.gamut } as const;
  await recolorPixels(picture, plan, { backend, strategy });
  return data;
}

/** Compares answers, RGB bytes in the order of their colors, with the reference pull: half a minute for all of them. */
export function compareWithReference(answers: Uint8Array, plan: Plan, colors: Uint32Array): Agreement {
  const pull = createPull(plan);
  const codes: [number, number, number] = [0, 0, 0];
  let max = 0;
  let different = 0;
  let moved = 0;
  for (let i = 0, at = 0; i < colors.length; i++, at += 3) {
    const color = colors[i] as number;
    codes[0] = color & 255;
    codes[1] = (color >>> 8) & 255;
    codes[2] = color >>> 16;
    const want = pull(codes);
    if (want !== codes) moved++;
    const error = Math.max(
      Math.abs((answers[at] as number) - want[0]),
      Math.abs((answers[at + 1] as number) - want[1]),
      Math.abs((answers[at + 2] as number) - want[2]),
    );
    if (error > 0) different++;
    if (error > max) max = error;
  }
  return { compared: colors.length, max, identical: 1 - different / colors.length, moved };
}

const RANDOM_COLORS = 1 << 16;

/** Random colors, the same every time, and all on the edges of the cube, its grey axis and the diagonals of its faces. */
export function sampleWithEdges(): Uint32Array {
  const colors = new Set<number>();
  for (let code = 0; code < 256; code++) {
    // Each component is 0, 255, the code, or what it lacks to 255.
    const options = [0, 255, code, 255 - code];
    for (const r of options) for (const g of options) for (const b of options) colors.add(r | (g << 8) | (b << 16));
  }
  let state = 1;
  for (let i = 0; i < RANDOM_COLORS; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    colors.add(state >>> 8);
  }
  return Uint32Array.from(colors);
}

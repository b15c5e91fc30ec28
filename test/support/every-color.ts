import { type Backend, createPull, type Plan, recolorPixels } from '../../src/core/index.js';

const SIDE = 4096;
const BYTES = SIDE * SIDE * 3;
const COLOR_COUNT = SIDE * SIDE;

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

/** RGB bytes of the colors 0 to 0xffffff in turn: a 4096 x 4096 picture. */
export function everyColor(): Uint8Array {
  const data = new Uint8Array(BYTES);
  for (let at = 0, color = 0; at < BYTES; at += 3, color++) {
    data[at] = color & 255;
    data[at + 1] = (color >>> 8) & 255;
    data[at + 2] = color >>> 16;
  }
  return data;
}

/** That picture, recolored. */
export async function recolorEveryColor(
  plan: Plan,
  backend: Backend,
  strategy: 'table' | 'direct',
): Promise<Uint8Array> {
  const data = everyColor();
  await recolorPixels({ data, width: SIDE, height: SIDE, channels: 3, gamut: plan.gamut }, plan, { backend, strategy });
  return data;
}

/** A backend that has every answer already. @param answers RGB bytes, as `recolorEveryColor` gives them */
export function createRemembering(answers: Uint8Array): Backend {
  return {
    name: 'js',
    async evaluate(colors, _plan, out) {
      for (let i = 0; i < colors.length; i++) {
        const at = (colors[i] as number) * 3;
        out[i] = (answers[at] as number) | ((answers[at + 1] as number) << 8) | ((answers[at + 2] as number) << 16);
      }
    },
    dispose() {},
  };
}

/** Compares answers with the reference pull. @param colors those to ask it for; default: all of them, which takes half a minute */
export function compareWithReference(
  answers: Uint8Array,
  plan: Plan,
  colors: Uint32Array = Uint32Array.from({ length: COLOR_COUNT }, (_, color) => color),
): Agreement {
  const pull = createPull(plan);
  const codes: [number, number, number] = [0, 0, 0];
  let max = 0;
  let different = 0;
  let moved = 0;
  for (const color of colors) {
    codes[0] = color & 255;
    codes[1] = (color >>> 8) & 255;
    codes[2] = color >>> 16;
    const want = pull(codes);
    if (want !== codes) moved++;
    const at = color * 3;
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

const RANDOM_COLORS = 1 << 18;

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

import fc from 'fast-check';
import { type Channels, makeRecipe, type Pixels, type Recipe } from '../../src/index.js';

const code = fc.integer({ min: 0, max: 255 });
const tenths = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: max * 10 }).map((x) => x / 10);

/** A CSS color: ordinary, grey, without a hue, wide-gamut. */
export const cssColor: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(code, code, code).map(([r, g, b]) => `rgb(${r} ${g} ${b})`),
  code.map((c) => `rgb(${c}, ${c}, ${c})`),
  fc.constantFrom('white', 'black', 'grey', 'hsl(none 40% 50%)', 'color(display-p3 1 0 0)', 'oklch(0.7 0.1 none)'),
  fc.tuple(tenths(1), tenths(0.4), tenths(360)).map(([l, c, h]) => `oklch(${l} ${c} ${h})`),
);

export const channelSwitches: fc.Arbitrary<Channels> = fc
  .record({ luminance: fc.boolean(), saturation: fc.boolean(), hue: fc.boolean() })
  .filter(({ luminance, saturation, hue }) => luminance || saturation || hue);

/** @param fixed values that every attractor takes in place of random ones */
export function recipeArbitrary(
  fixed: { tolerance?: number; strength?: number; channels?: Channels; maxAttractors?: number } = {},
): fc.Arbitrary<Recipe> {
  const attractor = fc.record({
    color: cssColor,
    tolerance: fixed.tolerance === undefined ? tenths(100) : fc.constant(fixed.tolerance),
    strength: fixed.strength === undefined ? tenths(200) : fc.constant(fixed.strength),
  });
  return fc
    .record({
      attractors: fc.array(attractor, { minLength: 1, maxLength: fixed.maxAttractors ?? 4 }),
      channels: fixed.channels ? fc.constant(fixed.channels) : channelSwitches,
    })
    .map(makeRecipe);
}

/** Small pictures: RGB and RGBA, 8 and 16 bits, both gamuts, flat regions and transparent pixels included. */
export function pixelsArbitrary(
  fixed: { depth?: 8 | 16; channels?: 3 | 4; minSide?: number } = {},
): fc.Arbitrary<Pixels & { data: Uint8Array | Uint16Array }> {
  const side = fc.integer({ min: fixed.minSide ?? 1, max: 7 });
  return fc
    .record({
      width: side,
      height: side,
      channels: fixed.channels ? fc.constant(fixed.channels) : fc.constantFrom(3 as const, 4 as const),
      depth: fixed.depth ? fc.constant(fixed.depth) : fc.constantFrom(8 as const, 16 as const),
      gamut: fc.constantFrom('srgb' as const, 'display-p3' as const),
    })
    .chain(({ width, height, channels, depth, gamut }) => {
      const max = depth === 8 ? 255 : 65535;
      const sample = fc.oneof({ arbitrary: fc.integer({ min: 0, max }), weight: 3 }, fc.constantFrom(0, 1, max));
      const length = width * height * channels;
      return fc.array(sample, { minLength: length, maxLength: length }).map((samples) => ({
        data: depth === 8 ? Uint8Array.from(samples) : Uint16Array.from(samples),
        width,
        height,
        channels,
        gamut,
      }));
    });
}

/** Recipes whose radii are hard to get right to the last bit: extreme tolerances, targets far outside. */
export function hardRecipes(maxAttractors: number): fc.Arbitrary<Recipe> {
  const attractor = fc.record({
    color: fc.constantFrom('teal', 'black', 'white', '#ff6b35', 'oklch(70% 0.3 140)', 'oklch(120% 0.9 20)'),
    tolerance: fc.oneof(fc.constantFrom(0, 100, 50, 0.001, 99.999), fc.double({ min: 0, max: 100, noNaN: true })),
    strength: fc.constant(70),
  });
  return fc
    .array(attractor, { minLength: 1, maxLength: maxAttractors })
    .map((attractors) => makeRecipe({ attractors }));
}

/** Samples of a small 16-bit picture; in half of them few values, so that many distances are equal, and alpha 0. */
export const deepSamples: fc.Arbitrary<number[]> = fc.oneof(
  fc.array(fc.nat(65535), { minLength: 4, maxLength: 400 }),
  fc.array(fc.constantFrom(0, 1, 30_000, 65_535), { minLength: 4, maxLength: 400 }),
);

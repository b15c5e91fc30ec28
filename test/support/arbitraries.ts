import fc from 'fast-check';
import { type Channels, makeRecipe, type Pixels, type Recipe, type Row } from '../../src/index.js';

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

export type Kind = 'attractor' | 'repaint' | 'keep';

/** A row of any kind, with a tolerance or a fixed reach. @param fixed values in place of random ones */
export function rowArbitrary(
  fixed: {
    kinds?: readonly Kind[];
    color?: fc.Arbitrary<string>;
    tolerance?: number;
    reach?: fc.Arbitrary<Pick<Row, 'tolerance' | 'reach'>>;
    strength?: number;
    mayBeAuto?: boolean;
  } = {},
): fc.Arbitrary<Row> {
  const color = fixed.color ?? cssColor;
  const colors: Record<Kind, fc.Arbitrary<Pick<Row, 'color' | 'from' | 'keep'>>> = {
    attractor: fc.record({ color }),
    repaint: fc.record({ color, from: color }),
    keep: fc.record({ color, keep: fc.constant(true as const) }),
  };
  const { tolerance } = fixed;
  const percent = tolerance === undefined ? tenths(100) : fc.constant(tolerance);
  const reach: fc.Arbitrary<Pick<Row, 'tolerance' | 'reach'>> =
    fixed.reach ??
    fc.oneof(
      { arbitrary: percent.map((tolerance) => ({ tolerance })), weight: 2 },
      tolerance === undefined
        ? fc.double({ min: 0, max: 1, noNaN: true }).map((reach) => ({ reach }))
        : fc.constant({ tolerance }),
    );
  const strength = fixed.strength === undefined ? tenths(200) : fc.constant(fixed.strength);
  return fc.constantFrom<Kind>(...(fixed.kinds ?? ['attractor', 'repaint', 'keep'])).chain((kind) => {
    const auto = fc.constant<Pick<Row, 'tolerance' | 'reach'>>({ reach: 'auto' });
    const range = fixed.mayBeAuto && kind !== 'attractor' ? fc.oneof(reach, auto) : reach;
    return fc.tuple(colors[kind], range, strength).map(([of, within, strength]) => ({ ...of, ...within, strength }));
  });
}

/** @param fixed values in place of random ones, for every row */
export function recipeArbitrary(
  fixed: Parameters<typeof rowArbitrary>[0] & { channels?: Channels; maxRows?: number } = {},
): fc.Arbitrary<Recipe> {
  return fc
    .record({
      rows: fc.array(rowArbitrary(fixed), { minLength: 1, maxLength: fixed.maxRows ?? 4 }),
      channels: fixed.channels ? fc.constant(fixed.channels) : channelSwitches,
      blend: fc.constantFrom('oklch' as const, 'oklab' as const),
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

/** Recipes whose radii are hard to get right to the last bit: extreme tolerances, centers far outside, all kinds of rows. */
export function hardRecipes(maxRows: number): fc.Arbitrary<Recipe> {
  const color = fc.constantFrom('teal', 'black', 'white', '#ff6b35', 'oklch(70% 0.3 140)', 'oklch(120% 0.9 20)');
  const percent = fc.oneof(fc.constantFrom(0, 100, 50, 0.001, 99.999), fc.double({ min: 0, max: 100, noNaN: true }));
  const reach = fc.oneof(
    { arbitrary: percent.map((tolerance) => ({ tolerance })), weight: 5 },
    fc.constantFrom({ reach: 0 }, { reach: 0.25 }),
  );
  return fc
    .array(rowArbitrary({ color, reach, strength: 70 }), { minLength: 1, maxLength: maxRows })
    .map((rows) => makeRecipe({ rows }));
}

/** Samples of a small 16-bit picture; in half of them few values, so that many distances are equal, and alpha 0. */
export const deepSamples: fc.Arbitrary<number[]> = fc.oneof(
  fc.array(fc.nat(65535), { minLength: 4, maxLength: 400 }),
  fc.array(fc.constantFrom(0, 1, 30_000, 65_535), { minLength: 4, maxLength: 400 }),
);

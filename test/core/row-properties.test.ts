/** The true properties of repaint and keep rows, and of fixed reaches, each through the public API. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixedPlan } from '../../src/core/analysis/radius.js';
import { distanceTo } from '../../src/core/row/distance.js';
import {
  createJsBackend,
  createPull,
  type Gamut,
  makeRecipe,
  type Pixels,
  type Plan,
  packColor,
  planFor,
  planFromCensus,
  pull,
  type Recipe,
  type Row,
  recolorPixels,
} from '../../src/index.js';
import { channelSwitches, cssColor, pixelsArbitrary, recipeArbitrary, rowArbitrary } from '../support/arbitraries.js';
import { labFromLinear, labFromPixel, type Triple } from '../support/independent-model.js';

const backend = createJsBackend();
const runs = { numRuns: 300 };
const gamuts = fc.constantFrom<Gamut>('srgb', 'display-p3');
const depths = fc.constantFrom(8 as const, 16 as const);
const unit = fc.double({ min: 0, max: 1, noNaN: true });
const strong = fc.integer({ min: 100, max: 200 });
/** A reach that has something within it. */
const someReach = fc.double({ min: 0.001, max: 1, noNaN: true }).map((reach) => ({ reach }));

type Code = 255 | 65535;
const topOf = ({ data }: Pixels): Code => (data instanceof Uint16Array ? 65535 : 255);

/** The CSS text of a pixel's color, to the last bit. */
const cssOf = (codes: readonly number[], gamut: Gamut, top: Code): string =>
  `color(${gamut} ${codes.map((code) => code / top).join(' ')})`;

const codesAt = ({ data, channels }: Pixels, i: number): Triple =>
  [0, 1, 2].map((k) => data[i * channels + k] as number) as Triple;
const countOf = ({ width, height }: Pixels): number => width * height;

/** Recolors a copy by the js backend, and sees that the reference says the same. */
async function recolored<P extends Pixels>(pixels: P, by: Recipe | Plan): Promise<P> {
  const copy = { ...pixels, data: pixels.data.slice() };
  const { plan } = await recolorPixels(copy, by, { backend });
  const asReference = createPull(plan, topOf(pixels));
  for (let i = 0; i < countOf(pixels); i++) {
    const [wanted, got] = [asReference(codesAt(pixels, i)), codesAt(copy, i)];
    for (let k = 0; k < 3; k++) expect(Math.abs((wanted[k] as number) - (got[k] as number))).toBeLessThanOrEqual(1);
  }
  return copy;
}

/** A picture of these colors in one line. */
function pictureOf(colors: readonly Triple[], depth: 8 | 16, gamut: Gamut): Pixels {
  const codes = colors.flat();
  const data = depth === 8 ? Uint8Array.from(codes) : Uint16Array.from(codes);
  return { data, width: colors.length, height: 1, channels: 3, gamut };
}

const colorOf = (top: Code): fc.Arbitrary<Triple> => {
  const code = fc.oneof(fc.integer({ min: 0, max: top }), fc.constantFrom(0, 1, top));
  return fc.oneof(
    fc.tuple(code, code, code),
    code.map((c): Triple => [c, c, c]),
  );
};

/** Two colors, and a gamut and depth that both are written for. */
const twoColors = fc.tuple(gamuts, depths).chain(([gamut, depth]) => {
  const top: Code = depth === 8 ? 255 : 65535;
  return fc.record({
    gamut: fc.constant(gamut),
    depth: fc.constant(depth),
    top: fc.constant(top),
    first: colorOf(top),
    second: colorOf(top),
  });
});
/** Surface distances take a darker pixel for as light as this, and so are not 0 at a center that is darker. */
const FLOOR = 0.2;
const withLightFirst = twoColors.filter(({ gamut, top, first }) => labFromPixel(first, gamut, top)[0] >= FLOOR);

describe('3 x 1 pixels', () => {
  const picture: Pixels = { data: Uint8Array.of(0, 0, 255, 0, 0, 0, 255, 220, 200), width: 3, height: 1, channels: 3 };

  it('repaint makes of a color another one, and leaves black and what is another surface', async () => {
    const after = await recolored(picture, makeRecipe(['blue -> rgb(128 0 32);~0.2;100']));
    expect([...after.data]).toEqual([128, 0, 32, 0, 0, 0, 255, 220, 200]);
  });

  it('keep leaves what an attractor would take', async () => {
    const after = await recolored(picture, makeRecipe(['rgb(9 8 7);100;200', 'keep rgb(255 220 200);~0.05;100']));
    expect([...after.data]).toEqual([9, 8, 7, 9, 8, 7, 255, 220, 200]);
  });

  it('keep returns an untouched color as the same array', () => {
    const plan = planFor(picture, makeRecipe(['blue -> red;~1;200', 'keep rgb(0 0 250);~0.2;100']));
    const blue = [0, 0, 255] as const;
    expect(pull(blue, plan)).toBe(blue);
  });

  it('a fixed reach is the radius whatever the picture', () => {
    const { rows, pixels } = planFor(picture, makeRecipe(['blue;~0.125;70', 'blue;50;70']));
    expect(rows.map(({ radius, share }) => [radius > 0, share !== undefined])).toEqual([
      [true, false],
      [true, true],
    ]);
    expect(rows[0]?.radius).toBe(0.125);
    expect(pixels).toBe(3);
  });
});

describe('repaint', () => {
  const identity = rowArbitrary({ kinds: ['repaint'] }).map((row): Row => ({ ...row, from: row.color }));

  it('from = to is the identity, byte for byte', () =>
    fc.assert(
      fc.asyncProperty(
        pixelsArbitrary(),
        fc.array(identity, { minLength: 1, maxLength: 3 }),
        channelSwitches,
        async (pixels, rows, channels) => {
          expect((await recolored(pixels, makeRecipe({ rows, channels }))).data).toEqual(pixels.data);
        },
      ),
      runs,
    ));

  it('a pixel that equals from becomes to', () =>
    fc.assert(
      fc.asyncProperty(
        withLightFirst,
        someReach,
        strong,
        async ({ gamut, depth, top, first, second }, reach, strength) => {
          const row = { from: cssOf(first, gamut, top), color: cssOf(second, gamut, top), ...reach, strength };
          const after = await recolored(pictureOf([first], depth, gamut), makeRecipe([row]));
          codesAt(after, 0).forEach((code, k) => {
            expect(Math.abs(code - (second[k] as number))).toBeLessThanOrEqual(1);
          });
        },
      ),
      { numRuns: 1000 },
    ));

  it('black and white stay', () =>
    fc.assert(
      fc.asyncProperty(
        depths.chain((depth) => {
          const top: Code = depth === 8 ? 255 : 65535;
          const isBetween = (codes: Triple): boolean => codes.some((c) => c > 0) && codes.some((c) => c < top);
          const color = gamuts.chain((gamut) =>
            colorOf(top)
              .filter(isBetween)
              .map((codes) => cssOf(codes, gamut, top)),
          );
          const row = rowArbitrary({ kinds: ['repaint'] });
          const rows = fc.array(
            fc.tuple(row, color).map(([given, from]) => ({ ...given, from })),
            { minLength: 1, maxLength: 3 },
          );
          return fc.record({ depth: fc.constant(depth), top: fc.constant(top), rows });
        }),
        channelSwitches,
        gamuts,
        async ({ depth, top, rows }, channels, gamut) => {
          const ends: Triple[] = [
            [0, 0, 0],
            [top, top, top],
          ];
          const picture = pictureOf(ends, depth, gamut);
          expect((await recolored(picture, makeRecipe({ rows, channels }))).data).toEqual(picture.data);
        },
      ),
      { numRuns: 1000 },
    ));

  describe('one row at full weight keeps the order of lightness', () => {
    const row = fc.tuple(
      twoColors,
      fc.constantFrom<Pick<Row, 'tolerance' | 'strength'>>({ tolerance: 100, strength: 200 }),
    );

    it('of greys whose lightness alone may move, exactly', () =>
      fc.assert(
        fc.asyncProperty(row, fc.array(unit, { minLength: 2, maxLength: 20 }), async ([two, full], greys) => {
          const { gamut, depth, top, first, second } = two;
          const sorted = greys.map((grey) => Math.round(grey * top)).sort((p, q) => p - q);
          const picture = pictureOf(
            sorted.map((code): Triple => [code, code, code]),
            depth,
            gamut,
          );
          const repaint = { from: cssOf(first, gamut, top), color: cssOf(second, gamut, top), ...full };
          const channels = { luminance: true, saturation: false, hue: false };
          const after = await recolored(picture, makeRecipe({ rows: [repaint], channels }));
          const codes = sorted.map((_, i) => codesAt(after, i));
          codes.forEach(([r, g, b], i) => {
            expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThanOrEqual(1);
            expect(g).toBeGreaterThanOrEqual(codes[i - 1]?.[1] ?? 0);
          });
        }),
        runs,
      ));

    // Where clipped colors are near enough, the gamut mapping may take them, up to 0.02 off either way.
    const MAPPED = 0.04;
    it('of any colors, but for the gamut mapping', () =>
      fc.assert(
        fc.asyncProperty(
          row,
          fc.infiniteStream(unit),
          fc.integer({ min: 2, max: 20 }),
          async ([two, full], random, count) => {
            const { gamut, depth, top, first, second } = two;
            const next = (): number => Math.round((random.next().value as number) * top);
            const colors = Array.from({ length: count }, (): Triple => [next(), next(), next()]);
            const lightnessOf = (codes: Triple): number => labFromPixel(codes, gamut, top)[0];
            colors.sort((p, q) => lightnessOf(p) - lightnessOf(q));
            const repaint = { from: cssOf(first, gamut, top), color: cssOf(second, gamut, top), ...full };
            const after = await recolored(pictureOf(colors, depth, gamut), makeRecipe([repaint]));
            let lightest = 0;
            for (let i = 0; i < count; i++) {
              const lightness = lightnessOf(codesAt(after, i));
              // A code of 255 is up to 0.01 of lightness apart from the next one, in the dark more.
              const coding = depth === 8 && lightness < 0.2 ? 0.1 : 0.01;
              expect(lightness).toBeGreaterThan(lightest - MAPPED - coding);
              lightest = Math.max(lightest, lightness);
            }
          },
        ),
        runs,
      ));
  });
});

describe('the surface distance', () => {
  const linear = fc.tuple(unit, unit, unit);
  const center = fc.tuple(
    unit,
    fc.double({ min: -0.4, max: 0.4, noNaN: true }),
    fc.double({ min: -0.4, max: 0.4, noNaN: true }),
  );
  /** Squared, without what lightness counts. */
  const materialGap = (oklab: Triple, [L, a, b]: Triple): number =>
    distanceTo({ oklab, isSurface: true }, L, a, b) ** 2 - (0.35 * (L - oklab[0])) ** 2;

  it('does not change with the light but for its lightness part, down to L = 0.2', () => {
    let compared = 0;
    fc.assert(
      fc.property(linear, center, fc.double({ min: 0.01, max: 1, noNaN: true }), gamuts, (rgb, oklab, light, gamut) => {
        const lit = labFromLinear(rgb, gamut);
        const shaded = labFromLinear(rgb.map((x) => x * light) as Triple, gamut);
        fc.pre(shaded[0] >= FLOOR);
        compared++;
        expect(Math.abs(materialGap(oklab, lit) - materialGap(oklab, shaded))).toBeLessThan(1e-12);
      }),
      { numRuns: 3000 },
    );
    expect(compared).toBeGreaterThan(2000);
  });

  it('gives the radius of a picture of one pixel, alike in full light and in shade', () =>
    fc.assert(
      fc.property(linear, fc.double({ min: 0.1, max: 1, noNaN: true }), cssColor, (rgb, light, from) => {
        const encode = (x: number): number =>
          Math.round(65535 * (x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055));
        const gapUnder = (light: number): [number, number] => {
          const codes = rgb.map((x) => encode(x * light)) as Triple;
          const plan = planFor(pictureOf([codes], 16, 'srgb'), makeRecipe([`${from} -> red;100;100`]));
          const row = plan.rows[0];
          const lightness = labFromPixel(codes, 'srgb', 65535)[0];
          return [lightness, ((row?.radius ?? 0) - 1e-6) ** 2 - (0.35 * (lightness - (row?.center?.[0] ?? 0))) ** 2];
        };
        const [lightness, shaded] = gapUnder(light);
        fc.pre(lightness >= FLOOR);
        // 16 bits round the colors.
        expect(Math.abs(shaded - gapUnder(1)[1])).toBeLessThan(1e-3);
      }),
      runs,
    ));

  it('of black centers sees lightness alone', () => {
    fc.assert(
      fc.property(linear, (rgb) => {
        const [L, a, b] = labFromLinear(rgb, 'srgb');
        expect(distanceTo({ oklab: [0, 0, 0], isSurface: true }, L, a, b)).toBeCloseTo(0.35 * L, 14);
      }),
    );
  });
});

describe('keep', () => {
  it('a pixel that equals the color of a strong keep row stays, byte for byte', () =>
    fc.assert(
      fc.asyncProperty(
        withLightFirst,
        someReach,
        strong,
        recipeArbitrary(),
        async ({ gamut, depth, top, first, second }, reach, strength, others) => {
          const kept: Row = { color: cssOf(first, gamut, top), keep: true, ...reach, strength };
          const picture = pictureOf([first, second], depth, gamut);
          const after = await recolored(picture, { ...others, rows: [...others.rows, kept] });
          expect(codesAt(after, 0)).toEqual(first);
        },
      ),
      { numRuns: 1000 },
    ));

  it('never widens what changes', () => {
    let untouched = 0;
    fc.assert(
      fc.property(
        pixelsArbitrary({ minSide: 3 }),
        recipeArbitrary(),
        fc.array(rowArbitrary({ kinds: ['keep'] }), { minLength: 1, maxLength: 3 }),
        (pixels, recipe, keeps) => {
          const before = createPull(planFor(pixels, recipe), topOf(pixels));
          const kept = planFor(pixels, { ...recipe, rows: [...recipe.rows, ...keeps] });
          const after = createPull(kept, topOf(pixels));
          for (let i = 0; i < countOf(pixels); i++) {
            const codes = codesAt(pixels, i);
            if (before(codes) !== codes) continue;
            untouched++;
            expect(after(codes)).toBe(codes);
          }
        },
      ),
      runs,
    );
    expect(untouched).toBeGreaterThan(500);
  });

  it('alone is the identity', () =>
    fc.assert(
      fc.asyncProperty(pixelsArbitrary(), recipeArbitrary({ kinds: ['keep'] }), async (pixels, recipe) => {
        expect((await recolored(pixels, recipe)).data).toEqual(pixels.data);
      }),
      runs,
    ));
});

describe('a recipe of fixed reaches', () => {
  const fixed = recipeArbitrary({ reach: unit.map((reach) => ({ reach })) });

  it('is a plan without a census, and gives what one with a census gives', () =>
    fc.assert(
      fc.asyncProperty(pixelsArbitrary({ depth: 8 }), fixed, async (pixels, recipe) => {
        const { gamut = 'srgb' } = pixels;
        const plan = fixedPlan(recipe, gamut) as Plan;
        expect(plan.rows.map(({ radius }) => radius)).toEqual(recipe.rows.map(({ reach }) => reach));
        const census = { colors: Uint32Array.of(packColor(1, 2, 3)), counts: Float64Array.of(5) };
        for (const measured of [planFor(pixels, recipe), planFromCensus(census, recipe, gamut)]) {
          expect(measured.rows).toEqual(plan.rows);
          expect({ ...measured, pixels: 0 }).toEqual(plan);
        }
        expect((await recolored(pixels, recipe)).data).toEqual((await recolored(pixels, plan)).data);
      }),
      runs,
    ));

  it('asks nobody for radii', async () => {
    const picture: Pixels = { data: Uint8Array.of(1, 2, 3), width: 1, height: 1, channels: 3 };
    const recipe = makeRecipe(['red;~0.5;100', 'blue -> red;~0.2;100', 'keep lime;~0.1;100']);
    const { plan } = await recolorPixels(picture, recipe, { backend });
    expect(plan).toEqual(fixedPlan(recipe, 'srgb'));
    expect(plan.pixels).toBe(0);
  });

  it('is none with a single tolerance, and none where no row is on', () => {
    expect(fixedPlan(makeRecipe(['red;~0.5;100', 'blue;50;70']), 'srgb')).toBeUndefined();
    expect(fixedPlan(makeRecipe(['red -> blue;auto;100']), 'srgb')).toBeUndefined();
    const off = makeRecipe([
      { color: 'blue', tolerance: 50, strength: 70, enabled: false },
      { color: 'red', reach: 0.5, strength: 100 },
    ]);
    expect(fixedPlan(off, 'srgb')?.rows).toHaveLength(1);
    expect(() => fixedPlan({ ...off, rows: off.rows.slice(0, 1) }, 'srgb')).toThrow('expected at least one');
  });

  it('mixed with a tolerance, keeps its radius in every picture', () =>
    fc.assert(
      fc.property(pixelsArbitrary(), recipeArbitrary(), unit, (pixels, recipe, reach) => {
        const mixed = { ...recipe, rows: [...recipe.rows, { color: 'teal', reach, strength: 50 }] };
        const { rows } = planFor(pixels, mixed);
        expect(rows.at(-1)?.radius).toBe(reach);
        expect(rows.slice(0, -1)).toEqual(planFor(pixels, recipe).rows);
      }),
      runs,
    ));
});

/** The list "True properties" of the model, each through the public API. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { influence } from '../../src/core/row/influence.js';
import {
  type Blend,
  type Census,
  createJsBackend,
  createPull,
  makeRecipe,
  mergeCensuses,
  type Pixels,
  type Plan,
  type PlanRow,
  packColor,
  planFor,
  planFromCensus,
  type Recipe,
  type Row,
  recolorPixels,
  type StrategyChoice,
} from '../../src/index.js';
import { channelSwitches, cssColor, pixelsArbitrary, recipeArbitrary, rowArbitrary } from '../support/arbitraries.js';
import { gapTo, type Line, labFromPixel, type Triple } from '../support/independent-model.js';

const backend = createJsBackend();
const runs = { numRuns: 300 };
const blends = fc.constantFrom<Blend>('oklch', 'oklab');

/** Recolors a copy. */
async function recolored<P extends Pixels>(
  pixels: P,
  by: Recipe | Plan,
  strategy: StrategyChoice = 'auto',
): Promise<P> {
  const copy = { ...pixels, data: pixels.data.slice() };
  await recolorPixels(copy, by, { backend, strategy });
  return copy;
}

/** What the second reading of the model needs of a row. */
const lineOf = ({ oklab, center, keep, strength }: PlanRow): Line => ({
  kind: keep ? 'keep' : center ? 'repaint' : 'attractor',
  lab: [...oklab],
  from: center && [...center],
  strength,
});

const is8Bit = ({ data }: Pixels): boolean => data instanceof Uint8Array;
const pixelCount = ({ width, height }: Pixels): number => width * height;
const pixelAt = ({ data, channels }: Pixels, i: number): number[] => [
  ...data.subarray(i * channels, (i + 1) * channels),
];

/** The same picture with pixel i taken from order[i]. */
function rearranged<P extends Pixels>(pixels: P, order: readonly number[]): P {
  const data = pixels.data.slice();
  order.forEach((from, to) => {
    data.set(pixelAt(pixels, from), to * pixels.channels);
  });
  return { ...pixels, data };
}

/** Rows `from` to `to` (exclusive) as a picture of their own. */
function rows<P extends Pixels>(pixels: P, from: number, to: number): P {
  const row = pixels.width * pixels.channels;
  return { ...pixels, height: to - from, data: pixels.data.slice(from * row, to * row) };
}

function naiveCensus({ data, channels }: Pixels): Census {
  const counts = new Map<number, number>();
  for (let i = 0; i < data.length; i += channels) {
    const color = packColor(data[i] as number, data[i + 1] as number, data[i + 2] as number);
    counts.set(color, (counts.get(color) ?? 0) + (channels === 4 && data[i + 3] === 0 ? 0 : 1));
  }
  return { colors: Uint32Array.from(counts.keys()), counts: Float64Array.from(counts.values()) };
}

describe('identity', () => {
  it('strength 0 changes nothing', () =>
    fc.assert(
      fc.asyncProperty(pixelsArbitrary(), recipeArbitrary({ strength: 0 }), async (pixels, recipe) => {
        expect((await recolored(pixels, recipe)).data).toEqual(pixels.data);
      }),
      runs,
    ));

  it('reach 0 changes nothing', () =>
    fc.assert(
      fc.asyncProperty(
        pixelsArbitrary(),
        recipeArbitrary({ reach: fc.constantFrom({ tolerance: 0 }, { reach: 0 }) }),
        async (pixels, recipe) => {
          expect((await recolored(pixels, recipe)).data).toEqual(pixels.data);
        },
      ),
      runs,
    ));

  it('pixels outside every radius are byte-identical', () =>
    fc.assert(
      fc.asyncProperty(pixelsArbitrary({ minSide: 3 }), recipeArbitrary(), async (pixels, recipe) => {
        const plan = planFor(pixels, recipe);
        const after = await recolored(pixels, plan);
        const top = is8Bit(pixels) ? 255 : 65535;
        for (let i = 0; i < pixelCount(pixels); i++) {
          const lab = labFromPixel(pixelAt(pixels, i).slice(0, 3) as Triple, pixels.gamut, top);
          const isOutside = plan.rows.every((row) => row.keep || gapTo(lineOf(row), lab) > row.radius + 1e-12);
          if (isOutside) expect(pixelAt(after, i)).toEqual(pixelAt(pixels, i));
        }
      }),
      runs,
    ));

  it('alpha is untouched', () =>
    fc.assert(
      fc.asyncProperty(
        pixelsArbitrary({ channels: 4 }),
        recipeArbitrary({ tolerance: 100 }),
        async (pixels, recipe) => {
          const alphas = ({ data }: Pixels): number[] => [...data].filter((_, i) => i % 4 === 3);
          expect(alphas(await recolored(pixels, recipe))).toEqual(alphas(pixels));
        },
      ),
      runs,
    ));

  it('alpha is not read by the color math: only alpha 0 counts, and only for the radius', () =>
    fc.assert(
      fc.asyncProperty(
        pixelsArbitrary({ channels: 4 }),
        recipeArbitrary(),
        fc.integer({ min: 1, max: 255 }),
        async (pixels, recipe, alpha) => {
          const withAlpha = (a: number) => ({ ...pixels, data: pixels.data.map((x, i) => (i % 4 === 3 ? a : x)) });
          const colors = ({ data }: Pixels): number[] => [...data].filter((_, i) => i % 4 !== 3);
          const some = await recolored(withAlpha(alpha), recipe);
          expect(colors(some)).toEqual(colors(await recolored(withAlpha(255), recipe)));
        },
      ),
      runs,
    ));
});

describe('order and splitting', () => {
  it('permuting pixels permutes the result', () =>
    fc.assert(
      fc.asyncProperty(
        pixelsArbitrary({ minSide: 2 }).chain((pixels) =>
          fc.tuple(
            fc.constant(pixels),
            fc.shuffledSubarray(
              Array.from({ length: pixelCount(pixels) }, (_, i) => i),
              { minLength: pixelCount(pixels) },
            ),
          ),
        ),
        recipeArbitrary(),
        async ([pixels, order], recipe) => {
          const before = rearranged(await recolored(pixels, recipe), order);
          expect((await recolored(rearranged(pixels, order), recipe)).data).toEqual(before.data);
        },
      ),
      runs,
    ));

  it('any tiling and either strategy give the same bytes under a frozen plan', () =>
    fc.assert(
      fc.asyncProperty(
        pixelsArbitrary({ minSide: 2 }),
        recipeArbitrary(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (pixels, recipe, where) => {
          const cut = 1 + Math.floor(where * (pixels.height - 2));
          const whole = await recolored(pixels, recipe);
          const plan = planFor(pixels, recipe);
          const other = is8Bit(pixels) ? 'table' : 'direct';
          const top = await recolored(rows(pixels, 0, cut), plan, 'direct');
          const bottom = await recolored(rows(pixels, cut, pixels.height), plan, other);
          expect([...top.data, ...bottom.data]).toEqual([...whole.data]);
          expect((await recolored(pixels, recipe, other)).data).toEqual(whole.data);
        },
      ),
      { numRuns: 150 },
    ));

  it('a census merged from any split gives the same radii, bit for bit', () =>
    fc.assert(
      fc.property(
        pixelsArbitrary({ depth: 8, minSide: 2 }),
        recipeArbitrary(),
        fc.infiniteStream(fc.integer({ min: 0, max: 2 })),
        (pixels, recipe, picks) => {
          const parts: number[][] = [[], [], []];
          for (let i = 0; i < pixelCount(pixels); i++) {
            parts[picks.next().value ?? 0]?.push(...pixelAt(pixels, i));
          }
          const censuses = parts.map((data) => naiveCensus({ ...pixels, data: Uint8Array.from(data) }));
          const pooled = planFromCensus(mergeCensuses(censuses), recipe, pixels.gamut ?? 'srgb');
          expect(pooled).toEqual(planFor(pixels, recipe));
        },
      ),
      runs,
    ));

  it('the order of the rows is irrelevant', () =>
    fc.assert(
      fc.asyncProperty(pixelsArbitrary(), recipeArbitrary(), async (pixels, recipe) => {
        const reversed = { ...recipe, rows: [...recipe.rows].reverse() };
        expect((await recolored(pixels, reversed)).data).toEqual((await recolored(pixels, recipe)).data);
      }),
      runs,
    ));
});

describe('strength', () => {
  it('the weight never falls as strength rises, and stays in 0 to 1', () =>
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1.5, noNaN: true }),
        fc.double({ min: 0, max: 1.5, noNaN: true }),
        fc.tuple(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 0, max: 2000 })),
        fc.boolean(),
        (distance, radius, strengths, isPlateau) => {
          const [low, high] = strengths
            .sort((p, q) => p - q)
            .map((s) => influence(distance, radius, s / 10, isPlateau));
          expect(low).toBeGreaterThanOrEqual(0);
          // One rounding step: floor and gain are computed apart.
          expect(high).toBeGreaterThanOrEqual((low as number) - Number.EPSILON);
          expect(high).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 5000 },
    ));

  it('black rises with the strength of a white attractor', () =>
    fc.assert(
      fc.asyncProperty(
        fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 200 })),
        fc.integer({ min: 1, max: 65535 }),
        async (strengths, other) => {
          const [low, high] = strengths.sort((p, q) => p - q);
          const pixels: Pixels = {
            data: Uint16Array.of(0, 0, 0, other, other, other),
            width: 2,
            height: 1,
            channels: 3,
          };
          const weak = await recolored(pixels, makeRecipe([`white;100;${low}`]));
          const strong = await recolored(pixels, makeRecipe([`white;100;${high}`]));
          for (let i = 0; i < 6; i++) expect(strong.data[i]).toBeGreaterThanOrEqual(weak.data[i] as number);
        },
      ),
      runs,
    ));
});

describe('fixed points', () => {
  const all = { luminance: true, saturation: true, hue: true };

  it('one attractor at strength 200, tolerance 100 is idempotent', () =>
    fc.assert(
      fc.asyncProperty(
        pixelsArbitrary(),
        // A target without a hue but with chroma is not one color: each pixel keeps its own, rounded, hue.
        recipeArbitrary({ kinds: ['attractor'], strength: 200, tolerance: 100, channels: all, maxRows: 1 }).filter(
          ({ rows: attractors }) => !attractors[0]?.color.includes('none'),
        ),
        async (pixels, recipe) => {
          const once = await recolored(pixels, recipe);
          expect((await recolored(once, recipe)).data).toEqual(once.data);
        },
      ),
      runs,
    ));

  it('a pixel that equals the only attractor stays', () =>
    fc.assert(
      fc.asyncProperty(
        pixelsArbitrary({ depth: 8 }),
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 0, max: 200 }),
        channelSwitches,
        blends,
        async (given, tolerance, strength, channels, blend) => {
          const pixels = { ...given, gamut: 'srgb' as const };
          const color = `rgb(${pixelAt(pixels, 0).slice(0, 3).join(' ')})`;
          const after = await recolored(
            pixels,
            makeRecipe({ rows: [{ color, tolerance, strength }], channels, blend }),
          );
          for (let k = 0; k < 3; k++) {
            expect(Math.abs((after.data[k] as number) - (pixels.data[k] as number))).toBeLessThanOrEqual(1);
          }
        },
      ),
      runs,
    ));

  it('hue alone never colors a grey', () =>
    fc.assert(
      fc.asyncProperty(
        pixelsArbitrary(),
        recipeArbitrary({ channels: { luminance: false, saturation: false, hue: true } }),
        async (pixels, recipe) => {
          const grey = { ...pixels, data: pixels.data.slice() };
          for (let i = 0; i < grey.data.length; i += grey.channels) {
            grey.data.fill(grey.data[i] as number, i, i + 3);
          }
          expect((await recolored(grey, recipe)).data).toEqual(grey.data);
        },
      ),
      runs,
    ));
});

describe('no NaN from any finite input', () => {
  const huge = fc.constantFrom('0', '1', '-1', '-0', '1e-300', '1e5', '-1e5', '1e30', '1e100', '-1e100', '1e150');
  const wildColor = fc.oneof(
    fc
      .tuple(fc.constantFrom('oklch', 'oklab', 'lab', 'lch'), huge, huge, huge)
      .map(([f, ...x]) => `${f}(${x.join(' ')})`),
    fc
      .tuple(fc.constantFrom('srgb', 'srgb-linear', 'display-p3', 'rec2020', 'xyz'), huge, huge, huge)
      .map(([space, ...x]) => `color(${space} ${x.join(' ')})`),
    cssColor,
  );
  const isRefused = (color: string): boolean => {
    try {
      makeRecipe([{ color, tolerance: 50, strength: 50 }]);
      return false;
    } catch {
      return true;
    }
  };

  it('whatever the rows, the codes are whole numbers and the backend agrees', () =>
    fc.assert(
      fc.asyncProperty(
        pixelsArbitrary({ depth: 8 }),
        fc.array(
          fc
            .tuple(
              rowArbitrary({
                color: wildColor.filter((color) => !isRefused(color)),
                reach: fc.constantFrom<Pick<Row, 'tolerance' | 'reach'>>(
                  ...[0, 1, 50, 99.9, 100].map((tolerance) => ({ tolerance })),
                  ...[0, 1e-9, 0.3, 1].map((reach) => ({ reach })),
                ),
              }),
              fc.constantFrom(0, 30, 100, 150, 200),
            )
            .map(([row, strength]) => ({ ...row, strength })),
          { minLength: 1, maxLength: 3 },
        ),
        channelSwitches,
        blends,
        async (pixels, rows, channels, blend) => {
          const plan = planFor(pixels, makeRecipe({ rows, channels, blend }));
          expect(
            plan.rows.flatMap(({ oklab, center = oklab, radius, share = 0 }) => [...oklab, ...center, radius, share]),
          ).toSatisfy((numbers: number[]) => numbers.every(Number.isFinite));
          const pull = createPull(plan);
          const after = await recolored(pixels, plan);
          for (let i = 0; i < pixelCount(pixels); i++) {
            const want = pull(pixelAt(pixels, i).slice(0, 3) as Triple);
            expect(want.every((x) => Number.isInteger(x) && x >= 0 && x <= 255)).toBe(true);
            const got = pixelAt(after, i);
            for (let k = 0; k < 3; k++)
              expect(Math.abs((got[k] as number) - (want[k] as number))).toBeLessThanOrEqual(1);
          }
        },
      ),
      { numRuns: 400 },
    ));
});

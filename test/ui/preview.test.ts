/** What the preview works out for itself: where the picture lies, what is picked from it, what the picker's field holds. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oklabOfColors } from '../../src/core/analysis/oklab-of-colors.js';
import { planFromCensus } from '../../src/core/analysis/plan.js';
import { gamutMatrices, linearFromOklab, type Triple } from '../../src/core/color/oklab.js';
import { packColor, unpackColor } from '../../src/core/color/packed.js';
import { formatRow } from '../../src/core/row/parse.js';
import type { Gamut, Plan } from '../../src/core/types.js';
import { makeRecipe } from '../../src/index.js';
import { edgeOf, isIn, MAX_CHROMA, mostChroma, packLch } from '../../ui/controls/oklch-plane.js';
import { averageColor, boxOfClick } from '../../ui/preview/average-color.js';
import { boxAround, boxAt, fitViewport, keepViewport, panBy, pixelAt, zoomAt } from '../../ui/preview/viewport.js';
import { describeOklch, explainColor } from '../../ui/state/explain-color.js';
import { KEEP_SETS } from '../../ui/state/keep-sets.js';

const labOf = (color: number, gamut: Gamut): Triple => [...oklabOfColors(Uint32Array.of(color), gamut)] as Triple;

describe('the viewport', () => {
  const picture = { width: 1200, height: 800 };
  const stage = { width: 320, height: 180 };
  const sizes = fc.record({ width: fc.integer({ min: 50, max: 1500 }), height: fc.integer({ min: 50, max: 1500 }) });

  it('fits again what was fitted, and keeps the middle of what was enlarged', () => {
    fc.assert(
      fc.property(sizes, sizes, fc.double({ min: 1, max: 20, noNaN: true }), (before, after, factor) => {
        const fitted = fitViewport(before, picture);
        expect(keepViewport(fitted, before, after, picture)).toEqual(fitViewport(after, picture));
        const zoomed = zoomAt(fitted, factor, before.width / 3, before.height / 3, before, picture);
        const kept = keepViewport(zoomed, before, after, picture);
        expect(kept.scale).toBeGreaterThanOrEqual(fitViewport(after, picture).scale);
        if (zoomed.scale > fitted.scale) expect(kept.scale).toBeGreaterThanOrEqual(zoomed.scale);
      }),
    );
    const zoomed = zoomAt(fitViewport(stage, picture), 8, 160, 90, stage, picture);
    const larger = { width: 400, height: 300 };
    const kept = keepViewport(zoomed, stage, larger, picture);
    const middle = (view: typeof kept, { width, height }: typeof stage) =>
      pixelAt(view, width / 2, height / 2, picture);
    expect(middle(kept, larger)).toEqual(middle(zoomed, stage));
  });

  it('gives whole pixels of the picture for a rectangle of the stage, none beside it', () => {
    const view = { scale: 2, x: 10, y: 20 };
    expect(boxAt(view, { x: 11, y: 21, width: 4, height: 2 }, picture)).toEqual({ x: 0, y: 0, width: 3, height: 2 });
    expect(boxAt(view, { x: 0, y: 0, width: 9, height: 300 }, picture)).toBeUndefined();
    expect(boxAround({ x: 0, y: 799 }, 5, picture)).toEqual({ x: 0, y: 797, width: 3, height: 3 });
    expect(panBy(fitViewport(stage, picture), 50, 50, stage, picture)).toEqual(fitViewport(stage, picture));
  });
});

describe('the mean of a box', () => {
  const picture = (codes: readonly number[], width: number) => ({
    data: Uint8ClampedArray.from(codes),
    ...{ width, height: codes.length / 4 / width, gamut: 'srgb' as const },
  });
  const whole = { x: 0, y: 0, width: 2, height: 1 };

  it('is weighed by alpha, and nothing where nothing is seen', () => {
    const half = picture([200, 0, 0, 255, 0, 90, 30, 51], 2);
    expect(averageColor([{ picture: half, box: whole }], whole)).toBe(packColor(167, 15, 5));
    const clear = picture([200, 0, 0, 0, 0, 90, 30, 0], 2);
    expect(averageColor([{ picture: clear, box: whole }], whole)).toBeUndefined();
  });

  it('is of 5 x 5 pixels around a click, of one where stripes stand for colors of layers', () => {
    const size = { width: 40, height: 20 };
    expect(boxOfClick({ x: 10, y: 8 }, { ...size, format: 'png' })).toEqual({ x: 8, y: 6, width: 5, height: 5 });
    expect(boxOfClick({ x: 10, y: 8 }, { ...size, format: 'colors' })).toEqual({ x: 10, y: 8, width: 1, height: 1 });
  });

  it('comes from the sharpest part that holds the box, and from at least a pixel of it', () => {
    const image = { x: 0, y: 0, width: 40, height: 20 };
    const small = { picture: picture([10, 10, 10, 255, 90, 90, 90, 255], 2), box: image };
    const sharp = { picture: picture([1, 2, 3, 255, 7, 8, 9, 255], 2), box: { x: 30, y: 4, width: 2, height: 1 } };
    expect(averageColor([sharp, small], { x: 31, y: 4, width: 1, height: 1 })).toBe(packColor(7, 8, 9));
    expect(averageColor([sharp, small], { x: 31, y: 4, width: 2, height: 1 })).toBe(packColor(90, 90, 90));
    expect(averageColor([sharp, small], { x: 19, y: 4, width: 2, height: 1 })).toBe(packColor(50, 50, 50));
  });
});

function planOf(rows: readonly string[], colors: readonly number[], gamut: Gamut = 'srgb'): Plan {
  const census = { colors: Uint32Array.from(colors), counts: Float64Array.from(colors, () => 1) };
  return planFromCensus(census, makeRecipe({ rows, blend: 'oklab' }), gamut);
}

describe('the row behind a color', () => {
  const blue = packColor(44, 79, 143);
  const green = packColor(81, 105, 31);
  const explain = (color: number, ...rows: string[]) => explainColor(color, planOf(rows, [blue, green]));

  it('is the one that moves it most, or that keeps it', () => {
    expect(explain(blue, '#51691f -> red;~0.05;100', '#2c4f8f -> navy;~0.05;100').place).toBe(1);
    expect(explain(blue, 'white;~0.9;10', 'red;~0.9;60').place).toBe(1);
    expect(explain(green, 'red;~0.9;60', 'keep #51691f;~0.05;100')).toEqual({ after: green, place: 1 });
    expect(explain(blue, 'red;~0.9;60', 'keep #51691f;~0.05;100').place).toBe(0);
    expect(explain(green, '#2c4f8f -> navy;~0.05;100')).toEqual({ after: green, place: undefined });
  });

  it('is read as lightness, chroma and hue, a grey without one', () => {
    expect(describeOklch(packColor(255, 0, 0), 'srgb')).toBe('63 % 0.26 29°');
    expect(describeOklch(packColor(128, 128, 128), 'srgb')).toBe('60 % 0.00');
  });
});

describe('the field of a hue', () => {
  const hues = fc.integer({ min: 0, max: 359 });
  const lightnesses = fc.double({ min: 0.02, max: 0.98, noNaN: true });

  it('has edges: what is inside of one is in gamut, what is outside is not, and P3 holds sRGB', () => {
    fc.assert(
      fc.property(lightnesses, hues, fc.constantFrom<Gamut>('srgb', 'display-p3'), (l, h, gamut) => {
        const c = mostChroma(l, h, gamut);
        expect(isIn({ l, c, h }, gamut)).toBe(true);
        expect(isIn({ l, c: c + 0.001, h }, gamut)).toBe(false);
        expect(c).toBeLessThanOrEqual(MAX_CHROMA);
        expect(mostChroma(l, h, 'display-p3')).toBeGreaterThanOrEqual(mostChroma(l, h, 'srgb') - 1e-4);
      }),
    );
    expect(edgeOf(29, 'srgb').split('L')[0]).toBe('0.0000 0');
  });

  it('gives back the very color that it was read from', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 0xffffff }),
        fc.constantFrom<Gamut>('srgb', 'display-p3'),
        (color, gamut) => {
          const [l, a, b] = labOf(color, gamut);
          const lch = { l, c: Math.hypot(a, b), h: (Math.atan2(b, a) * 180) / Math.PI };
          expect(unpackColor(packLch(lch, gamut))).toEqual(unpackColor(color));
        },
      ),
    );
    const [r] = linearFromOklab(1, 0, 0, gamutMatrices('srgb').fromLms);
    expect(r).toBeCloseTo(1, 6);
  });
});

describe('kept by one press', () => {
  /** Tones of the Monk scale but its lightest three and the darkest, and what is not skin. */
  const skin = [
    '#eadaba',
    '#d7bd96',
    '#a07e56',
    '#825c43',
    '#604134',
    '#f4d0b1',
    '#d29f7c',
    '#ba7851',
    '#a55e2b',
    '#7b4b3a',
  ];
  const others = ['#c8322b', '#ff6b35', '#ffd700', '#6b8e23', '#2c4f8f', '#ffffff', '#808080'];
  const greys = ['#111111', '#333333', '#555555', '#777777', '#999999', '#bbbbbb', '#dddddd', '#ffffff'];
  const colorful = ['#3a5b91', '#51691f', '#c8322b', '#d8a58c', '#7b4b3a'];
  const pack = (hex: string): number => {
    const code = Number.parseInt(hex.slice(1), 16);
    return packColor(code >> 16, (code >> 8) & 255, code & 255);
  };
  /** How much of its way to green a color still goes, 0 to 1. */
  const goes = (label: string, hex: string): number => {
    const rows = KEEP_SETS.find((set) => set.label === label)?.rows.map(formatRow) ?? [];
    const way = (extra: readonly string[]): number => {
      const { after } = explainColor(pack(hex), planOf(['lime;~1;100', ...extra], [pack(hex)]));
      const [p, q] = [labOf(pack(hex), 'srgb'), labOf(after, 'srgb')];
      return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
    };
    return way(rows) / way([]);
  };

  it.each([
    ['Skin', skin, others],
    ['Greys', greys, colorful],
  ])('%s stay as they are, and little else', (label, kept, moved) => {
    for (const hex of kept) expect(goes(label, hex), hex).toBeLessThan(0.35);
    for (const hex of moved) expect(goes(label, hex), hex).toBeGreaterThan(0.6);
  });
});

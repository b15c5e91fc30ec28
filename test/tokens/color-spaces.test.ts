import { converter } from 'culori';
import { describe, expect, it } from 'vitest';
import { oklabDistance, type Triple } from '../../src/core/color/oklab.js';
import { parseColor } from '../../src/core/row/color.js';
import { hexOfColor } from '../../src/tokens/hex.js';
import { colorAt, colorsOf } from '../../src/tokens/index.js';
import { errorOf, readData } from './support.js';

/** culori's Oklab matrices are older than ours: the same color lies this near. */
const MATRIX_TOLERANCE = 1e-3;

/** Space of the token, components, the same color as culori writes it. */
const CASES: readonly [string, readonly number[], Record<string, unknown>][] = [
  ['srgb', [0.2, 0.4, 0.6], { mode: 'rgb', r: 0.2, g: 0.4, b: 0.6 }],
  ['srgb-linear', [0.2, 0.4, 0.6], { mode: 'lrgb', r: 0.2, g: 0.4, b: 0.6 }],
  ['hsl', [210, 50, 40], { mode: 'hsl', h: 210, s: 0.5, l: 0.4 }],
  ['hwb', [210, 20, 40], { mode: 'hwb', h: 210, w: 0.2, b: 0.4 }],
  ['lab', [50, 20, -30], { mode: 'lab', l: 50, a: 20, b: -30 }],
  ['lch', [50, 36, 300], { mode: 'lch', l: 50, c: 36, h: 300 }],
  ['oklab', [0.5, 0.1, -0.1], { mode: 'oklab', l: 0.5, a: 0.1, b: -0.1 }],
  ['oklch', [0.5, 0.1, 300], { mode: 'oklch', l: 0.5, c: 0.1, h: 300 }],
  ['display-p3', [0.2, 0.4, 0.6], { mode: 'p3', r: 0.2, g: 0.4, b: 0.6 }],
  ['a98-rgb', [0.2, 0.4, 0.6], { mode: 'a98', r: 0.2, g: 0.4, b: 0.6 }],
  ['prophoto-rgb', [0.2, 0.4, 0.6], { mode: 'prophoto', r: 0.2, g: 0.4, b: 0.6 }],
  ['rec2020', [0.2, 0.4, 0.6], { mode: 'rec2020', r: 0.2, g: 0.4, b: 0.6 }],
  ['xyz-d65', [0.2, 0.25, 0.4], { mode: 'xyz65', x: 0.2, y: 0.25, z: 0.4 }],
  ['xyz-d50', [0.2, 0.25, 0.4], { mode: 'xyz50', x: 0.2, y: 0.25, z: 0.4 }],
];

const cssOf = (value: unknown): string => colorAt(colorsOf(readData({ c: { $type: 'color', $value: value } })), 'c');

describe('color objects', () => {
  it.each(CASES)('%s is the color that culori says', (colorSpace, components, expected) => {
    const { oklab } = parseColor(cssOf({ colorSpace, components }));
    const { l, a, b } = converter('oklab')(expected as never) as unknown as { l: number; a: number; b: number };
    expect(oklabDistance(oklab, [l, a, b] as Triple)).toBeLessThan(MATRIX_TOLERANCE);
  });

  it.each(CASES)(
    '%s takes none, an alpha and 17 digits, and stays a color the core reads',
    (colorSpace, components) => {
      const long = components.map((x) => x + 1 / 7 / 1e6);
      for (const i of [0, 1, 2]) {
        const css = cssOf({ colorSpace, components: long.map((x, k) => (k === i ? 'none' : x)), alpha: 0.123456789 });
        expect(css).toContain('none');
        expect(css).toContain('/ 0.123457');
        expect(() => parseColor(css)).not.toThrow();
      }
    },
  );

  it('prefers the hex of sRGB components that were rounded', () => {
    expect(cssOf({ colorSpace: 'srgb', components: [0.98, 0.949, 0.898], hex: '#FAF2E5' })).toBe('#faf2e5');
    expect(cssOf({ colorSpace: 'srgb', components: [0.5, 0.949, 0.898], hex: '#FAF2E5' })).toBe(
      'color(srgb 0.5 0.949 0.898)',
    );
  });

  it.each([
    [{ colorSpace: 'oklch', components: [66, 0.1, 40] }, 'a number from 0 to 1 at position 1 of oklch, got 66'],
    [{ colorSpace: 'srgb', components: [255, 0, 0] }, 'a number from 0 to 1 at position 1 of srgb, got 255'],
    [{ colorSpace: 'oklchh', components: [0.6, 0.1, 40] }, 'did you mean oklch?'],
    [{ colorSpace: 'srgb', components: [1, 0] }, 'three numbers or "none", got [1,0]'],
    [{ colorSpace: 'srgb', components: [1, 0, '0'] }, 'three numbers or "none"'],
    [{ colorSpace: 'srgb', components: [1, 0, 0], alpha: 2 }, 'alpha: expected a number from 0 to 1, got 2'],
    [{ colorSpace: 'srgb', components: [1, 0, 0], hex: 'red' }, 'hex: expected #rrggbb, got "red"'],
    ['#12345', 'expected a color such as #0969da'],
    [5, 'expected a color object, a hex color or an alias, got 5'],
  ])('refuses %j', (value, message) => {
    const error = errorOf(() => cssOf(value));
    expect(error).toMatch(/^INVALID_TOKENS a\.json: c: /);
    expect(error).toContain(message);
  });

  it('shows colors as hex, mapped into sRGB', () => {
    expect(hexOfColor('oklch(0.66 0.17 45)')).toBe('#e36927');
    expect(hexOfColor('rgb(1 2 3 / 0.5)')).toBe('#010203');
    expect(hexOfColor('color(display-p3 0 1 0)')).toMatch(/^#[0-9a-f]{6}$/);
  });
});

/** Tokens Studio's color modifiers: the numbers are worked out by hand, or with culori where that is long. */
import { converter } from 'culori';
import { describe, expect, it } from 'vitest';
import { parseColor } from '../../src/core/index.js';
import { colorAt, colorsOf } from '../../src/tokens/index.js';
import { errorOf, readData } from './support.js';

const token = (value: string, modify?: unknown) => ({
  value,
  type: 'color',
  ...(modify !== undefined && { $extensions: { 'studio.tokens': { modify } } }),
});
const read = (value: string, modify: unknown) =>
  colorsOf(readData({ core: { blue: token('#0000ff'), c: token(value, modify) }, $themes: [] }));

describe('color modifiers', () => {
  it.each([
    ['#804020', { type: 'lighten', space: 'srgb', value: '0.5' }, 'color(srgb 0.75098 0.62549 0.562745)'],
    ['#804020', { type: 'darken', space: 'srgb', value: 0.5 }, '#402010'],
    ['#000000', { type: 'lighten', space: 'srgb', value: '1' }, '#ffffff'],
    [
      'color(display-p3 0.5 0.25 0)',
      { type: 'lighten', space: 'p3', value: '0.5' },
      'color(display-p3 0.75 0.625 0.5)',
    ],
    ['color(display-p3 0.5 0.25 0)', { type: 'darken', space: 'p3', value: '0.5' }, 'color(display-p3 0.25 0.125 0)'],
    ['hsl(120 50% 40%)', { type: 'lighten', space: 'hsl', value: '0.5' }, 'hsl(120 50% 70%)'],
    ['hsl(120 50% 40%)', { type: 'darken', space: 'hsl', value: '0.25' }, 'hsl(120 50% 30%)'],
    ['lch(40 60 200)', { type: 'lighten', space: 'lch', value: '0.25' }, 'lch(55 45 200)'],
    ['lch(40 60 200)', { type: 'darken', space: 'lch', value: '0.25' }, 'lch(30 45 200)'],
    ['#ff0000', { type: 'mix', space: 'srgb', value: '0.2', color: '{blue}' }, '#cc0033'],
    ['hsl(350 50% 40%)', { type: 'mix', space: 'hsl', value: '0.5', color: 'hsl(20 50% 60%)' }, 'hsl(5 50% 50%)'],
    ['lch(40 60 350)', { type: 'mix', space: 'lch', value: '0.5', color: 'lch(60 20 30)' }, 'lch(50 40 10)'],
    ['{blue}', { type: 'alpha', value: '0.3' }, 'rgb(0 0 255 / 0.3)'],
    ['#ff0000', undefined, '#ff0000'],
  ])('%s %j', (value, modify, expected) => {
    expect(colorAt(read(value, modify), 'c')).toBe(expected);
  });

  it('give a color without a hue the other one’s', () => {
    const mixed = colorAt(read('#808080', { type: 'mix', space: 'lch', value: '0.5', color: '#ff0000' }), 'c');
    expect(converter('lch')(mixed)?.h).toBeCloseTo(converter('lch')('#ff0000')?.h as number, 3);
    expect(() => parseColor(mixed)).not.toThrow();
  });

  it.each([
    [{ type: 'no', space: 'srgb', value: '0.5' }, 'modify.type: expected one of lighten, darken, mix, alpha, got "no"'],
    [{ type: 'darken', space: 'cmyk', value: '0.5' }, 'modify.space: expected one of srgb, p3, hsl, lch, got "cmyk"'],
    [{ type: 'darken', space: 'srgb', value: '{x} * 2' }, 'modify.value: expected a number from 0 to 1, got "{x} * 2"'],
    [{ type: 'mix', space: 'srgb', value: '1', color: 'no' }, 'got "no"'],
    [{ type: 'mix', space: 'srgb', value: '1', color: '{nope}' }, '{nope}'],
    [{ type: 'mix', space: 'srgb', value: '1' }, 'got undefined'],
  ])('%j is an error where it is used', (modify, message) => {
    const colors = read('#ff0000', modify);
    expect(colors.get('blue')).toBe('#0000ff');
    expect(errorOf(() => colorAt(colors, 'c'))).toContain(message);
  });
});

import { describe, expect, it } from 'vitest';
import { parseColor, parseRow } from '../../src/core/index.js';
import { plainCss } from '../../src/core/row/plain-css.js';

describe('plainCss', () => {
  it.each([
    ['rgb(1 2 3)', 'rgb(1 2 3)'],
    ['/* brand */ teal/**/', '  teal '],
    ['rgb(255/* red */0 0)', 'rgb(255 0 0)'],
    ['oklch(calc(1 / 4) 0.1 50)', 'oklch(0.25 0.1 50)'],
    ['oklch(calc(50% + 10% * 2) 0.1 calc(360deg / 3 - 20deg))', 'oklch(70% 0.1 100deg)'],
    ['rgb(calc((1 + 2) * 10) calc(calc(2) * -3) calc(.5*2e1))', 'rgb(30 -6 10)'],
    ['hsl(calc( 2 * 60 ) 50% 50%)', 'hsl(120 50% 50%)'],
    ['rgb(calc(1 / 3) 0 0)', 'rgb(0.333333333 0 0)'],
  ])('%s', (css, plain) => {
    expect(plainCss(css)).toBe(plain);
  });

  it.each([
    'calc(1 / 0)',
    'calc(1% * 2%)',
    'calc(2 / 1%)',
    'calc(1 + 1%)',
    'calc(1+1)',
    'calc(',
    'calc()',
    'calc(var(--x))',
    'calc(1 +)',
    '/* open',
  ])('leaves rgb(%s 0 0) to be refused', (calc) => {
    const css = `rgb(${calc} 0 0)`;
    expect(plainCss(css)).toBe(css);
    expect(() => parseColor(css)).toThrow(/^color: expected a CSS color/);
  });

  it('of the longest color takes no time to speak of', () => {
    for (const piece of ['calc(', '(', 'calc(1 * ', '/*', '1 + ']) {
      expect(typeof plainCss(piece.repeat(128 / piece.length))).toBe('string');
    }
  });
});

it('colors of recipes may have comments and calc()', () => {
  expect(parseColor('RGB(Calc(51 * 5) 0 0)').oklab).toEqual(parseColor('red').oklab);
  expect(parseRow('oklch(calc(70%) 0.1 50 /* warm */);50;70').tolerance).toBe(50);
});

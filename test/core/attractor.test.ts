import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDecimal } from '../../src/core/options.js';
import { formatAttractor, makeRecipe, parseAttractor, parseColor } from '../../src/index.js';
import { cssColor } from '../support/arbitraries.js';
import { messageOf } from '../support/errors.js';

describe('parseAttractor', () => {
  it('reads color, tolerance, strength', () => {
    expect(parseAttractor('blue;50;70')).toEqual({ color: 'blue', tolerance: 50, strength: 70 });
    expect(parseAttractor(' oklch(70% 0.2 none) ; 0 ; 200 ')).toEqual({
      color: 'oklch(70% 0.2 none)',
      tolerance: 0,
      strength: 200,
    });
    expect(parseAttractor('#f00;.5;99.25')).toEqual({ color: '#f00', tolerance: 0.5, strength: 99.25 });
    expect(parseAttractor('#f00;+5;100.')).toEqual({ color: '#f00', tolerance: 5, strength: 100 });
  });

  it.each([
    '150',
    '100.1',
    '-1',
    '-10',
    'NaN',
    '1e3',
    '1e1',
    '',
    ' ',
    '0x10',
    'Infinity',
    'fifty',
    '5 0',
    '50%',
    '1_0',
    '٥',
  ])('refuses the tolerance %j, quoting it and the range', (tolerance) => {
    const message = messageOf('INVALID_TOLERANCE', () => parseAttractor(`blue;${tolerance};70`));
    expect(message).toContain('tolerance: expected a number from 0 to 100');
    expect(message).toContain(`got ${JSON.stringify(tolerance.trim())}`);
    expect(message).toContain(JSON.stringify(`blue;${tolerance};70`));
  });

  it.each(['-10', '201', '200.5', 'NaN', '1e2', '', '--5', '7,5', '12345678901'])(
    'refuses the strength %j, quoting it and the range',
    (strength) => {
      const message = messageOf('INVALID_STRENGTH', () => parseAttractor(`blue;50;${strength}`));
      expect(message).toContain('strength: expected a number from 0 to 200');
      expect(message).toContain(`got ${JSON.stringify(strength)}`);
    },
  );

  it.each([
    ['', 1],
    ['blue', 1],
    ['blue;50', 2],
    ['blue,50,70', 1],
    ['blue;50;70;', 4],
    ['blue;50;70;90', 4],
    [';;;', 4],
  ])('refuses %j, which has the wrong number of parts', (text, parts) => {
    const message = messageOf('INVALID_ROW', () => parseAttractor(text));
    expect(message).toContain(`expected 3 parts`);
    expect(message).toContain(`got ${parts} in ${JSON.stringify(text)}`);
  });

  it('refuses an unknown, empty or long color', () => {
    expect(messageOf('INVALID_COLOR', () => parseAttractor('bleu;50;70'))).toContain('"bleu"');
    expect(messageOf('INVALID_COLOR', () => parseAttractor(';50;70'))).toContain('got ""');
    expect(messageOf('INVALID_COLOR', () => parseAttractor(`${'x'.repeat(129)};50;70`))).toContain(
      'at most 128 characters',
    );
  });

  it('shortens what it quotes', () => {
    const message = messageOf('INVALID_ROW', () => parseAttractor(`blue;${'5'.repeat(5000)}`));
    expect(message.length).toBeLessThan(250);
  });

  it('is the inverse of formatAttractor, for every number in range', () => {
    const number = (max: number) =>
      fc.oneof(
        fc.integer({ min: 0, max: max * 100 }).map((x) => x / 100),
        fc.double({ min: 0, max, noNaN: true }),
        fc.double({ min: 0, max: 1e-5, noNaN: true }),
        fc.double({ min: 0, max: Number.MIN_VALUE * 1000, noNaN: true }),
      );
    fc.assert(
      fc.property(cssColor, number(100), number(200), (color, tolerance, strength) => {
        const attractor = { color, tolerance, strength };
        expect(parseAttractor(formatAttractor(attractor))).toEqual(attractor);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([100 / 3, 1e-6, 1e-7, 1.5e-7, 99.99999999999999, Number.MIN_VALUE, 2.2250738585072014e-308, 0.1 + 0.2])(
    'reads back %d',
    (tolerance) => {
      const attractor = { color: 'blue', tolerance, strength: tolerance };
      expect(formatAttractor(attractor)).toMatch(/^blue;[\d.]+;[\d.]+$/);
      expect(parseAttractor(formatAttractor(attractor))).toEqual(attractor);
    },
  );

  it('takes long colors, as other programs write them', () => {
    const color = 'color(srgb 0.8235294117647058 0.4117647058823529 0.11764705882352941)';
    expect(parseAttractor(`${color};50;70`)).toEqual({ color, tolerance: 50, strength: 70 });
    const chocolate = parseColor('chocolate').oklab;
    parseColor(color).oklab.forEach((x, i) => {
      expect(x).toBeCloseTo(chocolate[i] as number, 12);
    });
    expect(
      parseAttractor(
        'color(prophoto-rgb -0.12345678901234567 0.12345678901234567 1.2345678901234567e-17 / 0.12345678901234567);50;70',
      ).tolerance,
    ).toBe(50);
  });

  it('a color is kept without the space around it, so that it reads back too', () => {
    const [attractor] = makeRecipe([{ color: ' blue\n', tolerance: 1, strength: 2 }]).rows;
    expect(attractor).toEqual(parseAttractor(' blue ;1;2'));
  });
});

describe('parseDecimal', () => {
  it.each([
    ['0', 0],
    ['007', 7],
    ['-3.5', -3.5],
    ['.25', 0.25],
    ['1.', 1],
  ])('reads %s', (text, value) => expect(parseDecimal(text)).toBe(value));
  it.each([
    '',
    '.',
    '-',
    '1e3',
    '1e-7',
    '5E-324',
    '0x10',
    'NaN',
    'Infinity',
    '0b1',
    '1 ',
    '1.2.3',
    '9'.repeat(20),
    `0.${'1'.repeat(400)}`,
  ])('refuses %j', (text) => expect(parseDecimal(text)).toBeNaN());
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDecimal } from '../../src/core/options.js';
import { looksLikeRow } from '../../src/core/row/parse.js';
import { type ErrorCode, formatRow, makeRecipe, parseColor, parseRow, type Row } from '../../src/index.js';
import { cssColor, rowArbitrary } from '../support/arbitraries.js';
import { messageOf } from '../support/errors.js';

describe('parseRow', () => {
  it('reads color, tolerance, strength', () => {
    expect(parseRow('blue;50;70')).toEqual({ color: 'blue', tolerance: 50, strength: 70 });
    expect(parseRow(' oklch(70% 0.2 none) ; 0 ; 200 ')).toEqual({
      color: 'oklch(70% 0.2 none)',
      tolerance: 0,
      strength: 200,
    });
    expect(parseRow('#f00;.5;99.25')).toEqual({ color: '#f00', tolerance: 0.5, strength: 99.25 });
    expect(parseRow('#f00;+5;100.')).toEqual({ color: '#f00', tolerance: 5, strength: 100 });
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
    '140%',
    '-1%',
    '50%%',
    '%',
    '1_0',
    '٥',
  ])('refuses the tolerance %j, quoting it and the range', (tolerance) => {
    const message = messageOf('INVALID_TOLERANCE', () => parseRow(`blue;${tolerance};70`));
    expect(message).toContain('tolerance: expected a number from 0 to 100');
    expect(message).toContain(`got ${JSON.stringify(tolerance.trim())}`);
    expect(message).toContain(JSON.stringify(`blue;${tolerance};70`));
  });

  it.each(['-10', '201', '200.5', 'NaN', '1e2', '', '--5', '7,5', '12345678901'])(
    'refuses the strength %j, quoting it and the range',
    (strength) => {
      const message = messageOf('INVALID_STRENGTH', () => parseRow(`blue;50;${strength}`));
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
    const message = messageOf('INVALID_ROW', () => parseRow(text));
    expect(message).toContain(`expected 3 parts`);
    expect(message).toContain(`got ${parts} in ${JSON.stringify(text)}`);
  });

  it('refuses an unknown, empty or long color', () => {
    expect(messageOf('INVALID_COLOR', () => parseRow('bleu;50;70'))).toContain('"bleu"');
    expect(messageOf('INVALID_COLOR', () => parseRow(';50;70'))).toContain('got ""');
    expect(messageOf('INVALID_COLOR', () => parseRow(`${'x'.repeat(129)};50;70`))).toContain('at most 128 characters');
  });

  it('shortens what it quotes', () => {
    const message = messageOf('INVALID_ROW', () => parseRow(`blue;${'5'.repeat(5000)}`));
    expect(message.length).toBeLessThan(250);
  });

  it('is the inverse of formatRow, for every number in range', () => {
    const number = (max: number) =>
      fc.oneof(
        fc.integer({ min: 0, max: max * 100 }).map((x) => x / 100),
        fc.double({ min: 0, max, noNaN: true }),
        fc.double({ min: 0, max: 1e-5, noNaN: true }),
        fc.double({ min: 0, max: Number.MIN_VALUE * 1000, noNaN: true }),
      );
    fc.assert(
      fc.property(cssColor, number(100), number(200), (color, tolerance, strength) => {
        const row = { color, tolerance, strength };
        expect(parseRow(formatRow(row))).toEqual(row);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([100 / 3, 1e-6, 1e-7, 1.5e-7, 99.99999999999999, Number.MIN_VALUE, 2.2250738585072014e-308, 0.1 + 0.2])(
    'reads back %d',
    (tolerance) => {
      const row = { color: 'blue', tolerance, strength: tolerance };
      expect(formatRow(row)).toMatch(/^blue;[\d.]+;[\d.]+$/);
      expect(parseRow(formatRow(row))).toEqual(row);
    },
  );

  it('is the inverse of formatRow for rows of all kinds', () => {
    const token = fc.constantFrom('{brand.old}', '{a -> b}', '{go to.x}', '{keep}', '{x → y}');
    fc.assert(
      fc.property(rowArbitrary({ color: fc.oneof(cssColor, token), mayBeAuto: true }), (row) => {
        expect(parseRow(formatRow(row))).toEqual(row);
        expect(looksLikeRow(formatRow(row))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes long colors, as other programs write them', () => {
    const color = 'color(srgb 0.8235294117647058 0.4117647058823529 0.11764705882352941)';
    expect(parseRow(`${color};50;70`)).toEqual({ color, tolerance: 50, strength: 70 });
    const chocolate = parseColor('chocolate').oklab;
    parseColor(color).oklab.forEach((x, i) => {
      expect(x).toBeCloseTo(chocolate[i] as number, 12);
    });
    expect(
      parseRow(
        'color(prophoto-rgb -0.12345678901234567 0.12345678901234567 1.2345678901234567e-17 / 0.12345678901234567);50;70',
      ).tolerance,
    ).toBe(50);
  });

  it('a color is kept without the space around it, so that it reads back too', () => {
    const [row] = makeRecipe([{ color: ' blue\n', tolerance: 1, strength: 2 }]).rows;
    expect(row).toEqual(parseRow(' blue ;1;2'));
  });
});

describe('rows of other kinds', () => {
  const repaint: Row = { color: 'teal', from: 'blue', tolerance: 40, strength: 100 };

  it.each<[string, Row]>([
    ['blue -> teal;40;100', repaint],
    ['blue->teal;40;100', repaint],
    ['blue → teal;40%;100', repaint],
    ['blue→teal;40 %;100', repaint],
    ['blue to teal;40;100', repaint],
    ['  blue\tTO\nteal ; 40 ; 100 ', repaint],
    ['rgb(1 2 3)->#abc;~0.12;100', { color: '#abc', from: 'rgb(1 2 3)', reach: 0.12, strength: 100 }],
    [
      '#0000ff->oklch(70% 0.1 none);auto;100',
      { color: 'oklch(70% 0.1 none)', from: '#0000ff', reach: 'auto', strength: 100 },
    ],
    ['{brand.old} -> {brand.new};~0.1;100', { color: '{brand.new}', from: '{brand.old}', reach: 0.1, strength: 100 }],
    ['{from -> to} to {go to};~0;0', { color: '{go to}', from: '{from -> to}', reach: 0, strength: 0 }],
    ['keep pink;~0.1;100', { color: 'pink', keep: true, reach: 0.1, strength: 100 }],
    ['KEEP #abc;~ 1;200', { color: '#abc', keep: true, reach: 1, strength: 200 }],
    ['keep{skin};AUTO;100', { color: '{skin}', keep: true, reach: 'auto', strength: 100 }],
    ['blue;~.5;70', { color: 'blue', reach: 0.5, strength: 70 }],
    ['blue;50%;70', { color: 'blue', tolerance: 50, strength: 70 }],
    ['{to};50;70', { color: '{to}', tolerance: 50, strength: 70 }],
    ['{keep.it};50;70', { color: '{keep.it}', tolerance: 50, strength: 70 }],
  ])('%j is read', (text, row) => {
    expect(parseRow(text)).toEqual(row);
    expect(makeRecipe([text]).rows).toEqual([row]);
  });

  it.each<[string, ErrorCode, string]>([
    ['red -> ;40;60', 'INVALID_ROW', 'color: expected a color after the arrow'],
    ['red to;40;60', 'INVALID_ROW', 'color: expected a color after the arrow'],
    ['-> blue;40;60', 'INVALID_ROW', 'from: expected a color before the arrow'],
    ['-> blue', 'INVALID_ROW', 'from: expected a color before the arrow'],
    [' to blue;40;60', 'INVALID_COLOR', '"to blue"'],
    ['->;40;60', 'INVALID_ROW', 'from: expected a color before the arrow'],
    ['red -> blue -> teal;40;60', 'INVALID_ROW', 'row: expected one arrow'],
    ['red → blue to teal', 'INVALID_ROW', 'row: expected one arrow'],
    ['keep', 'INVALID_ROW', 'keep: expected a color after it'],
    ['keep;~0.1;100', 'INVALID_ROW', 'keep: expected a color after it'],
    ['keep red -> blue;40;60', 'INVALID_ROW', 'keep: expected a color and no arrow'],
    ['keep -> blue;40;60', 'INVALID_ROW', 'keep: expected a color and no arrow'],
    ['red -> blue', 'INVALID_ROW', 'row: expected 3 parts'],
    ['red -> blue;~0.1', 'INVALID_ROW', 'row: expected 3 parts'],
    ['red -> blue;40;60;1;2;3', 'INVALID_ROW', 'got 6 in "red -> blue;40;60;1;2;3"'],
    ['keep red;40;60;1;2;3', 'INVALID_ROW', 'got 6'],
    ['rde -> blue;40;60', 'INVALID_COLOR', 'from: color: expected a CSS color'],
    ['red -> bleu;40;60', 'INVALID_COLOR', 'color: expected a CSS color'],
    ['red -> keep blue;40;60', 'INVALID_COLOR', '"keep blue"'],
    ['keep rde;40;60', 'INVALID_COLOR', '"rde"'],
    ['oklch(70% 100 50) -> red;40;60', 'INVALID_COLOR', 'from: color: expected Oklab components'],
    ['red -> blue;~2;60', 'INVALID_REACH', 'reach: expected a number from 0 to 1 after ~, got "~2"'],
    ['red -> blue;~1.0001;60', 'INVALID_REACH', 'got "~1.0001"'],
    ['red;~-1;60', 'INVALID_REACH', 'reach: expected a number from 0 to 1 after ~, got "~-1"'],
    ['keep red;~;60', 'INVALID_REACH', 'reach: expected a number from 0 to 1 after ~, got "~"'],
    ['red;~0.1%;60', 'INVALID_REACH', 'got "~0.1%"'],
    ['red;~~0.1;60', 'INVALID_REACH', 'got "~~0.1"'],
    ['red;~auto;60', 'INVALID_REACH', 'got "~auto"'],
    ['red;~1e-1;60', 'INVALID_REACH', 'got "~1e-1"'],
    ['red -> blue;140%;60', 'INVALID_TOLERANCE', 'tolerance: expected a number from 0 to 100, got "140%"'],
    ['red -> blue;-1;60', 'INVALID_TOLERANCE', 'got "-1"'],
    ['red -> blue;;60', 'INVALID_TOLERANCE', 'got ""'],
    ['red -> blue;40;201', 'INVALID_STRENGTH', 'strength: expected a number from 0 to 200, got "201"'],
    ['red -> blue;40;60%', 'INVALID_STRENGTH', 'got "60%"'],
    ['red;auto;60', 'INVALID_ROW', 'reach: expected auto on a repaint or keep row alone'],
  ])('%j is refused: %s', (text, code, message) => {
    const said = messageOf(code, () => parseRow(text));
    expect(said).toContain(message);
    expect(said).not.toContain('\n');
    expect(messageOf(code, () => makeRecipe(['red;1;1', text]))).toMatch(/^row 2: /);
  });

  it.each<[unknown, ErrorCode, string]>([
    [{ color: 'red', from: 'blue', keep: true, reach: 0.1, strength: 1 }, 'INVALID_RECIPE', 'keep: expected no from'],
    [
      { color: 'red', tolerance: 5, reach: 0.1, strength: 1 },
      'INVALID_RECIPE',
      'reach: expected either a tolerance or a reach',
    ],
    [
      { color: 'red', reach: 'auto', strength: 1 },
      'INVALID_RECIPE',
      'reach: expected auto on a repaint or keep row alone',
    ],
    [
      { color: 'red', keep: 'yes', reach: 0.1, strength: 1 },
      'INVALID_RECIPE',
      'keep: expected true or false, got "yes"',
    ],
    [{ color: 'red', reach: 1.1, strength: 1 }, 'INVALID_REACH', 'reach: expected a number from 0 to 1'],
    [{ color: 'red', reach: '~0.1', strength: 1 }, 'INVALID_REACH', 'got "~0.1"'],
    [{ color: 'red', from: 5, reach: 0.1, strength: 1 }, 'INVALID_COLOR', 'from: color: expected a CSS color'],
    [{ color: 'red', from: '', reach: 0.1, strength: 1 }, 'INVALID_COLOR', 'from: color'],
    [{ color: 'red', from: 'blue', strength: 1 }, 'INVALID_TOLERANCE', 'tolerance: expected a number from 0 to 100'],
    [{ color: 'red', form: 'blue', reach: 0.1, strength: 1 }, 'INVALID_RECIPE', 'did you mean "from"'],
  ])('%j is refused: %s', (row, code, message) => {
    const said = messageOf(code, () => makeRecipe([row as Row]));
    expect(said).toContain(message);
    expect(said).toMatch(/^row 1: /);
  });

  it('keep that is false is no keep row', () => {
    const row = { color: 'red', keep: false, tolerance: 5, strength: 1 } as unknown as Row;
    expect(makeRecipe([row]).rows).toEqual([parseRow('red;5;1')]);
  });

  it('a recipe of keep rows alone is one', () => {
    expect(makeRecipe(['keep pink;~0.1;100', 'keep red;5;50']).rows).toHaveLength(2);
  });

  it.each(['blue;50;70', 'red -> blue', '→', 'keep', 'keep red', 'Keep {x}', 'red to blue', '{a} to {b}'])(
    '%j looks like a row',
    (text) => expect(looksLikeRow(text)).toBe(true),
  );
  it.each(['dusk.json', 'blue', '{a -> b}', 'keeper.json', 'tomato', 'rgb(1 to 2)', ''])('%j does not', (text) =>
    expect(looksLikeRow(text)).toBe(false),
  );
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

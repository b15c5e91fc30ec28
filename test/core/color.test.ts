import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ColorshineError, parseColor } from '../../src/index.js';
import { messageOf } from '../support/errors.js';
import { labFromLch, labFromPixel, type Triple } from '../support/independent-model.js';

/** The samples below give 4 to 5 digits. */
const CLOSE = 1e-3;
/** Forms that hold the exact 8-bit numbers. */
const EXACT = 1e-12;
/** Hears what is given to culori to parse. */
const { seen } = vi.hoisted(() => ({ seen: vi.fn<(text: string) => void>() }));
vi.mock('culori/fn', async (importOriginal) => {
  const culori = await importOriginal<typeof import('culori/fn')>();
  const parse: typeof culori.parse = (text) => {
    seen(text);
    return culori.parse(text);
  };
  return { ...culori, parse };
});
beforeEach(() => seen.mockClear());

function expectNear(css: string, want: Triple, tolerance: number): void {
  const { oklab } = parseColor(css);
  oklab.forEach((x, i) => {
    expect(Math.abs(x - (want[i] as number)), `${css}: ${oklab}`).toBeLessThanOrEqual(tolerance);
  });
}

const RED = labFromPixel([255, 0, 0]);
const GREEN = labFromPixel([0, 128, 0]);
const BLUE = labFromPixel([0, 0, 255]);
const WHITE = labFromPixel([255, 255, 255]);

describe('parseColor reads', () => {
  it.each([
    'red',
    'RED',
    ' Red ',
    '#f00',
    '#F00',
    '#f00f',
    '#ff0000',
    '#FF000080',
    'rgb(255,0,0)',
    'rgba(255, 0, 0, .5)',
  ])('names, hex and legacy rgb: %s', (css) => expectNear(css, RED, EXACT));

  it.each([
    'rgb(255 0 0)',
    'RGB(255 0 0 / 50%)',
    'rgba(255 0 0 / 0)',
    'rgb(100% 0% 0%)',
    'rgb(100%, 0%, 0%)',
    'rgb(255 none none)',
    'rgb(+255 0 0 / none)',
    'rgb(\n255\t0 0)',
  ])('modern rgb: %s', (css) => expectNear(css, RED, EXACT));

  it.each([
    'hsl(120,100%,25%)',
    'hsl(120deg 100% 25%)',
    'hsl(0.33333333turn 100% 25%)',
    'hsl(133.333333grad 100% 25%)',
    'hsl(2.0943951rad 100% 25%)',
    'hsl(-240 100 25 / 0.4)',
    'hsla(480, 100%, 25%, 0.2)',
    'hwb(120 0% 50%)',
    'hwb(120deg 0 50 / none)',
  ])('hsl and hwb: %s', (css) => expectNear(css, labFromPixel([0, 127.5, 0]), 1e-6));

  it.each([
    'lab(54.29 80.81 69.89)',
    'lab(54.29% 64.65% 55.91%)',
    'lch(54.29 106.84 40.85)',
    'lch(54.29% 71.23% 40.85deg / 0.3)',
    'oklab(0.628 0.2249 0.1258)',
    'oklab(62.8% 56.22% 31.46%)',
    'oklch(0.628 0.2577 29.23)',
    'oklch(62.8% 64.42% 29.23deg)',
    'OKLCH(62.8% 0.2577 0.0811944turn)',
  ])('lab, lch, oklab, oklch: %s', (css) => expectNear(css, RED, CLOSE));

  it.each([
    'color(srgb 1 0 0)',
    'color(srgb 100% 0% 0% / 0.5)',
    'color(SRGB 1 none none)',
    'color(srgb-linear 1 0 0)',
    'color(display-p3 0.91749 0.20029 0.13856)',
    'color(display-p3-linear 0.82246 0.03319 0.01708)',
    'color(a98-rgb 0.85859 0 0)',
    'color(prophoto-rgb 0.70225 0.27572 0.10355)',
    'color(rec2020 0.79198 0.23098 0.07376)',
    'color(xyz 0.41239 0.21264 0.01933)',
    'color(xyz-d65 0.41239 0.21264 0.01933)',
    'color(xyz-d50 0.43607 0.22249 0.01393)',
  ])('color(): %s', (css) => expectNear(css, RED, CLOSE));

  it.each(['srgb', 'srgb-linear', 'display-p3', 'display-p3-linear', 'a98-rgb', 'prophoto-rgb', 'rec2020'])(
    'white in color(%s 1 1 1)',
    (space) => expectNear(`color(${space} 1 1 1)`, WHITE, CLOSE),
  );

  it('every kind of name', () => {
    expectNear('green', GREEN, EXACT);
    expectNear('rebeccapurple', labFromPixel([102, 51, 153]), EXACT);
    expectNear('LightGoldenrodYellow', labFromPixel([250, 250, 210]), EXACT);
    expectNear('transparent', [0, 0, 0], EXACT);
  });

  it('alpha without using it', () => expect(parseColor('#ff000000')).toEqual(parseColor('red')));

  it('OKLCH without a detour', () => expectNear('oklch(0.7 0.1 50)', labFromLch(0.7, 0.1, 50), EXACT));
});

describe('out of range', () => {
  it.each([
    ['rgb(300 -5 0)', RED],
    ['rgb(1e999 0 0)', RED],
    ['hsl(0 -50% 50%)', labFromPixel([127.5, 127.5, 127.5])],
    ['hwb(0 80% 80%)', labFromPixel([127.5, 127.5, 127.5])],
    ['oklch(1.5 0 0)', [1, 0, 0] as Triple],
    ['oklch(0.7 -0.1 50)', [0.7, 0, 0] as Triple],
    ['lab(150 0 0)', WHITE],
  ])('%s is clamped as CSS has it', (css, want) => expectNear(css, want, 1e-6));

  it.each(['hsl(1e400 50% 50%)', 'hwb(-1e400 0% 0%)', 'oklch(0.5 0.1 1e400)', 'color(xyz 1e999 0 0)'])(
    '%s is no color',
    (css) => {
      expect(messageOf('INVALID_COLOR', () => parseColor(css))).toContain(css);
    },
  );

  it.each([
    ['oklch(70% 100 50)', 'did a % get lost?'],
    ['oklch(0.7 1.6 0)', 'did a % get lost?'],
    ['oklab(70% 20 -30)', 'did a % get lost?'],
    ['oklab(0.5 1e200 1e200)', 'did a % get lost?'],
    ['oklch(0.2 1e6 180)', 'did a % get lost?'],
    ['color(srgb 255 0 0)', 'components run from 0 to 1'],
    ['color(xyz 1e30 0 0)', 'components run from 0 to 1'],
    ['color(display-p3 210 105 30)', 'components run from 0 to 1'],
    ['lab(50 5000 0)', 'in lab() a and b run from -125 to 125'],
    ['lch(50 5000 0)', 'in lch() a chroma of 100% is 150'],
  ])('%s is far from every display, and the error says what was meant perhaps', (css, meaning) => {
    const message = messageOf('INVALID_COLOR', () => parseColor(css));
    expect(message).toContain(css);
    expect(message).toContain(meaning);
    expect(message.length).toBeLessThan(200);
  });

  it.each([
    'oklch(0.7 1.5 0)',
    'oklab(1 -1.5 1.5)',
    'color(prophoto-rgb 0 1 0)',
    'color(rec2020 0 0 1)',
    'lab(100 125 -125)',
  ])('%s is not so far', (css) => expect(parseColor(css).oklab.every((x) => Math.abs(x) <= 1.5)).toBe(true));

  it('color() keeps what lies outside sRGB', () => {
    expectNear('color(display-p3 0 0 1)', labFromPixel([0, 0, 255], 'display-p3'), EXACT);
    expect(parseColor('color(display-p3 0 1 0)').oklab[1]).toBeLessThan(parseColor('lime').oklab[1]);
    expect(parseColor('color(srgb 1.2 -0.2 0)').oklab).not.toEqual(parseColor('red').oklab);
  });
});

describe('powerless hue', () => {
  it.each([
    'white',
    'black',
    '#808080',
    'oklch(0.7 0 50)',
    'oklch(0.7 0.1 none)',
    'lch(50 30 none)',
    'hsl(none 40% 50%)',
    'hwb(none 10% 10%)',
  ])('%s has none', (css) => expect(parseColor(css).powerlessHue).toBe(true));
  it.each(['red', '#808081', 'oklch(0.7 0.001 50)', 'oklch(none 0.1 50)', 'lab(50 20 none)'])('%s has one', (css) =>
    expect(parseColor(css).powerlessHue).toBe(false),
  );
  it('a missing component counts as 0', () => {
    expectNear('oklch(0.7 0.1 none)', [0.7, 0.1, 0], EXACT);
    expectNear('rgb(none none 255)', BLUE, EXACT);
  });
});

describe('parseColor refuses', () => {
  const refuse = (input: unknown): ColorshineError => {
    try {
      parseColor(input);
    } catch (error) {
      expect(error).toBeInstanceOf(ColorshineError);
      expect((error as ColorshineError).code).toBe('INVALID_COLOR');
      expect((error as ColorshineError).message).not.toContain('\n');
      expect((error as ColorshineError).message.length).toBeLessThan(200);
      return error as ColorshineError;
    }
    throw new Error(`expected ${String(input)} to be refused`);
  };

  it.each([
    '',
    '   ',
    'notacolor',
    'currentcolor',
    'none',
    'inherit',
    'red blue',
    'red;',
    '#',
    '#12',
    '#12345',
    '#1234567',
    '#ggg',
    'rgb()',
    'rgb(1 2)',
    'rgb(1,2)',
    'rgb(255,0 0)',
    'rgb(1,2,3,)',
    'rgb(255 0 0 0)',
    'rgb (255 0 0)',
    'rgb(none,2,3)',
    'rgb(10%,20,30)',
    'hsl(0 0)',
    'lab(50)',
    'color(srgb 1 0)',
    'color(foo 1 2 3)',
    'color(--hsv 1 1 1)',
    'hsv(0 1 1)',
    'constructor',
    '__proto__',
    'toString',
    '0xff0000',
    'rgb(calc(1) 0)',
    'red\u0000',
    'url(#x)',
    '\u{1f534}',
  ])('%j', (css) => {
    expect(refuse(css).message).toContain('expected a CSS color');
  });

  it.each([
    [undefined],
    [null],
    [42],
    [Number.NaN],
    [true],
    [[]],
    [['red']],
    [{}],
    [Symbol('red')],
    [12n],
    [() => 'red'],
  ])('what is not text: %s', (value) => {
    refuse(value);
  });

  it.each(['f00', '123', 'bed', 'ff0000'])('hex digits without #: %s', (css) => {
    expect(refuse(css).code).toBe('INVALID_COLOR');
  });

  it('quotes the input', () => expect(refuse('bleu').message).toContain('"bleu"'));

  it('129 characters, before any parser sees them', () => {
    const { message } = refuse(`rgb(${' '.repeat(122)}1 1)`);
    expect(message).toContain('at most 128 characters, got 130');
    expect(seen).not.toHaveBeenCalled();
    expectNear(`rgb(${' '.repeat(116)}255 0 0)`, RED, EXACT); // 128
    expect(seen).toHaveBeenCalledOnce();
  });

  // culori's time grows with a high power of the length, so no parser gets more than 128 characters, whatever it is.
  it.each([
    `rgb(${'d,'.repeat(61)}d)`,
    `rgb(${'d,'.repeat(62)}d)`,
    `rgb(${'d,'.repeat(50_000)}d)`,
    `rgb(${'1'.repeat(124)}`,
    `rgba(${`${'1'.repeat(28)},`.repeat(4)}x`,
    `rgba(${`${'1'.repeat(2800)},`.repeat(4)}x`,
    `#${'f'.repeat(127)}`,
    `${'('.repeat(128)}`,
    `${'('.repeat(129)}`,
    `color(${'-'.repeat(121)})`,
    `oklch(${'e'.repeat(121)})`,
    `${'1e'.repeat(64)}`,
    `${'1e'.repeat(65)}`,
    `${' '.repeat(100_000)}x`,
    `lab(${'.'.repeat(123)})`,
  ])('hostile text with little work: %.12s...', (css) => {
    refuse(css);
    const lengths = seen.mock.calls.map(([text]) => text.length);
    expect(lengths.length).toBeLessThanOrEqual(1);
    expect(Math.max(0, ...lengths)).toBeLessThanOrEqual(128);
  });

  it('numbers that overflow', () => {
    refuse('color(xyz 1e999 0 0)');
    refuse(`color(srgb ${'9'.repeat(40)}e300 0 0)`);
  });
});

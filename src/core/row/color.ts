import type { Color } from 'culori';
import {
  converter,
  modeA98,
  modeHsl,
  modeHwb,
  modeLab,
  modeLch,
  modeLrgb,
  modeOklab,
  modeOklch,
  modeP3,
  modeProphoto,
  modeRec2020,
  modeRgb,
  modeXyz50,
  modeXyz65,
  parse,
  useMode,
} from 'culori/fn';
import { LMS_FROM_LINEAR_P3, LMS_FROM_LINEAR_SRGB, type Matrix3 } from '../color/matrices.js';
import { oklabFromLinear, oklabFromXyz, type Triple } from '../color/oklab.js';
import { POWERLESS_CHROMA } from '../color/powerless.js';
import { linearFromEncoded } from '../color/srgb.js';
import { ColorshineError, quote } from '../errors.js';
import { MAX_COLOR_LENGTH, OKLAB_RANGE } from '../options.js';
import { plainCss } from './plain-css.js';
import { tokenPathOf, unresolvedToken } from './token-reference.js';

/** A CSS color where the model works. */
export interface TargetColor {
  /** L from 0 to 1, a and b; not limited to a gamut. */
  readonly oklab: Triple;
  /** True when the hue is `none` or the chroma too small to have one. */
  readonly powerlessHue: boolean;
}

/** CSS has a linear Display P3, culori's parser has not: it is read as `srgb-linear`, whose syntax is the same. */
const LINEAR_P3 = /^color\(\s*display-p3-linear\s/;

/** Only the spaces that CSS names: culori has 30, and bundles hold what is registered. */
for (const mode of [
  modeRgb,
  modeHsl,
  modeHwb,
  modeLab,
  modeLch,
  modeOklab,
  modeOklch,
  modeLrgb,
  modeP3,
  modeA98,
  modeProphoto,
  modeRec2020,
  modeXyz50,
  modeXyz65,
]) {
  useMode(mode as typeof modeRgb);
}

/**
 * The old syntax with commas. culori's patterns for it may split a run of digits anywhere, so that text which is nearly a color
 * takes them 145 ms; this one cannot.
 */
const WITH_COMMAS = /^(?:rgb|hsl)a?\(\s*NUMBER\s*,\s*NUMBER\s*,\s*NUMBER\s*(?:,\s*NUMBER\s*)?\)$/.source.replaceAll(
  'NUMBER',
  /[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?(?:%|deg|grad|rad|turn)?/.source,
);
const LEGACY = new RegExp(WITH_COMMAS);

/** culori takes hex digits without #, CSS does not: `123` or `bed` is somebody's slip. No color name has this form. */
const BARE_HEX = /^[0-9a-f]+$/;

const toRgb = converter('rgb');
const toXyz = converter('xyz65');

/**
 * Any CSS Color 4 color to Oklab. Alpha is ignored. Colors outside sRGB are kept as they are; only results are mapped.
 *
 * culori reads the syntax; the way to Oklab is ours, because culori's Oklab matrices are older than CSS Color 4's.
 *
 * @throws INVALID_COLOR, also for colors far from every display; UNKNOWN_TOKEN for a `{token.path}`, which design tokens must have resolved before
 */
export function parseColor(text: unknown): TargetColor {
  if (typeof text !== 'string') throw unknownColor(text);
  const trimmed = text.trim();
  const path = tokenPathOf(trimmed);
  if (path !== undefined) throw unresolvedToken(path, 'color: ');
  if (trimmed.length > MAX_COLOR_LENGTH) {
    throw new ColorshineError(
      'INVALID_COLOR',
      `color: expected at most ${MAX_COLOR_LENGTH} characters, got ${trimmed.length}: ${quote(trimmed)}`,
    );
  }
  const css = plainCss(trimmed.toLowerCase()).trim();
  const color = readCss(css);
  const oklab = color && toOklab(color, LINEAR_P3.test(css) ? LMS_FROM_LINEAR_P3 : LMS_FROM_LINEAR_SRGB);
  if (!color || !oklab?.every(Number.isFinite)) throw unknownColor(text);
  if (!isNearDisplays(oklab)) throw farColor(color, trimmed);
  const [, a, b] = oklab;
  return { oklab, powerlessHue: hasNoneHue(color) || Math.sqrt(a * a + b * b) < POWERLESS_CHROMA };
}

/** Whether Oklab L, a, b are such that a row's color may have them. */
export function isNearDisplays(oklab: readonly number[]): boolean {
  return oklab.every((value) => value >= OKLAB_RANGE.min && value <= OKLAB_RANGE.max);
}

/**
 * A color as a recipe may hold it: any CSS color, or a `{token.path}` to be resolved later.
 *
 * @returns the text without the space around it
 * @throws INVALID_COLOR
 */
export function checkColor(text: unknown): string {
  if (tokenPathOf(text) === undefined) parseColor(text);
  return (text as string).trim();
}

function isInfinite(value: unknown): boolean {
  return value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;
}

/** culori's parser throws a TypeError on some strings it does not know; for the caller that is "unknown" too. */
function readCss(text: string): Color | undefined {
  if (BARE_HEX.test(text) || (text.includes(',') && !LEGACY.test(text))) return undefined;
  try {
    const color = parse(text.replace(LINEAR_P3, 'color(srgb-linear '));
    // A hue of 1e400 has no direction. What rgb() takes is limited below.
    if (color && color.mode !== 'rgb' && Object.values(color).some(isInfinite)) return undefined;
    // A saturation below 0 counts as 0 in CSS; culori would turn it into the opposite hue.
    if (color?.mode === 'hsl') return { ...color, s: Math.max(0, color.s ?? 0) };
    // rgb() is limited to the sRGB gamut by CSS, color(srgb ...) is not; culori gives both the mode `rgb`.
    if (color?.mode === 'rgb' && text.startsWith('rgb')) {
      return { ...color, r: clampUnit(color.r), g: clampUnit(color.g), b: clampUnit(color.b) };
    }
    return color;
  } catch {
    return undefined;
  }
}

/** A missing component (`none`) counts as 0, as CSS Color 4 has it. @returns undefined for a space that CSS does not name */
function toOklab(color: Color, linearToLms: Matrix3): Triple | undefined {
  switch (color.mode) {
    case 'oklab':
      return [color.l ?? 0, color.a ?? 0, color.b ?? 0];
    case 'oklch': {
      const hue = ((color.h ?? 0) * Math.PI) / 180;
      return [color.l ?? 0, (color.c ?? 0) * Math.cos(hue), (color.c ?? 0) * Math.sin(hue)];
    }
    case 'p3':
      return fromEncoded(color, LMS_FROM_LINEAR_P3);
    case 'rgb':
    case 'hsl':
    case 'hwb':
      return fromEncoded(toRgb(color), LMS_FROM_LINEAR_SRGB);
    case 'lrgb':
      return oklabFromLinear(color.r ?? 0, color.g ?? 0, color.b ?? 0, linearToLms);
    case 'lab':
    case 'lch':
    case 'xyz50':
    case 'xyz65':
    case 'a98':
    case 'prophoto':
    case 'rec2020': {
      const xyz = toXyz(color);
      return oklabFromXyz(xyz.x ?? 0, xyz.y ?? 0, xyz.z ?? 0);
    }
    default:
      return undefined;
  }
}

function fromEncoded(c: { r?: number; g?: number; b?: number }, toLms: Matrix3): Triple {
  return oklabFromLinear(linearFromEncoded(c.r ?? 0), linearFromEncoded(c.g ?? 0), linearFromEncoded(c.b ?? 0), toLms);
}

function hasNoneHue(color: Color): boolean {
  return (
    (color.mode === 'oklch' || color.mode === 'lch' || color.mode === 'hsl' || color.mode === 'hwb') &&
    color.h === undefined
  );
}

function clampUnit(x: number | undefined): number {
  return Math.min(1, Math.max(0, x ?? 0));
}

function unknownColor(value: unknown): ColorshineError {
  return new ColorshineError(
    'INVALID_COLOR',
    `color: expected a CSS color such as red, #ff6b35 or oklch(70% 0.1 50), got ${quote(value)}`,
  );
}

function farColor({ mode }: Color, text: string): ColorshineError {
  const { min, max } = OKLAB_RANGE;
  return new ColorshineError(
    'INVALID_COLOR',
    `color: expected Oklab components from ${min} to ${max}, got ${quote(text)}; ${likelyMeaning(mode)}`,
  );
}

/** What somebody who wrote such a color may have got wrong. */
function likelyMeaning(mode: Color['mode']): string {
  switch (mode) {
    case 'oklab':
    case 'oklch':
      return `did a % get lost? In ${mode}() 100% is 0.4`;
    case 'lab':
      return 'in lab() a and b run from -125 to 125';
    case 'lch':
      return 'in lch() a chroma of 100% is 150';
    default:
      return 'in color() components run from 0 to 1';
  }
}

import type { ComponentSpace } from '../core/color/components.js';
import { quote } from '../core/errors.js';
import { nearestWord } from '../core/options.js';
import { parseColor } from '../core/row/color.js';
import { tokenError } from './token-error.js';
import { isTree, own, type Tree } from './tree.js';

type Range = readonly [number, number];

const UNIT: Range = [0, 1];
const PERCENT: Range = [0, 100];
const FREE: Range = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
const CHROMA: Range = [0, Number.POSITIVE_INFINITY];
/** XYZ of the D65 white is 1.089 in Z, and colors beyond it are rare but lawful. */
const XYZ: Range = [-0.5, 2];
/** What exporters' rounding may add to a range's end. */
const RANGE_SLACK = 1e-3;

/** The color spaces of the Design Tokens color module 2025.10, the ranges of their components and how CSS writes them. */
const SPACES: Readonly<
  Record<string, { readonly ranges: readonly [Range, Range, Range]; readonly css: (c: readonly string[]) => string }>
> = {
  srgb: rgbSpace('srgb'),
  'srgb-linear': rgbSpace('srgb-linear'),
  'display-p3': rgbSpace('display-p3'),
  'a98-rgb': rgbSpace('a98-rgb'),
  'prophoto-rgb': rgbSpace('prophoto-rgb'),
  rec2020: rgbSpace('rec2020'),
  'xyz-d65': { ranges: [XYZ, XYZ, XYZ], css: (c) => `color(xyz-d65 ${c.join(' ')}` },
  'xyz-d50': { ranges: [XYZ, XYZ, XYZ], css: (c) => `color(xyz-d50 ${c.join(' ')}` },
  hsl: { ranges: [FREE, PERCENT, PERCENT], css: ([h, s, l]) => `hsl(${h} ${percent(s)} ${percent(l)}` },
  hwb: { ranges: [FREE, PERCENT, PERCENT], css: ([h, w, b]) => `hwb(${h} ${percent(w)} ${percent(b)}` },
  lab: { ranges: [PERCENT, FREE, FREE], css: (c) => `lab(${c.join(' ')}` },
  lch: { ranges: [PERCENT, CHROMA, FREE], css: (c) => `lch(${c.join(' ')}` },
  oklab: { ranges: [UNIT, FREE, FREE], css: (c) => `oklab(${c.join(' ')}` },
  oklch: { ranges: [UNIT, CHROMA, FREE], css: (c) => `oklch(${c.join(' ')}` },
};

function rgbSpace(name: string) {
  return { ranges: [UNIT, UNIT, UNIT] as const, css: (c: readonly string[]) => `color(${name} ${c.join(' ')}` };
}

/**
 * A color object `{ colorSpace, components, alpha?, hex? }` as CSS. A space that is not known falls back to `hex`.
 *
 * @throws INVALID_TOKENS
 */
export function cssOfColorObject(value: Tree, file: string, path: string): string {
  const space = own(value, 'colorSpace');
  const components = own(value, 'components');
  const hex = own(value, 'hex');
  if (hex !== undefined && (typeof hex !== 'string' || !/^#[\da-f]{6}$/i.test(hex))) {
    throw tokenError(file, path, `hex: expected #rrggbb, got ${quote(hex)}`);
  }
  const alpha = readAlpha(own(value, 'alpha'), file, path);
  const known = typeof space === 'string' && Object.hasOwn(SPACES, space) ? SPACES[space] : undefined;
  if (!known) {
    if (hex !== undefined && typeof space === 'string') return withAlpha(hex as string, alpha);
    const hint = typeof space === 'string' ? `; did you mean ${nearestWord(space, Object.keys(SPACES))}?` : '';
    throw tokenError(
      file,
      path,
      `colorSpace: expected a color space such as srgb or oklch, got ${quote(space)}${hint}`,
    );
  }
  if (!Array.isArray(components) || components.length !== 3) {
    throw tokenError(file, path, `components: expected three numbers or "none", got ${quote(components)}`);
  }
  const texts = components.map((component: unknown, i) => {
    if (component === 'none') return 'none';
    const [min, max] = known.ranges[i] as Range;
    if (typeof component !== 'number' || !Number.isFinite(component)) {
      throw tokenError(file, path, `components: expected three numbers or "none", got ${quote(components)}`);
    }
    if (component < min - RANGE_SLACK || component > max + RANGE_SLACK) {
      throw tokenError(
        file,
        path,
        `components: expected ${describeRange(min, max)} at position ${i + 1} of ${space}, got ${component}`,
      );
    }
    return shortNumber(Math.min(max, Math.max(min, component)));
  });
  if (space === 'srgb' && isExactly(components, hex)) return withAlpha((hex as string).toLowerCase(), alpha);
  return `${known.css(texts)}${alpha === 1 ? '' : ` / ${shortNumber(alpha)}`})`;
}

/**
 * A CSS color string, checked.
 *
 * @throws INVALID_TOKENS
 */
export function cssOfString(text: string, file: string, path: string): string {
  const trimmed = text.trim();
  if (isCssColor(trimmed)) return trimmed;
  throw tokenError(
    file,
    path,
    `expected a color such as #0969da or an alias such as {color.brand}, got ${quote(text)}`,
  );
}

export function isCssColor(text: string): boolean {
  if (text.startsWith('{')) return false;
  try {
    parseColor(text);
    return true;
  } catch {
    return false;
  }
}

/** RGB with components from 0 to 1, as Figma writes it: a hex color where it is one, else the full numbers. */
export function cssOfFigmaColor(value: unknown, file: string, path: string): string {
  if (!isTree(value)) throw tokenError(file, path, `expected a color {r, g, b}, got ${quote(value)}`);
  const rgb = ['r', 'g', 'b'].map((key) => own(value, key));
  if (!rgb.every((x) => typeof x === 'number' && x >= -RANGE_SLACK && x <= 1 + RANGE_SLACK)) {
    throw tokenError(file, path, `expected r, g, b from 0 to 1, got ${quote(value)}`);
  }
  return cssOfUnitRgb(rgb as number[], readAlpha(own(value, 'a'), file, path));
}

/** 1 for a missing one. @throws INVALID_TOKENS unless it is a number from 0 to 1 */
function readAlpha(alpha: unknown, file: string, path: string): number {
  if (alpha === undefined) return 1;
  if (typeof alpha === 'number' && alpha >= 0 && alpha <= 1) return alpha;
  throw tokenError(file, path, `alpha: expected a number from 0 to 1, got ${quote(alpha)}`);
}

function cssOfUnitRgb(rgb: readonly number[], alpha: number): string {
  const codes = rgb.map((x) => Math.min(255, Math.max(0, x * 255)));
  // Figma stores float32: a hex color comes back with an error around 1e-5 of a code.
  const isHex = codes.every((code) => Math.abs(code - Math.round(code)) < 0.002);
  if (!isHex) {
    const components = rgb.map((x) => shortNumber(Math.min(1, Math.max(0, x)))).join(' ');
    return `color(srgb ${components}${alpha === 1 ? '' : ` / ${shortNumber(alpha)}`})`;
  }
  return withAlpha(`#${codes.map((code) => Math.round(code).toString(16).padStart(2, '0')).join('')}`, alpha);
}

/** Components as `componentsOf` gives them. */
export function cssOfComponents(space: ComponentSpace, components: readonly number[]): string {
  if (space === 'srgb') return cssOfUnitRgb(components, 1);
  const [a = '', b = '', c = ''] = components.map(shortNumber);
  if (space === 'p3') return `color(display-p3 ${a} ${b} ${c})`;
  if (space === 'lch') return `lch(${a} ${b} ${c})`;
  return `hsl(${a} ${components
    .slice(1)
    .map((x) => `${shortNumber(100 * x)}%`)
    .join(' ')})`;
}

/** Puts an alpha (0 to 1) into a CSS color, replacing its own. */
export function withAlpha(css: string, alpha: number): string {
  if (alpha === 1) return css;
  const hex = /^#([\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/i.exec(css)?.[1];
  if (hex !== undefined) {
    const full = hex.length < 6 ? [...hex].map((digit) => digit + digit).join('') : hex;
    const [r, g, b] = [0, 2, 4].map((at) => Number.parseInt(full.slice(at, at + 2), 16));
    return `rgb(${r} ${g} ${b} / ${shortNumber(alpha)})`;
  }
  const [, name, body] = /^([a-z]+)\(([^/,()]+)(?:\/[^()]*)?\)$/i.exec(css) ?? [];
  if (name !== undefined) return `${name}(${body?.trim()} / ${shortNumber(alpha)})`;
  // Named colors and the old comma syntax, which has no place for a separate alpha.
  const [L, a, b] = parseColor(css).oklab;
  return `oklab(${[L, a, b].map(shortNumber).join(' ')} / ${shortNumber(alpha)})`;
}

/** True when the hex fallback says the same as the components, which are often rounded: then it reads better. */
function isExactly(components: readonly unknown[], hex: unknown): boolean {
  if (typeof hex !== 'string') return false;
  return components.every((component, i) => {
    const code = Number.parseInt(hex.slice(1 + 2 * i, 3 + 2 * i), 16);
    return typeof component === 'number' && Math.abs(component * 255 - code) < 0.5;
  });
}

/** Six digits after the point: finer than 16 bits, and the longest color stays under the core's length limit. */
function shortNumber(x: number): string {
  return String(Number(x.toFixed(6)));
}

function percent(text: string | undefined): string {
  return text === 'none' ? 'none' : `${text}%`;
}

function describeRange(min: number, max: number): string {
  return Number.isFinite(max) ? `a number from ${min} to ${max}` : `a number from ${min}`;
}

/** The only home of defaults, ranges and value checks: recipe, library, CLI and plugin all call these. */
import { ColorshineError, type ErrorCode, quote } from './errors.js';
import type { Blend, Channels } from './types.js';

export const TOLERANCE_RANGE = { min: 0, max: 100 } as const;
export const STRENGTH_RANGE = { min: 0, max: 200 } as const;
/** Of a fixed reach: a distance in Oklab, where black and white are 1 apart. */
export const REACH_RANGE = { min: 0, max: 1 } as const;
/**
 * Of the L, a and b of a row's colors: far beyond every display, near enough that float32 distances tell neighbors apart. What
 * lies outside is a slip, such as a forgotten %.
 */
export const OKLAB_RANGE = { min: -1.5, max: 1.5 } as const;
/** Above this many rows a recipe is refused: nobody means it, and time grows with it. */
export const MAX_ROWS = 64;
/**
 * Longer color strings are refused before any parser sees them: a hostile one took culori 73 s, one of this length takes it
 * 35 ms. Programs write up to 115: `color(prophoto-rgb` with four numbers of 17 digits.
 */
export const MAX_COLOR_LENGTH = 128;
/** Token paths are longer than colors; nothing parses them but a look-up. */
export const MAX_TOKEN_REFERENCE_LENGTH = 256;

export const DEFAULT_CHANNELS: Channels = { luminance: true, saturation: true, hue: true };
/** What a new row starts with in the plugin; the command line always spells them out. */
export const DEFAULT_TOLERANCE = 50;
export const DEFAULT_STRENGTH = 70;

/** How far a palette recipe goes: 0 keeps the picture, 100 brings it onto the palette, 200 flattens it. */
export const HOW_FAR_RANGE = { min: 0, max: 200 } as const;
export const DEFAULT_HOW_FAR = 100;
/** Rows of a palette recipe: more than a person wants to read. */
export const MAX_PALETTE_ROWS = 10;

/** How attractors blend; the first is the default. */
export const BLENDS = ['oklch', 'oklab'] as const satisfies readonly Blend[];

/** What looks and new recipes of the window start with: on photographs no foreign hues between two colors, and less grain. */
export const LOOK_BLEND: Blend = 'oklab';

/** Threads that an image may use. */
export const THREADS_RANGE = { min: 1, max: 256 } as const;
/** `gpu` is webgpu in Node, webgl2 or webgpu in a browser, whichever is faster there. */
export const BACKENDS = ['auto', 'js', 'wasm', 'gpu'] as const;
export type BackendChoice = (typeof BACKENDS)[number];
/** `lut` is approximate, the others are exact. */
export const STRATEGIES = ['auto', 'table', 'direct', 'lut'] as const;
export type StrategyChoice = (typeof STRATEGIES)[number];
/** Between the nodes of a 3D lookup table. */
export const INTERPOLATIONS = ['tetrahedral', 'trilinear'] as const;
export type Interpolation = (typeof INTERPOLATIONS)[number];
export const DEFAULT_INTERPOLATION: Interpolation = 'tetrahedral';
/** Nodes on one axis of a 3D lookup table: a grid has at least its corners; 129 is the finest that is built here. */
export const LUT_SIZE_RANGE = { min: 2, max: 129 } as const;
export const DEFAULT_LUT_SIZE = 33;

/** @throws INVALID_TOLERANCE, quoting the input and the range */
export function checkTolerance(value: unknown): number {
  return checkNumber(value, 'tolerance', TOLERANCE_RANGE, 'INVALID_TOLERANCE');
}

/** @throws INVALID_STRENGTH, quoting the input and the range */
export function checkStrength(value: unknown): number {
  return checkNumber(value, 'strength', STRENGTH_RANGE, 'INVALID_STRENGTH');
}

/** A fixed reach, or `auto`. @throws INVALID_REACH, quoting the input and the range */
export function checkReach(value: unknown): number | 'auto' {
  if (value === 'auto') return value;
  return checkNumber(value, 'reach', REACH_RANGE, 'INVALID_REACH');
}

/** @throws INVALID_OPTION */
export function checkBlend(value: unknown): Blend {
  return value === undefined ? BLENDS[0] : checkChoice(value, 'blend', BLENDS);
}

/** A finite number in a closed range. */
export function checkNumber(
  value: unknown,
  name: string,
  range: { readonly min: number; readonly max: number },
  code: ErrorCode = 'INVALID_OPTION',
): number {
  if (typeof value === 'number' && value >= range.min && value <= range.max) return value;
  throw new ColorshineError(code, `${name}: expected a number from ${range.min} to ${range.max}, got ${quote(value)}`);
}

/** A whole number in a closed range. */
export function checkInteger(
  value: unknown,
  name: string,
  range: { readonly min: number; readonly max: number },
  code: ErrorCode = 'INVALID_OPTION',
): number {
  if (Number.isInteger(value)) return checkNumber(value, name, range, code);
  throw new ColorshineError(
    code,
    `${name}: expected a whole number from ${range.min} to ${range.max}, got ${quote(value)}`,
  );
}

/**
 * A plain decimal number as a person types it: digits with an optional point and sign. `1e3`, `0x10`, `NaN` and
 * the empty string are refused, because in a recipe they are slips.
 *
 * @returns NaN when the text is not such a number
 */
export function parseDecimal(text: string): number {
  return /^[+-]?(\d{1,12}(\.\d{0,324})?|\.\d{1,324})$/.test(text) ? Number(text) : Number.NaN;
}

/**
 * The shortest plain decimal that `parseDecimal` reads as the very same number; `String` writes small ones with an exponent.
 *
 * @param value 0 or more, below 10^12; at most 324 digits follow the point
 */
export function formatDecimal(value: number): string {
  const [digits = '', exponent] = String(value).split('e-');
  if (exponent === undefined) return digits;
  return `0.${'0'.repeat(Number(exponent) - 1)}${digits.replace('.', '')}`;
}

/** Fills in defaults. @throws INVALID_CHANNELS for a non-boolean, an unknown name, or all channels off */
export function checkChannels(value: unknown): Channels {
  if (value === undefined) return DEFAULT_CHANNELS;
  const given = checkObject(value, 'channels', Object.keys(DEFAULT_CHANNELS), 'INVALID_CHANNELS');
  const channels = { ...DEFAULT_CHANNELS };
  for (const name of Object.keys(DEFAULT_CHANNELS) as (keyof Channels)[]) {
    const flag = given[name];
    if (flag === undefined) continue;
    if (typeof flag !== 'boolean') {
      throw new ColorshineError('INVALID_CHANNELS', `${name}: expected true or false, got ${quote(flag)}`);
    }
    channels[name] = flag;
  }
  if (!channels.luminance && !channels.saturation && !channels.hue) {
    throw new ColorshineError(
      'INVALID_CHANNELS',
      'channels: expected at least one of luminance, saturation, hue to be on, got all off',
    );
  }
  return channels;
}

/** One of a fixed set of words. */
export function checkChoice<T extends string>(
  value: unknown,
  name: string,
  choices: readonly T[],
  code: ErrorCode = 'INVALID_OPTION',
): T {
  if (choices.includes(value as T)) return value as T;
  throw new ColorshineError(code, `${name}: expected one of ${choices.join(', ')}, got ${quote(value)}`);
}

/** Text of a form. @param expected the form in words */
export function checkText(value: unknown, name: string, form: RegExp, expected: string, code: ErrorCode): string {
  if (typeof value === 'string' && form.test(value)) return value;
  throw new ColorshineError(code, `${name}: expected ${expected}, got ${quote(value)}`);
}

/** A list of bounded length; its items are not looked at. */
export function checkList(
  value: unknown,
  name: string,
  { min, max }: { readonly min: number; readonly max: number },
  code: ErrorCode,
): readonly unknown[] {
  if (Array.isArray(value) && value.length >= min && value.length <= max) return value;
  const given = Array.isArray(value) ? `one of ${value.length}` : quote(value);
  throw new ColorshineError(code, `${name}: expected a list of ${min} to ${max}, got ${given}`);
}

/** A plain object that holds only known keys; an unknown key's error names the nearest known one. */
export function checkObject(
  value: unknown,
  name: string,
  knownKeys: readonly string[],
  code: ErrorCode,
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ColorshineError(code, `${name}: expected an object, got ${quote(value)}`);
  }
  for (const key of Object.keys(value)) {
    if (knownKeys.includes(key)) continue;
    throw new ColorshineError(
      code,
      `${name}: unknown key ${quote(key)}; did you mean ${quote(nearestWord(key, knownKeys))}? Known: ${knownKeys.join(', ')}`,
    );
  }
  return value as Readonly<Record<string, unknown>>;
}

/** The known word with the smallest edit distance (Levenshtein). @param words at least one */
export function nearestWord(word: string, words: readonly string[]): string {
  const from = word.slice(0, 40).toLowerCase();
  let best = words[0] ?? '';
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of words) {
    const distance = editDistance(from, candidate.slice(0, 80).toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

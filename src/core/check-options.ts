/** What a call's options may be: one table a call, beside its type, which the compiler holds it to. */
import { ColorshineError, quote } from './errors.js';
import { checkChoice, checkInteger, checkNumber, checkObject } from './options.js';

/** @throws INVALID_OPTION, naming the option, what it takes and what was given */
export type Check = (value: unknown, name: string) => unknown;

export type Checks<T> = { readonly [K in keyof T]-?: Check };

/**
 * Checks the options of a call: an object, known names, good values. Undefined ones are as though they were not there.
 *
 * @param place `''` for the call itself; else the name of the option that holds these, such as `lut`
 * @throws INVALID_OPTION; an unknown name's error names the nearest known one
 */
export function checkOptions<T>(given: T, checks: Checks<T>, place = ''): void {
  const known = checks as Readonly<Record<string, Check>>;
  const options = checkObject(given, place || 'options', Object.keys(known), 'INVALID_OPTION');
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined) known[name]?.(value, place ? `${place}.${name}` : name);
  }
}

interface Range {
  readonly min: number;
  readonly max: number;
}

/** A whole number in a closed range. */
export function whole(range: Range): Check {
  return (value, name) => checkInteger(value, name, range);
}

/** A finite number in a closed range. */
export function within(range: Range): Check {
  return (value, name) => checkNumber(value, name, range);
}

/** One of a fixed set of words, or of numbers. */
export function oneOf(choices: readonly (string | number)[]): Check {
  return (value, name) => checkChoice(value, name, choices as readonly string[]);
}

/** Options of their own. */
export function nested<T>(checks: Checks<T>): Check {
  return (value, name) => checkOptions(value as T, checks, name);
}

/** An object that some call gave, told by what it must have. @param what for the error: `an engine (createEngine)` */
export function having(member: string, what: string): Check {
  return expecting(what, (value) => typeof value === 'object' && value !== null && member in value);
}

/** What only our own calls give. */
export const anything: Check = (value) => value;
export const flag = expecting('true or false', (value) => typeof value === 'boolean');
export const text = expecting('text', (value) => typeof value === 'string' && value !== '');
export const callback = expecting('a function', (value) => typeof value === 'function');
export const cancelSignal = having('aborted', 'an AbortSignal');

/** What no other check says. @param what for the error: `a path or a list of paths` */
export function expecting(what: string, isGood: (value: unknown) => boolean): Check {
  return (value, name) => {
    if (isGood(value)) return value;
    throw new ColorshineError('INVALID_OPTION', `${name}: expected ${what}, got ${quote(value)}`);
  };
}

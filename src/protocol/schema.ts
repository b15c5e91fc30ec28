/** Validators in a few lines each: a check takes anything and returns it typed, or throws with the path of the fault. */
import { RpcError } from './errors.js';

/** Returns a value it has checked. @throws RpcError BAD_MESSAGE that names the place and what was expected */
export type Check<T> = (value: unknown, path: string) => T;
export type Infer<C> = C extends Check<infer T> ? T : never;

type Shape = Readonly<Record<string, Check<unknown>>>;
type OptionalKeys<S extends Shape> = { [K in keyof S]: undefined extends Infer<S[K]> ? K : never }[keyof S];
/** What an object check gives: keys whose check allows undefined are optional. */
type Fields<S extends Shape> = { readonly [K in Exclude<keyof S, OptionalKeys<S>>]: Infer<S[K]> } & {
  readonly [K in OptionalKeys<S>]?: Infer<S[K]>;
};
/** Flattens an intersection, so that editors show plain fields. */
type Flat<T> = { readonly [K in keyof T]: T[K] };

/** Plain data, as JSON has it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

function fail(path: string, expected: string, value: unknown): never {
  const given = value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value;
  throw new RpcError('BAD_MESSAGE', `${path}: expected ${expected}, got ${given}`);
}

/** Text of at most `max` UTF-16 units. */
export const text =
  (max = 10_000): Check<string> =>
  (value, path) =>
    typeof value === 'string' && value.length <= max ? value : fail(path, `text of at most ${max} characters`, value);

/** A finite number in a closed range. */
export const number =
  (min = -Number.MAX_VALUE, max = Number.MAX_VALUE): Check<number> =>
  (value, path) =>
    typeof value === 'number' && value >= min && value <= max
      ? value
      : fail(path, `a number from ${min} to ${max}`, value);

/** A whole number in a closed range. */
export const integer =
  (min: number, max: number): Check<number> =>
  (value, path) =>
    Number.isInteger(value) ? number(min, max)(value, path) : fail(path, 'a whole number', value);

export const flag: Check<boolean> = (value, path) =>
  typeof value === 'boolean' ? value : fail(path, 'true or false', value);

/** The only binary type that Figma's messages carry unharmed. */
export const bytes: Check<Uint8Array> = (value, path) =>
  value instanceof Uint8Array ? value : fail(path, 'a Uint8Array', value);

export const oneOf =
  <const T extends string>(...words: readonly T[]): Check<T> =>
  (value, path) =>
    words.includes(value as T) ? (value as T) : fail(path, words.join(' or '), value);

export const list =
  <T>(item: Check<T>, max = 100_000): Check<readonly T[]> =>
  (value, path) =>
    Array.isArray(value) && value.length <= max
      ? value.map((one, i) => item(one, `${path}[${i}]`))
      : fail(path, `a list of at most ${max}`, value);

export const optional =
  <T>(check: Check<T>): Check<T | undefined> =>
  (value, path) =>
    value === undefined ? undefined : check(value, path);

export const nullable =
  <T>(check: Check<T>): Check<T | null> =>
  (value, path) =>
    value === null ? null : check(value, path);

/** An object with these keys and no other. */
export function object<S extends Shape>(shape: S): Check<Flat<Fields<S>>> {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail(path, 'an object', value);
    const given = value as Readonly<Record<string, unknown>>;
    const known = Object.keys(shape);
    for (const key of Object.keys(given)) {
      if (!known.includes(key)) throw new RpcError('BAD_MESSAGE', `${path}: unknown key ${key.slice(0, 40)}`);
    }
    const checked: Record<string, unknown> = {};
    for (const key of known) {
      const field = (shape[key] as Check<unknown>)(given[key], `${path}.${key}`);
      if (field !== undefined) checked[key] = field;
    }
    return checked as Flat<Fields<S>>;
  };
}

/** An object used as a dictionary; `__proto__` is refused as a key. */
export function record<T>(item: Check<T>): Check<Readonly<Record<string, T>>> {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail(path, 'an object', value);
    const checked: Record<string, T> = {};
    for (const [key, one] of Object.entries(value)) {
      if (key === '__proto__') return fail(path, 'ordinary keys', value);
      checked[key] = item(one, `${path}.${key}`);
    }
    return checked;
  };
}

/** Any JSON value, at most 20 levels deep. */
export const json: Check<Json> = (value, path) => checkJson(value, path, 20);

function checkJson(value: unknown, path: string, depth: number): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (depth === 0) return fail(path, 'shallower data', value);
  if (Array.isArray(value)) return value.map((one, i) => checkJson(one, `${path}[${i}]`, depth - 1));
  if (typeof value !== 'object' || value instanceof Uint8Array) return fail(path, 'plain data', value);
  return record((one, place) => checkJson(one, place, depth - 1))(value, path);
}

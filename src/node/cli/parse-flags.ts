/** The one reader of flags; which there are stands in flags.ts and project-flags.ts. */
import { existsSync } from 'node:fs';
import { ColorshineError, quote } from '../../core/errors.js';
import { checkInteger, checkNumber, nearestWord, parseDecimal } from '../../core/options.js';

/** One command-line flag. The tables of flags are the only source for parsing and for the help. */
export interface Flag {
  readonly name: string;
  readonly kind: 'boolean' | 'number' | 'text';
  readonly short?: string;
  /** Other spellings, without dashes. Underscores and letter case never matter. */
  readonly aliases?: readonly string[];
  /** Placeholder of the value in the help. */
  readonly value?: string;
  readonly help: string;
  /** True for flags whose off form is the interesting one, so that the help shows `--no-name`. */
  readonly defaultsOn?: boolean;
  readonly choices?: readonly string[];
  /** In place of `choices`: what a text stands for. @throws INVALID_OPTION */
  readonly read?: (text: string, name: string) => unknown;
  /** Of a number: a whole one, unless it is a `fraction`. */
  readonly range?: { readonly min: number; readonly max: number };
  readonly fraction?: boolean;
  /** May be given more than once: the values are joined by commas. */
  readonly repeats?: boolean;
}

type ValueOf<F extends Flag> = F extends { read: (...args: never[]) => infer V }
  ? V
  : F extends { choices: readonly (infer C)[] }
    ? C
    : { boolean: boolean; number: number; text: string }[F['kind']];
type CamelCase<S extends string> = S extends `${infer A}-${infer B}` ? `${A}${Capitalize<CamelCase<B>>}` : S;

/** What was typed for some flags, by their names in camel case. */
export type FlagValues<F extends readonly Flag[]> = {
  readonly [K in F[number] as CamelCase<K['name']>]?: ValueOf<K>;
};

/** What a command line gave: only flags that were typed. */
export interface ParsedFlags<F extends readonly Flag[]> {
  readonly values: FlagValues<F>;
  readonly positionals: readonly string[];
}

/** The name under which a flag's value stands: `outDir`. */
export function valueName(name: string): string {
  return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Some flags of a table. */
export function pickFlags<F extends Flag, N extends F['name']>(
  flags: readonly F[],
  ...names: readonly N[]
): Extract<F, { name: N }>[] {
  return flags.filter((flag): flag is Extract<F, { name: N }> => (names as readonly string[]).includes(flag.name));
}

/**
 * Parses arguments as people type them for either tool: `--tile_size=512`, `--tile-size 512`, `--gpu=True`,
 * `--gpu False`, `--no-hue`, `--nohue`, `-o FILE`, `-vq`. Everything after `--` is positional.
 *
 * @throws INVALID_OPTION for an unknown flag (names the nearest), a missing or bad value
 */
export function parseFlags<const F extends readonly Flag[]>(args: readonly string[], flags: F): ParsedFlags<F> {
  const values: Record<string, unknown> = {};
  const positionals: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string;
    if (arg === '--') {
      positionals.push(...args.slice(i + 1));
      break;
    }
    if (arg === '-' || !arg.startsWith('-') || /^-[\d.>]/.test(arg)) {
      positionals.push(arg);
      continue;
    }
    for (const { flag, negated, text } of readToken(arg, flags)) {
      if (flag.kind === 'boolean') {
        const next = args[i + 1];
        const hasOwnWord = text === undefined && next !== undefined && /^(true|false)$/i.test(next);
        if (hasOwnWord) i++;
        const on = readBoolean(hasOwnWord ? next : text, flag);
        values[valueName(flag.name)] = negated ? !on : on;
      } else {
        const given = text ?? args[++i];
        if (given === undefined)
          throw new ColorshineError('INVALID_OPTION', `--${flag.name}: expected a value, got none`);
        const value = readValue(given, flag);
        const before = flag.repeats ? values[valueName(flag.name)] : undefined;
        values[valueName(flag.name)] = before === undefined ? value : `${before},${value}`;
      }
    }
  }
  return { values: values as FlagValues<F>, positionals };
}

interface Token {
  readonly flag: Flag;
  readonly negated: boolean;
  readonly text?: string;
}

function readToken(arg: string, flags: readonly Flag[]): Token[] {
  if (!arg.startsWith('--')) return readShort(arg, flags);
  const equals = arg.indexOf('=');
  const typed = equals < 0 ? arg : arg.slice(0, equals);
  const text = equals < 0 ? undefined : arg.slice(equals + 1);
  const name = normalize(typed.slice(2));
  const flag = flags.find((f) => f.name === name || f.aliases?.includes(name));
  if (flag) return [{ flag, negated: false, ...(text !== undefined && { text }) }];
  const positive = name.replace(/^no-?/, '');
  const negatable = name.startsWith('no') ? flags.find((f) => f.kind === 'boolean' && f.name === positive) : undefined;
  if (negatable) return [{ flag: negatable, negated: true, ...(text !== undefined && { text }) }];
  throw unknownFlag(typed, name, flags);
}

function readShort(arg: string, flags: readonly Flag[]): Token[] {
  const tokens: Token[] = [];
  for (let i = 1; i < arg.length; i++) {
    const flag = flags.find((f) => f.short === arg[i]);
    if (!flag) throw unknownFlag(arg, arg.slice(1), flags);
    const rest = arg.slice(i + 1).replace(/^=/, '');
    if (flag.kind !== 'boolean' && rest) return [...tokens, { flag, negated: false, text: rest }];
    tokens.push({ flag, negated: false });
  }
  return tokens;
}

/** `--Output_Image` and `--output-image` are one flag. */
function normalize(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}

function readBoolean(text: string | undefined, flag: Flag): boolean {
  if (text === undefined || /^(true|1|yes|on)$/i.test(text)) return true;
  if (/^(false|0|no|off)$/i.test(text)) return false;
  throw new ColorshineError('INVALID_OPTION', `--${flag.name}: expected True or False, got ${quote(text)}`);
}

function readValue(text: string, flag: Flag): unknown {
  if (flag.kind === 'number') {
    const value = parseDecimal(text);
    if (Number.isFinite(value)) {
      const check = flag.fraction ? checkNumber : checkInteger;
      return flag.range ? check(value, `--${flag.name}`, flag.range) : value;
    }
    throw new ColorshineError('INVALID_OPTION', `--${flag.name}: expected a number, got ${quote(text)}`);
  }
  if (text === '') throw new ColorshineError('INVALID_OPTION', `--${flag.name}: expected a value, got ""`);
  if (flag.choices && !flag.choices.includes(text)) {
    throw new ColorshineError(
      'INVALID_OPTION',
      `--${flag.name}: expected one of ${flag.choices.join(', ')}, got ${quote(text)}`,
    );
  }
  return flag.read ? flag.read(text, `--${flag.name}`) : text;
}

function unknownFlag(typed: string, name: string, flags: readonly Flag[]): ColorshineError {
  if (existsSync(typed)) {
    return new ColorshineError('INVALID_OPTION', `unknown option ${quote(typed)}; the file of that name is ./${typed}`);
  }
  const nearest = nearestWord(
    name,
    flags.map((f) => f.name),
  );
  return new ColorshineError('INVALID_OPTION', `unknown option ${quote(typed)}; did you mean --${nearest}?`);
}

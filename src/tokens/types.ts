import type { ComponentSpace } from '../core/color/components.js';
import type { ColorshineError } from '../core/errors.js';

/** A token file's text and the name that errors give it. */
export interface TokenSource {
  /** Its name, as errors give it. */
  readonly file: string;
  /** Its content: JSON. */
  readonly text: string;
  /** Colors of other files that `$ref` names, by the path as it stands there, or why they are not to be had. */
  readonly others?: OtherFiles;
}

export type OtherFiles = ReadonlyMap<string, TokenColors | ColorshineError>;

export type TokenFormat = 'dtcg' | 'tokens-studio' | 'style-dictionary' | 'figma-variables' | 'resolver';

/** A token's value before aliases are followed. */
export type RawValue =
  | { readonly kind: 'color'; readonly css: string }
  | { readonly kind: 'alias'; readonly to: string }
  /** A color whose alpha is set apart: Figma's composed colors, Tokens Studio's `rgba({a.b}, 0.5)`. */
  | { readonly kind: 'faded'; readonly base: RawValue; readonly alpha: number }
  /** Tokens Studio's color modifiers. */
  | { readonly kind: 'modified'; readonly base: RawValue; readonly modifier: Modifier }
  /** What cannot be read, although it should be a color: an error where it is used. */
  | { readonly kind: 'unreadable'; readonly error: ColorshineError }
  /** A token of another type; kept so that a color that points at it can be told why it is wrong. */
  | { readonly kind: 'other'; readonly type: string };

/** What Tokens Studio does to a color. */
export interface Modifier {
  readonly type: 'lighten' | 'darken' | 'mix' | 'alpha';
  readonly space: ComponentSpace;
  /** 0 to 1. */
  readonly amount: number;
  /** Of a mix: what is mixed in. */
  readonly color?: RawValue;
}

export interface RawToken {
  readonly path: string;
  readonly file: string;
  readonly value: RawValue;
  /** What the file says it is; an alias without a type takes that of its target. */
  readonly type: 'color' | 'other' | undefined;
}

/** Something a user chooses one mode of: a Figma collection, a theme group. Independent of the others. */
export interface Dimension {
  readonly name: string;
  /** At least two; the first is the default. */
  readonly modes: readonly string[];
}

/** Tokens that hold together. Later layers override earlier ones, path by path. */
export interface Layer {
  readonly tokens: ReadonlyMap<string, RawToken>;
  /** The choices under which it counts; undefined: always. */
  readonly activeIn?: readonly { readonly dimension: string; readonly mode: string }[];
}

/** What one file holds. */
export interface TokenFile {
  readonly format: TokenFormat;
  readonly dimensions: readonly Dimension[];
  readonly layers: readonly Layer[];
}

/** A file that was read already, by a reader outside of this folder. */
export interface ReadTokenSource extends TokenFile {
  readonly file: string;
}

/** Design tokens. Plain data; ask it with `colorsOf`. */
export interface TokenSet {
  /** The files, in the order in which they override each other, and the format of each. */
  readonly files: readonly { readonly file: string; readonly format: TokenFormat }[];
  /** Names that `colorsOf` takes; empty when the files know no themes. */
  readonly themes: readonly string[];
  /** Independent choices, such as brand and mode, with the themes of each. */
  readonly dimensions: readonly Dimension[];
  /** What the files define, in order: later ones override earlier ones. */
  readonly layers: readonly Layer[];
}

/** Dotted path to a CSS color, in the order of the files. */
export interface TokenColors extends ReadonlyMap<string, string> {
  /** Tokens that should be colors and cannot be read, by their paths: each with what `colorAt` then throws. */
  readonly problems?: ReadonlyMap<string, ColorshineError>;
}

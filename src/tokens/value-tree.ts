import { quote } from '../core/errors.js';
import { tokenPathOf } from '../core/row/token-reference.js';
import { cssOfColorObject, cssOfString, isCssColor } from './color-value.js';
import { MAX_TOKENS } from './limits.js';
import { readModifier } from './modify.js';
import { orUnreadable, tokenError } from './token-error.js';
import { checkCount, checkPlace, isTree, joinPath, own, type Tree } from './tree.js';
import type { RawToken, RawValue } from './types.js';

export interface ValueTreeOptions {
  /** Tokens Studio's `$a.b` references and color modifiers. */
  readonly hasStudioSyntax?: boolean;
}

/**
 * A tree whose tokens are `{ value, type }` (Tokens Studio and Style Dictionary, with or without `$` before the keys), or
 * plain values (Style Dictionary's `json/nested` and `json/flat` output).
 *
 * @throws INVALID_TOKENS
 */
export function readValueTree(root: Tree, file: string, options: ValueTreeOptions = {}): Map<string, RawToken> {
  const tokens = new Map<string, RawToken>();
  const add = (path: string, value: RawValue, type: RawToken['type']): void => {
    checkPlace(0, file, path);
    checkCount(tokens.size + 1, MAX_TOKENS, 'tokens', file, path);
    tokens.set(path, { path, file, value, type });
  };
  const visit = (node: Tree, path: string, inherited: string | undefined, depth: number): void => {
    checkPlace(depth, file, path);
    const type = readType(node) ?? inherited;
    const value = Object.hasOwn(node, '$value') ? own(node, '$value') : own(node, 'value');
    if (value !== undefined && !(isTree(value) && isGroupNamedValue(node, value))) {
      const raw = orUnreadable(() => {
        const typed = readTyped(value, type, file, path, options);
        return options.hasStudioSyntax ? withModifier(typed, node, file, path) : typed;
      });
      add(path, raw, typeOf(type, raw));
      return;
    }
    for (const [name, child] of Object.entries(node)) {
      if (name.startsWith('$')) continue;
      const childPath = joinPath(path, name);
      if (isTree(child)) visit(child, childPath, type, depth + 1);
      else if (typeof child === 'string' && !isNote(name, node)) {
        const raw = readPlain(child);
        add(childPath, raw, raw.kind === 'alias' ? undefined : raw.kind === 'color' ? 'color' : 'other');
      }
    }
  };
  visit(root, '', undefined, 0);
  return tokens;
}

function readType(node: Tree): string | undefined {
  const type = own(node, '$type') ?? own(node, 'type');
  return typeof type === 'string' ? type : undefined;
}

/** A group may be called `value`; a token's value is a tree only for a color object or a composite with a type beside it. */
function isGroupNamedValue(node: Tree, value: Tree): boolean {
  return readType(node) === undefined && !Object.hasOwn(value, 'colorSpace');
}

/** `"type": "color"` and `"description": "red"` of a group are no tokens. */
function isNote(name: string, node: Tree): boolean {
  return name === 'description' || name === 'comment' || (name === 'type' && own(node, 'type') === 'color');
}

function readTyped(
  value: unknown,
  type: string | undefined,
  file: string,
  path: string,
  { hasStudioSyntax }: ValueTreeOptions,
): RawValue {
  const alias = readAlias(value, hasStudioSyntax);
  if (alias !== undefined) return { kind: 'alias', to: alias };
  if (type !== undefined && type !== 'color') return { kind: 'other', type };
  if (isTree(value) && Object.hasOwn(value, 'colorSpace')) {
    return { kind: 'color', css: cssOfColorObject(value, file, path) };
  }
  if (type === undefined) return typeof value === 'string' ? readPlain(value) : { kind: 'other', type: 'value' };
  if (typeof value !== 'string') throw tokenError(file, path, `expected a color, got ${quote(value)}`);
  const faded = readFaded(value, hasStudioSyntax);
  if (faded) return faded;
  if (/[{}]|^\$/.test(value)) {
    throw tokenError(
      file,
      path,
      `expected a color or one reference, got ${quote(value)}: math and mixed references are not computed; export resolved values`,
    );
  }
  return { kind: 'color', css: cssOfString(value, file, path) };
}

/** `{a.b}`, `{a.b.value}` as Style Dictionary wrote it for long, and Tokens Studio's `$a.b`. */
function readAlias(value: unknown, hasStudioSyntax: boolean | undefined): string | undefined {
  const path =
    tokenPathOf(value) ??
    (hasStudioSyntax && typeof value === 'string' ? /^\$([\w-]+(?:\.[\w-]+)*)$/.exec(value.trim())?.[1] : undefined);
  return path?.replace(/\.value$/, '');
}

/** `rgba({a.b}, 0.5)`, `hsla(#ff0000, 50%)`: a color or a reference in the place of the first three numbers. */
function readFaded(value: string, hasStudioSyntax: boolean | undefined): RawValue | undefined {
  const match = /^(?:rgb|hsl)a?\(\s*(\S.*?)\s*[,/]\s*(\d*\.?\d+)(%?)\s*\)$/i.exec(value.trim());
  const [, text = '', number, percent] = match ?? [];
  const alpha = Number(number) / (percent ? 100 : 1);
  if (!match || alpha > 1) return undefined;
  const to = readAlias(text, hasStudioSyntax);
  if (to !== undefined) return { kind: 'faded', base: { kind: 'alias', to }, alpha };
  return isCssColor(text) ? { kind: 'faded', base: { kind: 'color', css: text }, alpha } : undefined;
}

function readPlain(text: string): RawValue {
  const alias = readAlias(text, false);
  if (alias !== undefined) return { kind: 'alias', to: alias };
  const trimmed = text.trim();
  return isCssColor(trimmed) ? { kind: 'color', css: trimmed } : { kind: 'other', type: 'text' };
}

/** What the plugin's own rules make of a color: lighter, darker, mixed, or of another alpha. */
function withModifier(raw: RawValue, node: Tree, file: string, path: string): RawValue {
  const extensions = own(node, '$extensions');
  const studio = isTree(extensions) ? own(extensions, 'studio.tokens') : undefined;
  const modify = isTree(studio) ? own(studio, 'modify') : undefined;
  if (!isTree(modify) || raw.kind === 'other') return raw;
  const readColor = (value: unknown): RawValue => readTyped(value, 'color', file, path, { hasStudioSyntax: true });
  return { kind: 'modified', base: raw, modifier: readModifier(modify, file, path, readColor) };
}

function typeOf(type: string | undefined, value: RawValue): RawToken['type'] {
  if (type === 'color') return 'color';
  if (type !== undefined) return 'other';
  return value.kind === 'alias' ? undefined : value.kind === 'other' ? 'other' : 'color';
}

import { existsSync } from 'node:fs';
import { ColorshineError, quote } from '../../core/index.js';
import { colorsInGroup, colorsOf, groupsOf, hexOfColor, type TokenColors, type TokenSet } from '../../tokens/index.js';
import { loadTokens } from '../token-files.js';
import { TOKENS_FLAGS } from './flags.js';
import { parseFlags } from './parse-flags.js';
import { print, printJson } from './say.js';
import { createSwatch } from './swatch.js';
import { splitList } from './token-options.js';

/** More themes side by side would not fit a terminal: then only the first is shown. */
const MAX_COLUMNS = 4;

const FORMAT_NAMES = {
  dtcg: 'Design Tokens (DTCG)',
  'tokens-studio': 'Tokens Studio',
  'style-dictionary': 'Style Dictionary',
  'figma-variables': 'Figma variables',
  resolver: 'resolver document',
} as const;

/** `colorshine tokens`: the colors of token files, by group, with swatches, one column a theme. */
export async function runTokens(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseFlags(args, TOKENS_FLAGS);
  const { theme, group, json } = values;
  const files = [...positionals, ...splitList(values.tokens)];
  if (files.length === 0) {
    throw new ColorshineError('INVALID_OPTION', 'FILE: expected at least one token file, got 0');
  }
  const row = files.find((text) => text.includes(';') && !existsSync(text));
  if (row !== undefined) {
    throw new ColorshineError('INVALID_OPTION', `FILE: expected token files only, got ${quote(row)}`);
  }
  const tokens = await loadTokens(files);
  const pick = (name?: string): TokenColors => {
    const colors = colorsOf(tokens, name);
    return group === undefined ? colors : colorsInGroup(colors, group);
  };
  if (json) printJson(jsonOf(tokens, theme, pick(theme)));
  else print(formatTable(tokens, theme, pick));
  return 0;
}

function jsonOf(tokens: TokenSet, theme: string | undefined, colors: TokenColors): object {
  return {
    files: tokens.files,
    themes: tokens.themes,
    theme:
      tokens.themes.find((name) => name.toLowerCase() === theme?.toLowerCase()) ?? theme ?? tokens.themes[0] ?? null,
    groups: groupsOf(colors),
    colors: Object.fromEntries(colors),
    problems: Object.fromEntries([...(colors.problems ?? [])].map(([path, { message }]) => [path, message])),
  };
}

function formatTable(tokens: TokenSet, theme: string | undefined, pick: (theme?: string) => TokenColors): string {
  const showsAll = theme === undefined && tokens.themes.length <= MAX_COLUMNS;
  const names: (string | undefined)[] = showsAll && tokens.themes.length > 0 ? [...tokens.themes] : [theme];
  const columns = names.map((name) => pick(name));
  const paths = [...new Set(columns.flatMap((colors) => [...colors.keys()]))];
  const lines = tokens.files.map(({ file, format }) => `${file}: ${FORMAT_NAMES[format]}`);
  lines.push(countLine(paths.length, tokens, theme ?? (showsAll ? undefined : tokens.themes[0])));
  if (paths.length > 0) lines.push(...colorLines(columns, names, paths));
  const problems = new Set(
    columns.flatMap((colors) => [...(colors.problems?.values() ?? [])].map(({ message }) => message)),
  );
  if (problems.size > 0)
    lines.push('', `Cannot be read: ${problems.size}`, ...[...problems].map((line) => `  ${line}`));
  return lines.join('\n');
}

function colorLines(
  columns: readonly TokenColors[],
  names: readonly (string | undefined)[],
  paths: readonly string[],
): string[] {
  const lines: string[] = [];
  const rows = paths.map((path) => columns.map((colors) => colors.get(path)));
  const swatch = createSwatch();
  const swatchWidth = swatch('#000') === '' ? 0 : 3;
  const widths = columns.map((_, c) =>
    Math.max(names[c]?.length ?? 0, ...rows.map((row) => label(row[c], columns.length === 1).length)),
  );
  const nameWidth = Math.max(...paths.map((path) => splitPath(path)[1].length));
  if (columns.length > 1) {
    const heads = names.map((name, c) => (name ?? '').padEnd((widths[c] as number) + swatchWidth));
    lines.push('', `${' '.repeat(nameWidth + 4)}${heads.join('  ').trimEnd()}`);
  }
  let group: string | undefined;
  paths.forEach((path, i) => {
    const [parent, name] = splitPath(path);
    if (parent !== group) {
      if (group !== undefined || columns.length === 1) lines.push('');
      if (parent !== '') lines.push(parent);
      group = parent;
    }
    const cells = (rows[i] as (string | undefined)[]).map((css, c) =>
      css === undefined
        ? ' '.repeat(swatchWidth + (widths[c] as number))
        : swatch(css) + label(css, columns.length === 1).padEnd(widths[c] as number),
    );
    lines.push(`  ${name.padEnd(nameWidth)}  ${cells.join('  ').trimEnd()}`);
  });
  return lines;
}

function countLine(count: number, { themes }: TokenSet, shown: string | undefined): string {
  const colors = `${count} color${count === 1 ? '' : 's'}`;
  if (themes.length === 0) return colors;
  return `${colors}, themes: ${themes.map((name) => (name === shown ? `${name} (shown)` : name)).join(', ')}`;
}

/** The hex color that a screen shows; where there is room also the color as written, if that says more. */
function label(css: string | undefined, hasRoom: boolean): string {
  if (css === undefined) return '';
  const hex = hexOfColor(css);
  return hasRoom && css.toLowerCase() !== hex ? `${hex}  ${css}` : hex;
}

function splitPath(path: string): [string, string] {
  const at = path.lastIndexOf('.');
  return at < 0 ? ['', path] : [path.slice(0, at), path.slice(at + 1)];
}

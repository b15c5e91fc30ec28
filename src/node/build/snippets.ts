/** HTML and CSS made from a manifest: outputs by color scheme, format and width. */
import { posix } from 'node:path';
import { ColorshineError, quote } from '../../core/index.js';
import { nearestWord } from '../../core/options.js';
import type { SnippetOptions } from './config-shape.js';
import type { Manifest, ManifestOutput, ManifestSource } from './manifest.js';

/** Smallest files first: a browser takes the first format that it knows. */
const FORMAT_ORDER = ['avif', 'webp', 'png', 'jpeg', 'gif', 'tiff'];
/** What every browser shows; the last of a `<picture>` is one of these if there is one. */
const FALLBACK_ORDER = ['jpeg', 'png', 'gif', 'webp', 'avif', 'tiff'];

interface Schemes {
  readonly light: string;
  /** Undefined when there is one theme only. */
  readonly dark: string | undefined;
}

/**
 * A page part with a `<picture>` for each source and build, in the manifest's order.
 *
 * @param file where it will lie, from the root: URLs start there unless `options.base` is given
 * @throws INVALID_CONFIG for a theme that no output has
 */
export function formatPictures(manifest: Manifest, options: SnippetOptions, file: string): string {
  const schemes = chooseSchemes(manifest, options);
  const parts = groupsOf(manifest).map((group) => formatPicture(group, schemes, options, file));
  return `${parts.join('\n\n')}\n`;
}

/**
 * Custom properties with the picture of each source, and the dark ones under prefers-color-scheme.
 *
 * @param file as for `formatPictures`
 * @throws INVALID_CONFIG for a theme that no output has
 */
export function formatCss(manifest: Manifest, options: SnippetOptions, file: string): string {
  const { light, dark } = chooseSchemes(manifest, options);
  const groups = groupsOf(manifest);
  const names = nameProperties(groups);
  const rules = (theme: string, indent: string): string[] =>
    groups.flatMap((group, i) => {
      const outputs = group.outputs.filter((output) => output.theme === theme);
      const value = formatImageSet(outputs, options, file);
      return value === undefined ? [] : [`${indent}${names[i]}: ${value};`];
    });
  const lines = [':root {', ...rules(light, '  '), '}'];
  const darkRules = dark === undefined ? [] : rules(dark, '    ');
  if (darkRules.length > 0)
    lines.push('', '@media (prefers-color-scheme: dark) {', '  :root {', ...darkRules, '  }', '}');
  return `${lines.join('\n')}\n`;
}

interface Group {
  readonly source: ManifestSource;
  readonly build: string;
  readonly outputs: readonly ManifestOutput[];
}

/** A source's outputs by build: builds recolor differently, so they are different pictures. */
function groupsOf({ sources }: Manifest): Group[] {
  return sources.flatMap((source) => {
    const builds = [...new Set(source.outputs.map(({ build }) => build))];
    return builds.map((build) => ({
      source,
      build,
      outputs: source.outputs.filter((output) => output.build === build),
    }));
  });
}

function chooseSchemes({ sources }: Manifest, { light, dark }: SnippetOptions): Schemes {
  const themes = [...new Set(sources.flatMap(({ outputs }) => outputs.map(({ theme }) => theme)))];
  for (const [key, theme] of Object.entries({ light, dark })) {
    if (theme === undefined || themes.includes(theme) || themes.length === 0) continue;
    throw new ColorshineError(
      'INVALID_CONFIG',
      `snippets: ${key}: expected one of ${themes.join(', ')}, got ${quote(theme)}; did you mean ${nearestWord(theme, themes)}?`,
    );
  }
  const find = (word: string): string | undefined => themes.find((theme) => theme.toLowerCase() === word);
  const day = light ?? find('light') ?? themes.find((theme) => theme !== (dark ?? find('dark'))) ?? themes[0] ?? '';
  const night = dark ?? find('dark') ?? themes.find((theme) => theme !== day);
  return { light: day, dark: night === day ? undefined : night };
}

function formatPicture(
  { source, outputs }: Group,
  { light, dark }: Schemes,
  options: SnippetOptions,
  file: string,
): string {
  const lightOutputs = outputs.filter(({ theme }) => theme === light);
  const shown = lightOutputs.length > 0 ? lightOutputs : outputs;
  const fallback = chooseFallback(shown);
  const darkSources =
    dark === undefined
      ? []
      : formatSources(
          outputs.filter(({ theme }) => theme === dark),
          options,
          file,
        );
  const others = shown.filter(({ format }) => format !== fallback.format);
  const same = shown.filter(({ format }) => format === fallback.format);
  const image = formatTag('img', {
    src: urlOf(fallback, options, file),
    ...(same.length > 1 && setAttributes(same, options, file)),
    width: fallback.width,
    height: fallback.height,
    alt: options.alt[source.path] ?? '',
    loading: 'lazy',
    decoding: 'async',
  });
  const media = { media: '(prefers-color-scheme: dark)' };
  const sources = [
    ...darkSources.map((attributes) => ({ ...media, ...attributes })),
    ...formatSources(others, options, file),
  ];
  const lines = [...sources.map((attributes) => formatTag('source', attributes)), image];
  return ['<picture>', ...lines.map((line) => `  ${line}`), '</picture>'].join('\n');
}

type Attributes = Readonly<Record<string, string | number>>;

/** The one place where values become HTML: each is escaped, whatever it is. */
function formatTag(name: string, attributes: Attributes): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeHtml(String(value))}"`);
  return `<${name}${pairs.join('')}>`;
}

/** One `<source>`'s attributes for each format, smallest format first. */
function formatSources(outputs: readonly ManifestOutput[], options: SnippetOptions, file: string): Attributes[] {
  const formats = FORMAT_ORDER.filter((format) => outputs.some((output) => output.format === format));
  return formats.map((format) => ({
    type: `image/${format}`,
    ...setAttributes(
      outputs.filter((output) => output.format === format),
      options,
      file,
    ),
  }));
}

/** `srcset`, and `sizes` where there is more than one width. */
function setAttributes(outputs: readonly ManifestOutput[], options: SnippetOptions, file: string): Attributes {
  // Of several of a width (sizes beyond the image's own) the first, as in `src`.
  const widths = outputs.filter(({ width }, i) => outputs.findIndex((output) => output.width === width) === i);
  const several = widths.length > 1;
  const sorted = widths.sort((a, b) => a.width - b.width);
  const entries = sorted.map((output) => {
    const url = urlOf(output, options, file);
    return several ? `${url} ${output.width}w` : url;
  });
  return { srcset: entries.join(', '), ...(several && { sizes: options.sizes ?? '100vw' }) };
}

/** The widest picture of the format that most programs show. */
function chooseFallback(outputs: readonly ManifestOutput[]): ManifestOutput {
  const rank = ({ format }: ManifestOutput): number => FALLBACK_ORDER.indexOf(format);
  return [...outputs].sort((a, b) => rank(a) - rank(b) || b.width - a.width)[0] as ManifestOutput;
}

/** `image-set()` with the widest picture of each format; a plain `url()` where there is one only. */
function formatImageSet(outputs: readonly ManifestOutput[], options: SnippetOptions, file: string): string | undefined {
  const widest = FORMAT_ORDER.flatMap((format) => {
    const [output] = outputs.filter((one) => one.format === format).sort((a, b) => b.width - a.width);
    return output ? [output] : [];
  });
  if (widest.length === 0) return undefined;
  const urlIn = (output: ManifestOutput): string => `url(${quoteCss(urlOf(output, options, file))})`;
  if (widest.length === 1) return urlIn(widest[0] as ManifestOutput);
  return `image-set(${widest.map((output) => `${urlIn(output)} type(${quoteCss(`image/${output.format}`)})`).join(', ')})`;
}

/** `--image-hero` for hero.jpg; with its folders or its build where several have the name. */
function nameProperties(groups: readonly Group[]): string[] {
  const toWord = (text: string): string => text.replaceAll(/[^\p{L}\p{N}_-]+/gu, '-').replaceAll(/^-+|-+$/g, '');
  const plain = ({ source }: Group): string => posix.basename(source.path, posix.extname(source.path));
  const candidates = [
    plain,
    (group: Group) => `${group.build}-${plain(group)}`,
    ({ source }: Group) => source.path.slice(0, -posix.extname(source.path).length || undefined),
    (group: Group) => `${group.build}-${group.source.path}`,
  ];
  const find = candidates.find((name) => new Set(groups.map((group) => toWord(name(group)))).size === groups.length);
  if (find) return groups.map((group) => `--image-${toWord(find(group))}`);
  return groups.map((group, i) => `--image-${toWord(plain(group))}-${i + 1}`);
}

/** From the snippet's file, or after the base that the user gave; every part percent-encoded. */
function urlOf({ path }: ManifestOutput, { base }: SnippetOptions, file: string): string {
  const folder = posix.dirname(file);
  const encode = (way: string): string => way.split('/').map(encodeURIComponent).join('/');
  if (base === undefined) return encode(posix.relative(folder, path));
  // After a base paths start where the snippet lies, if the output is below it: dist/index.html names dist/a.webp by a.webp.
  const inside = posix.relative(folder, path);
  return `${base}${encode(inside.startsWith('..') ? path : inside)}`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A CSS string; no quote, backslash or line end gets through as itself. */
function quoteCss(text: string): string {
  const escaped = text.replaceAll(/["\\\n\r\f<]/g, (char) => `\\${(char.codePointAt(0) as number).toString(16)} `);
  return `"${escaped}"`;
}

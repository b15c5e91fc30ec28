/** imagetools' outputs where an import asks for several themes: apart, never in one `srcset` that would mix them. */
import { builtinOutputFormats, type ImageConfig, type OutputFormat } from 'vite-imagetools';
import { ColorshineError, quote } from '../../core/index.js';

type Formats = Readonly<Record<string, OutputFormat>>;

const BY_THEME: readonly string[] = ['srcset', 'img', 'picture'];
/** When a browser wants which of two themes. */
const MEDIA: Readonly<Record<string, string>> = {
  light: '(prefers-color-scheme: light)',
  dark: '(prefers-color-scheme: dark)',
};

/** Has `as=srcset` know the themes: `as=srcset:light;dark`. @param theme as in `theme=light;dark` */
export function tellThemes(query: URLSearchParams, theme: string | null): void {
  const as = query.get('as');
  if (as && theme?.includes(';') && BY_THEME.includes(as)) query.set('as', `${as}:${theme}`);
}

/** Theme by theme, as `splitThemes` expects them. */
export function sortByTheme(configs: readonly ImageConfig[], themes: readonly string[]): ImageConfig[] {
  return themes.flatMap((theme) => configs.filter((config) => String(config.theme ?? '') === theme));
}

/** @param formats imagetools' own, with what the project adds */
export function splitThemes(formats: Formats): Formats {
  const split = BY_THEME.map((name): [string, OutputFormat] => [
    name,
    (themes) => {
      const format = formats[name] ?? builtinOutputFormats.srcset;
      if (!themes || themes.length < 2) return format(themes);
      return (metadatas) => {
        const each = metadatas.length / themes.length;
        const parts = themes.map((_, i) => format()(metadatas.slice(i * each, (i + 1) * each)));
        if (name === 'picture') return joinPictures(themes, parts as readonly Picture[]);
        return Object.fromEntries(themes.map((theme, i) => [theme, parts[i]]));
      };
    },
  ]);
  return { ...formats, ...Object.fromEntries(split) };
}

interface Picture {
  /** A srcset by format. */
  readonly sources: Readonly<Record<string, string>>;
  readonly img: { readonly src?: string };
}
interface Source {
  readonly media?: string;
  readonly type?: string;
  readonly srcset: string;
}

/** One `<picture>`: the first theme is what a browser without wishes shows. */
function joinPictures(themes: readonly string[], pictures: readonly Picture[]): unknown {
  const sources = themes.map((theme, i): Source[] => {
    const { sources = {}, img = {} } = pictures[i] ?? {};
    const typed = Object.entries(sources).map(([format, srcset]) => ({ type: `image/${format}`, srcset }));
    if (i === 0) return typed;
    const media = MEDIA[theme];
    if (media === undefined) {
      throw new ColorshineError(
        'INVALID_OPTION',
        `theme: expected light and dark for as=picture, got ${quote(theme)}; as=srcset gives each theme its own`,
      );
    }
    // imagetools leaves a single image of the last format to <img>, which only the first theme has.
    const isListed = typed.some(({ srcset }) => img.src !== undefined && srcset.includes(img.src));
    const all: Source[] = isListed || img.src === undefined ? typed : [...typed, { srcset: img.src }];
    return all.map((source) => ({ media, ...source }));
  });
  // The first source that fits is taken, so those with a condition come first.
  return { sources: [...sources.slice(1), sources[0]].flat(), img: pictures[0]?.img };
}

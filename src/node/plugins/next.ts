/** Package entry `colorshine/next`. */
import { OUTPUT_EXTENSIONS } from '../image/format-names.js';
import type { ShineOptions } from './options.js';

export type { ShineOptions };

const LOADER = 'colorshine/loader';
const IMAGES = '*.{jpg,jpeg,png,webp,avif,gif}';

/** What is used of a Next configuration, version 16. */
interface NextConfig {
  readonly turbopack?: { readonly rules?: object };
  readonly webpack?: unknown;
}
interface WebpackConfig {
  readonly module: { readonly rules: unknown[] };
}

/**
 * A Next configuration in which `import hero from './hero.jpg?shine=brand.json&theme=dark'` gives a recolored image for `<Image>`,
 * in Turbopack and in webpack.
 *
 *     export default withColorshine({ tokens: 'tokens.json' }, { reactStrictMode: true });
 *
 * @param options plain JSON: Turbopack hands them to another process
 */
export function withColorshine<T extends object>(options: ShineOptions = {}, next: T = {} as T): T {
  const own: NextConfig = next;
  const loaders = [{ loader: LOADER, options }];
  // A file in another format has another name, from the start.
  const formats = Object.entries(OUTPUT_EXTENSIONS).map(([format, extension]) => ({
    condition: { all: [{ query: /[?&]shine(?:[=&]|$)/ }, { query: new RegExp(`[?&]format=${format}(?:&|$)`) }] },
    loaders,
    as: `*.${extension}`,
  }));
  const plain = { condition: { query: /^(?!.*[?&]format=).*[?&]shine(?:[=&]|$)/ }, loaders };
  const webpack = (config: WebpackConfig, context: unknown): unknown => {
    const rule = {
      test: /\.(?:jpe?g|png|webp|avif|gif)$/i,
      resourceQuery: /[?&]shine(?:[=&]|$)/,
      enforce: 'pre',
      use: loaders,
    };
    config.module.rules.push(rule);
    return typeof own.webpack === 'function' ? own.webpack(config, context) : config;
  };
  const rules = { ...own.turbopack?.rules, [IMAGES]: [plain, ...formats] };
  return { ...next, turbopack: { ...own.turbopack, rules }, webpack };
}

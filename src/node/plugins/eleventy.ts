/** Package entry `colorshine/eleventy`. */
import { copyFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { checkObject } from '../../core/options.js';
import { hashBytes } from '../build/job.js';
import { readInput } from '../files/input.js';
import { writeWhole } from '../files/output.js';
import { readOptions, type ShineOptions, type ShineSettings } from './options.js';
import { withPlainErrors } from './plain-error.js';
import { SHINE_FILTER, splitSpecifier } from './query.js';
import { openStudio, type Shined, type Studio } from './studio.js';
import { replaceSrcset } from './url-text.js';

export type { ShineOptions };

export interface EleventyOptions extends ShineOptions {
  /** Where finished images go in the output folder, and their URLs. Default `/img/`. */
  readonly urlPath?: string;
  /**
   * True where eleventy-img's transform plugin handles `<img>` as well: it is then given the finished file as its source, and
   * makes its sizes and formats of that. Default false.
   */
  readonly eleventyImage?: boolean;
}

/** What is used of Eleventy's configuration, version 3. */
interface EleventyConfig {
  readonly directories: { readonly input: string; readonly output: string };
  readonly htmlTransformer: {
    addPosthtmlPlugin(extensions: string, plugin: PosthtmlPlugin, options: { priority: number }): void;
  };
  addAsyncFilter(name: string, filter: (this: FilterContext, specifier: string) => Promise<string>): void;
  addWatchTarget(path: string): void;
}
interface FilterContext {
  readonly page?: { readonly inputPath?: string };
}
type PosthtmlPlugin = (context: { page: { inputPath: string } }) => (tree: PosthtmlTree) => Promise<PosthtmlTree>;
interface PosthtmlTree {
  walk(visit: (node: { attrs?: Record<string, string | undefined> }) => unknown): unknown;
}

const DEFAULT_URL_PATH = '/img/';
const URL_ATTRIBUTES = ['src', 'href', 'poster'] as const;

/**
 * Eleventy plugin: `<img src="./hero.jpg?shine=brand.json&theme=dark">` in any template becomes the recolored image. Paths start
 * from the template, with a slash before them from the input folder.
 *
 *     eleventyConfig.addPlugin(colorshine, { tokens: 'tokens.json' });
 *
 * Recoloring comes first and eleventy-img after it, since eleventy-img ignores what its own `transform` returns. The filter
 * `shine` gives the finished file's path to shortcodes that call eleventy-img.
 */
export default function colorshine(eleventyConfig: EleventyConfig, options: EleventyOptions = {}): void {
  const { urlPath = DEFAULT_URL_PATH, eleventyImage = false, ...own } = options;
  checkObject({ urlPath, eleventyImage }, 'colorshine plugin', ['urlPath', 'eleventyImage'], 'INVALID_OPTION');
  const settings = readOptions(own, process.cwd());
  const studio = openStudio(settings);
  const watched = new Set<string>();
  const watch = (files: readonly string[]): void => {
    for (const file of files) {
      if (watched.has(file)) continue;
      watched.add(file);
      eleventyConfig.addWatchTarget(`./${toUrl(relative(process.cwd(), file))}`);
    }
  };
  watch(studio.filesOf({ rows: [], words: [] }));
  const find = async (specifier: string, template: string): Promise<Shined> => {
    const shined = await shineFor(specifier, template, eleventyConfig.directories.input, studio, settings);
    watch([...shined.files, shined.image]);
    return shined;
  };

  eleventyConfig.addAsyncFilter('shine', async function (specifier) {
    const { file } = await find(specifier, this.page?.inputPath ?? join(eleventyConfig.directories.input, 'page'));
    return file;
  });

  eleventyConfig.htmlTransformer.addPosthtmlPlugin(
    'html',
    ({ page: { inputPath } }) =>
      async (tree) => {
        const place = async (url: string): Promise<string> => {
          const { file } = await find(url, inputPath);
          if (eleventyImage) return encodeURI(toUrl(relative(dirname(resolve(inputPath)), file)));
          return emit(file, eleventyConfig.directories.output, urlPath);
        };
        const work: Promise<void>[] = [];
        tree.walk((node) => {
          for (const name of URL_ATTRIBUTES) {
            const value = node.attrs?.[name];
            if (value && SHINE_FILTER.test(value)) work.push(place(value).then((url) => setAttribute(node, name, url)));
          }
          const srcset = node.attrs?.srcset;
          if (srcset && SHINE_FILTER.test(srcset)) {
            work.push(replaceSrcset(srcset, place).then((value) => setAttribute(node, 'srcset', value)));
          }
          return node;
        });
        await Promise.all(work);
        return tree;
      },
    { priority: 1 }, // before eleventy-img's transform and the base path
  );
}

async function shineFor(
  specifier: string,
  template: string,
  inputDir: string,
  studio: Studio,
  settings: ShineSettings,
): Promise<Shined & { image: string }> {
  return withPlainErrors(async () => {
    const { path, query } = splitSpecifier(specifier.replaceAll('&amp;', '&'));
    const decoded = decodeURIComponent(path);
    const image = decoded.startsWith('/')
      ? resolve(settings.root, inputDir, `.${decoded}`)
      : resolve(dirname(template), decoded);
    const given = { image, specifier, importer: resolve(template) };
    return { ...(await studio.shine(given, await studio.locate(given, query))), image };
  });
}

/** Copies a finished file to the output under a name with its content's hash. @returns its URL */
async function emit(file: string, outputDir: string, urlPath: string): Promise<string> {
  const extension = extname(file);
  const hash = hashBytes(await readInput(file)).slice(0, 8);
  const name = `${basename(file, extension)}-${hash}${extension}`;
  await writeWhole(join(outputDir, urlPath, name), (temp) => copyFile(file, temp));
  return encodeURI(`${urlPath.replace(/\/?$/, '/')}${name}`);
}

function setAttribute(node: { attrs?: Record<string, string | undefined> }, name: string, value: string): void {
  if (node.attrs) node.attrs[name] = value;
}

function toUrl(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}

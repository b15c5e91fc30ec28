/** Package entry `colorshine/eleventy`. */
import { copyFile, readdir, readFile } from 'node:fs/promises';
import { basename, extname, join, relative, resolve, sep } from 'node:path';
import { flag, text } from '../../core/check-options.js';
import { hashBytes } from '../build/job.js';
import { readInput } from '../files/input.js';
import { writeWhole } from '../files/output.js';
import { encodeUrl, relativeUrl } from './find-file.js';
import { readOptions, type ShineOptions } from './options.js';
import { openStudio, type Shined } from './studio.js';
import { checkWritten, WRITTEN_TEXT } from './text/check-written.js';
import { findHtmlUrls } from './text/html.js';
import { replaceUrls } from './text/spans.js';

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
  transforms: Record<string, unknown>;
  addTransform(name: string, transform: (this: Context, content: string) => Promise<string>): void;
  addAsyncFilter(name: string, filter: (this: Context, specifier: string) => Promise<string>): void;
  addWatchTarget(path: string): void;
  on(event: 'eleventy.after', listen: (about: Written) => Promise<void>): void;
}
interface Context {
  readonly page?: { readonly inputPath?: string; readonly outputPath?: string | false };
}
interface Written {
  readonly runMode: string;
  readonly results: readonly { readonly outputPath: string | false; readonly content: unknown }[];
}

const NAME = 'colorshine';
const DEFAULT_URL_PATH = '/img/';

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
  text(urlPath, 'urlPath');
  flag(eleventyImage, 'eleventyImage');
  const settings = readOptions(own, process.cwd());
  const studio = openStudio(settings);
  const watched = new Set<string>();
  const watch = (file: string): void => {
    if (watched.has(file)) return;
    watched.add(file);
    eleventyConfig.addWatchTarget(`./${relative('', file).replaceAll(sep, '/')}`);
  };
  for (const file of studio.filesOf({ rows: [], words: [] })) watch(file);
  const find = (specifier: string, template: string): Promise<Shined> => {
    const inputDir = resolve(settings.root, eleventyConfig.directories.input);
    return studio.shineUrl(specifier, resolve(template), [inputDir], watch);
  };

  eleventyConfig.addAsyncFilter('shine', async function (specifier) {
    const template = this.page?.inputPath ?? join(eleventyConfig.directories.input, 'page');
    return (await find(specifier.replaceAll('&amp;', '&'), template)).file;
  });

  eleventyConfig.addTransform(NAME, async function (html) {
    const { inputPath = '', outputPath } = this.page ?? {};
    if (typeof outputPath !== 'string' || !outputPath.endsWith('.html')) return html;
    const place = async (url: string): Promise<string> => {
      const shined = await find(url, inputPath);
      if (eleventyImage) return relativeUrl(resolve(inputPath), shined.file);
      return (await emit(shined, eleventyConfig.directories.output, urlPath)) + shined.fragment;
    };
    return (await replaceUrls(html, findHtmlUrls, place)) ?? html;
  });
  // First: before eleventy-img's transform and the base path.
  const { [NAME]: first, ...rest } = eleventyConfig.transforms;
  eleventyConfig.transforms = { [NAME]: first, ...rest };

  eleventyConfig.on('eleventy.after', async ({ results, runMode }) => {
    const pages = new Map(results.map(({ outputPath, content }) => [resolve(outputPath || ''), content]));
    for (const [path, content] of pages) checkWritten(relative('', path), String(content));
    if (runMode !== 'build') return;
    const { output } = eleventyConfig.directories;
    for (const name of await readdir(output, { recursive: true })) {
      const path = resolve(output, name);
      if (WRITTEN_TEXT.test(name) && !pages.has(path)) checkWritten(relative('', path), await readFile(path));
    }
  });
}

/** Copies a finished file to the output under a name with its content's hash. @returns its URL */
async function emit({ file, name }: Shined, outputDir: string, urlPath: string): Promise<string> {
  const extension = extname(name);
  const hash = hashBytes(await readInput(file)).slice(0, 8);
  const output = `${basename(name, extension)}-${hash}${extension}`;
  await writeWhole(join(outputDir, urlPath, output), (temp) => copyFile(file, temp));
  return encodeURI(urlPath.replace(/\/?$/, '/')) + encodeUrl(output);
}

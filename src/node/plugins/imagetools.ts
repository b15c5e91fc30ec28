/** Package entry `colorshine/imagetools`: the directive `shine` for vite-imagetools. */
import type { Sharp } from 'sharp';
import type { Plugin } from 'vite';
import { type ImageConfig, imagetools, resolveConfigs, type TransformFactory } from 'vite-imagetools';
import { checkObject } from '../../core/options.js';
import { decodeEscapes } from '../../core/plain-text.js';
import type { Reading } from '../image/reading-options.js';
import { recolor } from '../recolor-sharp.js';
import { carryLook, readCarried } from './carried-look.js';
import { toRootPath } from './find-file.js';
import { sortByTheme, splitThemes, tellThemes } from './imagetools-themes.js';
import { readOptions, type ShineOptions } from './options.js';
import { isShineImport, SHINE_FILTER, type ShineQuery, splitSpecifier } from './query.js';
import { importOf, type ShineImport } from './shine-import.js';
import { openStudio, type Studio } from './studio.js';
import { ViteImports } from './vite-imports.js';
import { createVitePlugins } from './vite-plugins.js';

type VitePluginOptions = NonNullable<Parameters<typeof imagetools>[0]>;

export interface ImagetoolsOptions
  extends Omit<ShineOptions, 'cacheDir' | 'format' | 'quality' | 'dts' | keyof Reading> {
  /** What `imagetools()` takes. */
  readonly imagetools?: Partial<VitePluginOptions>;
}

/** The parameter that carries what a query's files say, by theme. imagetools' cache knows parameters and image bytes only. */
const LOOKS = 'shine-looks';

/** How images are read and written is imagetools' own affair. */
const OPTIONS: readonly (keyof ImagetoolsOptions)[] = ['recipe', 'tokens', 'theme', 'root'];

/** Ends the ids of modules. */
const END = 'colorshine';

/**
 * vite-imagetools with one more directive: `./hero.jpg?shine=brand.json&theme=light;dark&w=800&format=webp`. It runs before the
 * others. Use it in place of `imagetools()`.
 *
 * The recipe, with its tokens resolved, and the engine's version become part of the parameters that imagetools hashes, so a
 * changed token is never served from its cache; and the dev server reloads, since recipes and tokens are watched.
 */
export default function colorshineImagetools(options: ImagetoolsOptions = {}): Plugin[] {
  const { imagetools: theirs = {}, ...ours } = options;
  checkObject(ours, 'colorshine/imagetools', ['imagetools', ...OPTIONS], 'INVALID_OPTION');
  let { root } = readOptions(ours, process.cwd());
  let studio = openStudio(readOptions(ours, root));
  let imports: ViteImports;
  const watcher: Plugin = {
    name: 'colorshine:imagetools',
    enforce: 'pre',
    configResolved(config) {
      const settings = readOptions(ours, config.root);
      root = settings.root;
      imports = new ViteImports(config);
      studio = openStudio(settings, (file) => imports.mayRead(file));
    },
    resolveId: {
      filter: { id: SHINE_FILTER },
      async handler(source, importer) {
        if (!isShineImport(source)) return null;
        const { path, query } = splitSpecifier(source);
        const image = await this.resolve(path, importer, { skipSelf: true });
        if (!image || image.external) return null;
        const given = importOf(source, importer, image.id);
        // What a browser asks for is an id already; only what a file of the project says is looked up on the disk.
        const isWritten = imports.isWritten(importer);
        const asked = new URLSearchParams(query);
        if (isWritten) tellThemes(asked, asked.get('theme'));
        const id = `${given.image}?${endQuery(isWritten ? await rootFiles(given, asked, studio, root) : asked)}`;
        if (isWritten) imports.note(this, id, given, importer);
        return id;
      },
    },
    async load(id) {
      const { query } = splitSpecifier(id);
      const asked = new URLSearchParams(query);
      // Not by the filter: imagetools reads `%73hine` as `shine` too.
      if (!asked.has('shine') && !asked.has(LOOKS)) return null;
      const located = await locate(imports.check(this, id), asked, '', studio);
      for (const file of studio.filesOf(located)) this.addWatchFile(file);
      return null; // imagetools loads it
    },
  };
  const {
    defaultDirectives,
    extendTransforms,
    extendOutputFormats,
    resolveConfigs: resolveTheirs = resolveConfigs,
  } = theirs;
  const plugin = imagetools({
    ...theirs,
    async defaultDirectives(url, metadata) {
      const given =
        typeof defaultDirectives === 'function' ? await defaultDirectives(url, metadata) : defaultDirectives;
      const directives = new URLSearchParams(given);
      tellThemes(directives, url.searchParams.get('theme') ?? directives.get('theme'));
      const all = new URLSearchParams([...directives, ...url.searchParams]);
      if (all.has('shine')) {
        const image = decodeEscapes(url.pathname);
        const given = { image, specifier: `${toRootPath(image, root)}${decodeEscapes(url.search)}` };
        const looks = await carryLooks(given, all, studio);
        directives.set(LOOKS, Buffer.from(JSON.stringify(looks)).toString('base64url'));
      }
      return directives;
    },
    resolveConfigs: (entries, formats) => putLooksIn(entries, (rest) => resolveTheirs(rest, formats)),
    extendOutputFormats: (given) => splitThemes(extendOutputFormats?.(given) ?? given),
    extendTransforms: (given) => [
      makeDirective(theirs.removeMetadata !== false),
      ...(extendTransforms?.(given) ?? given),
    ],
  }) as Plugin;
  const { texts, check } = createVitePlugins(ours);
  return [texts, watcher, plugin, check];
}

/** The query's own part for the studio: what else there is belongs to imagetools. */
async function locate(given: ShineImport, all: URLSearchParams, theme: string, studio: Studio): Promise<ShineQuery> {
  const own = new URLSearchParams();
  for (const key of ['shine', 'tokens']) {
    const value = all.get(key);
    if (value !== null) own.set(key, value);
  }
  if (theme !== '') own.set('theme', theme);
  return studio.locate(given, own.toString());
}

/** A query with its files named from the root, as they are seen from the importing file, which imagetools does not know. */
async function rootFiles(
  given: ShineImport,
  all: URLSearchParams,
  studio: Studio,
  root: string,
): Promise<URLSearchParams> {
  const { recipeFile, tokens } = await locate(given, all, '', studio);
  const rooted = new URLSearchParams(all);
  if (recipeFile !== undefined) rooted.set('shine', toRootPath(recipeFile, root));
  if (tokens) rooted.set('tokens', tokens.map((file) => toRootPath(file, root)).join(','));
  return rooted;
}

/** Other plugins go by an id's end, and would take one that ends in .json for JSON. */
function endQuery(query: URLSearchParams): string {
  query.delete(END);
  return `${query}&${END}`;
}

/** One look for each theme of `theme=light;dark`. */
async function carryLooks(given: ShineImport, all: URLSearchParams, studio: Studio): Promise<Record<string, string>> {
  const themes = (all.get('theme') ?? '').split(';');
  const looks = themes.map(async (theme) => {
    return [theme, carryLook(await studio.look(given, await locate(given, all, theme, studio)))] as const;
  });
  return Object.fromEntries(await Promise.all(looks));
}

type Entries = Parameters<typeof resolveConfigs>[0];

/** imagetools splits values at semicolons, also `teal;40;60`, into variants: they are put together again. */
function putLooksIn(entries: Entries, resolve: (rest: Entries) => ImageConfig[]): ImageConfig[] {
  const carried = entries.find(([key]) => key === LOOKS)?.[1][0];
  if (carried === undefined) return resolve(entries);
  const looks = JSON.parse(Buffer.from(carried, 'base64url').toString()) as Record<string, string>;
  const rest = entries.filter(([key]) => key !== LOOKS && key !== END && key !== 'tokens');
  const joined = rest.map(([key, values]): Entries[number] => [key, key === 'shine' ? [values.join(';')] : values]);
  return sortByTheme(resolve(joined), Object.keys(looks)).map((config) => ({
    ...config,
    shine: looks[String(config.theme ?? '')] as string,
  }));
}

/** @param removeMetadata as imagetools does by default; recoloring makes a new sharp instance, which keeps none */
function makeDirective(removeMetadata: boolean): TransformFactory {
  return ({ shine }, { useParam }) => {
    if (typeof shine !== 'string') return undefined;
    useParam('shine');
    const look = readCarried(shine);
    return async (image) => {
      // Of all backends this one gives the same bytes everywhere.
      const recolored = await recolor(image, look, { backend: 'wasm', anyGamut: true });
      if (!removeMetadata) recolored.withMetadata();
      return withNotes(recolored, image);
    };
  };
}

/** imagetools keeps what it knows of an image under a symbol on the instance; the next directives look for it. */
function withNotes(recolored: Sharp, image: Sharp): Sharp {
  for (const symbol of Object.getOwnPropertySymbols(image)) {
    const notes = Object.getOwnPropertyDescriptor(image, symbol);
    if (notes && !Object.hasOwn(recolored, symbol)) Object.defineProperty(recolored, symbol, notes);
  }
  return recolored;
}

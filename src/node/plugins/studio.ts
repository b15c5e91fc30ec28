/** READ FIRST. What all plugins share: an image and a query in, a finished file out. */
import { basename, dirname, extname } from 'node:path';
import { ColorshineError, quote } from '../../core/index.js';
import { hashBytes, jobKey, makeJob, type RecolorJob } from '../build/job.js';
import { runJob } from '../build/run-job.js';
import { readInput } from '../files/input.js';
import { OUTPUT_EXTENSIONS, type OutputFormat } from '../image/format-names.js';
import { findImage, showPath } from './find-file.js';
import { lendEngine } from './lend-engine.js';
import { readOptions, type ShineOptions, type ShineSettings } from './options.js';
import { parseQuery, type ShineQuery, splitSpecifier } from './query.js';
import { type Look, locateFiles, resolveLook } from './resolve-look.js';
import { importOf, missingImage, named, type ShineImport } from './shine-import.js';
import { findStored, type StoredImage, storeImage, sweepStore } from './store.js';

/** Told of each file that a finished image depends on, as soon as it is known: also of a broken one. */
export type Watch = (file: string) => void;

/** @returns an absolute path */
export type Resolve = (path: string) => Promise<string | undefined>;

export interface Shined extends StoredImage {
  /** `hero.dark.jpg`; the stored file's name is without what a URL ends at. */
  readonly name: string;
  /** What the import's own URL ended in, `#` included, or nothing. */
  readonly fragment: string;
  /** `url`, `inline` or `no-inline`, for Vite. */
  readonly words: readonly string[];
}

export interface Studio {
  /** Checks a query and finds its files. @throws ColorshineError that names the import and the importing file */
  locate(given: ShineImport, query: string): Promise<ShineQuery>;
  /** What a query asks for, read. @throws likewise */
  look(given: ShineImport, query: ShineQuery): Promise<Look>;
  /** Recolors, or finds what an earlier build made. @throws likewise */
  shine(given: ShineImport, query: string, watch: Watch): Promise<Shined>;
  /** The same for a URL in a page or a style sheet. @param roots of paths with a slash @param resolve asks the bundler for what is no file */
  shineUrl(
    specifier: string,
    importer: string,
    roots: readonly string[],
    watch: Watch,
    resolve?: Resolve,
  ): Promise<Shined>;
  /** Recipe and token files that a query depends on, also when one of them is broken. */
  filesOf(query: ShineQuery): readonly string[];
}

/**
 * One for each plugin in a configuration. Holds no threads while there is nothing to do.
 *
 * @param mayRead whether a file that an import names may be read; the options' own files always may
 */
export function openStudio(settings: ShineSettings, mayRead: (file: string) => boolean = () => true): Studio {
  const { root, cacheDir } = settings;
  const running = new Map<string, Promise<StoredImage>>();
  const lend = lendEngine();
  let isSwept = false;

  async function make(image: string, query: ShineQuery, look: Look): Promise<StoredImage> {
    if (!isSwept) {
      isSwept = true;
      await sweepStore(cacheDir);
    }
    const input = await readInput(image);
    const job = jobFor(showPath(image, root), query, look, settings);
    const key = jobKey(job, hashBytes(input));
    // The name is no part of a job's key: the same picture under two names has two entries.
    const name = nameOf(image, look.theme).replaceAll(/[#?%]/g, '_'); // where a URL or a bundler's path would end
    const entryKey = hashBytes(`${key} ${name}`);
    const known = running.get(entryKey);
    if (known) return known;
    const making = (async () => {
      const stored = await findStored(cacheDir, entryKey);
      if (stored) return stored;
      const { bytes, report } = await lend((engine) => runJob(job, { root, input, engine }));
      const extension = extensionOf(image, report.format);
      return storeImage(cacheDir, entryKey, `${name}.${extension}`, bytes, report);
    })();
    running.set(entryKey, making);
    try {
      return await making;
    } finally {
      running.delete(entryKey);
    }
  }

  /** @throws INPUT_UNREADABLE */
  function checkAccess(given: ShineImport, { recipeFile, tokens = [] }: ShineQuery): void {
    const files = [given.image, ...(recipeFile === undefined ? [] : [recipeFile]), ...tokens];
    const closed = files.find((file) => !mayRead(file));
    if (closed === undefined) return;
    throw new ColorshineError(
      'INPUT_UNREADABLE',
      `expected files that the server may read, got ${quote(closed)}; see server.fs.allow`,
    );
  }

  const locate: Studio['locate'] = (given, query) =>
    named(given, root, async () => {
      const located = await locateFiles(parseQuery(query), dirname(given.importer ?? given.image), settings);
      checkAccess(given, located);
      return located;
    });
  const filesOf: Studio['filesOf'] = ({ recipeFile, rows, tokens = settings.tokens }) => {
    const own = rows.length === 0 && settings.recipe && 'file' in settings.recipe && settings.recipe.file;
    const recipe = recipeFile ?? own;
    return [...(recipe ? [recipe] : []), ...tokens];
  };

  const shine: Studio['shine'] = async (given, query, watch) => {
    watch(given.image);
    const located = await locate(given, query);
    for (const file of filesOf(located)) watch(file);
    return named(given, root, async () => {
      const look = await resolveLook(located, settings);
      for (const file of look.files) watch(file);
      const stored = await make(given.image, located, look);
      const { fragment = '', words } = located;
      return { ...stored, name: `${nameOf(given.image, look.theme)}${extname(stored.file)}`, fragment, words };
    });
  };

  return {
    locate,
    shine,
    look: (given, query) => named(given, root, () => resolveLook(query, settings)),
    filesOf,
    async shineUrl(specifier, importer, roots, watch, resolve) {
      const { path, query } = splitSpecifier(specifier);
      const given = importOf(specifier, importer);
      const image = await named(given, root, async () => {
        return (await findImage(path, dirname(importer), roots)) ?? resolve?.(decodeURIComponent(path));
      });
      if (image === undefined) throw missingImage(given, settings);
      return shine({ ...given, image }, query, watch);
    },
  };
}

const studios = new Map<string, { readonly settings: ShineSettings; readonly studio: Studio }>();

/** For what is asked anew for each image: one for each way in which it is set up. @throws as `readOptions` */
export function sharedStudio(options: ShineOptions, root: string): { settings: ShineSettings; studio: Studio } {
  const key = JSON.stringify([options, root]);
  let shared = studios.get(key);
  if (!shared) {
    const settings = readOptions(options, root);
    studios.set(key, (shared = { settings, studio: openStudio(settings) }));
  }
  return shared;
}

/** The same job as `colorshine build` would make. */
function jobFor(input: string, query: ShineQuery, { recipe, plan, theme }: Look, settings: ShineSettings): RecolorJob {
  const { width, height, format = settings.format, quality = settings.quality } = query;
  const { reading } = settings;
  const look = { theme: theme ?? 'default', recipe, plan };
  return makeJob({ input, output: input, ...look, format, width, height, quality, reading });
}

/** `hero.dark` for the theme dark. */
function nameOf(image: string, theme: string | undefined): string {
  const stem = basename(image, extname(image));
  return theme === undefined ? stem : `${stem}.${theme.replaceAll(/[^\p{L}\p{N}_-]+/gu, '-')}`;
}

/** The image's own spelling where the format stays: `.jpeg` remains. */
function extensionOf(image: string, format: string): string {
  const own = extname(image).slice(1);
  const usual = OUTPUT_EXTENSIONS[format as OutputFormat];
  return own.toLowerCase() === format || own.toLowerCase() === usual ? own : usual;
}

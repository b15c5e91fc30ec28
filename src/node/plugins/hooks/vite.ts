import type { Plugin } from 'vite';
import { type Declarations, openDeclarations } from '../declarations.js';
import { toRootPath } from '../find-file.js';
import { readOptions, type ShineOptions, type ShineSettings } from '../options.js';
import { formatQuery, parseQuery, SHINE_FILTER, splitSpecifier } from '../query.js';
import { locateFiles } from '../resolve-look.js';
import { openStudio, type Studio } from '../studio.js';

/**
 * The import becomes a module that exports what an import of the finished file would: Vite serves, names, hashes and
 * inlines it as any image. The module's id stays the same when a recipe or a token changes, so that the dev server
 * finds it again and reloads.
 */
export function viteHooks(options: ShineOptions): Partial<Plugin> {
  let settings: ShineSettings;
  let studio: Studio;
  let declarations: Declarations;
  return {
    configResolved(config) {
      settings = readOptions(options, config.root);
      studio = openStudio(settings);
      declarations = openDeclarations(settings.dts);
      config.server.fs.allow.push(settings.cacheDir);
    },
    resolveId: {
      filter: { id: SHINE_FILTER },
      async handler(source, importer) {
        if (!SHINE_FILTER.test(source)) return undefined;
        const { path, query } = splitSpecifier(source);
        const image = await this.resolve(path, importer, { skipSelf: true });
        if (!image || image.external) return this.error(`${source}: expected an image file at ${path}, found nothing`);
        const file = splitSpecifier(image.id).path;
        const from = importer === undefined ? {} : { importer: splitSpecifier(importer).path };
        const { root } = settings;
        if (importer !== undefined) await declarations.note(source);
        const located = await studio.locate({ image: file, specifier: source, ...from }, query);
        // Paths from the root: in the dev server, ids are URLs.
        const { recipeFile, tokens } = located;
        const rooted = {
          ...located,
          ...(recipeFile !== undefined && { recipeFile: toRootPath(recipeFile, root) }),
          ...(tokens && { tokens: tokens.map((token) => toRootPath(token, root)) }),
        };
        return `${file}?${formatQuery(rooted)}`;
      },
    },
    load: {
      filter: { id: SHINE_FILTER },
      async handler(id) {
        if (!SHINE_FILTER.test(id)) return undefined;
        const { path, query } = splitSpecifier(id);
        const specifier = `${toRootPath(path, settings.root)}?${query}`;
        const located = await locateFiles(parseQuery(query), settings.root, settings);
        for (const file of [path, ...studio.filesOf(located)]) this.addWatchFile(file);
        const { file } = await studio.shine({ image: path, specifier }, located);
        const words = located.words.length === 0 ? '' : `?${located.words.join('&')}`;
        return `export { default } from ${JSON.stringify(file + words)};`;
      },
    },
  };
}

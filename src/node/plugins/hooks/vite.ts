import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Plugin } from 'vite';
import { type Declarations, openDeclarations } from '../declarations.js';
import { toRootPath } from '../find-file.js';
import { readOptions, type ShineOptions, type ShineSettings } from '../options.js';
import { withPlainErrors } from '../plain-error.js';
import { formatQuery, parseQuery, SHINE_FILTER, type ShineQuery, splitSpecifier } from '../query.js';
import { isImporter, missingImage, notImported, openStudio, type ShineImport, type Studio } from '../studio.js';
import { replaceCssUrls, replaceHtmlUrls } from '../url-text.js';

const STYLE_SHEET = /\.(?:css|scss|sass|less|styl|stylus|pcss|postcss)(?:$|\?)/;

/**
 * The import becomes a module that exports what an import of the finished file would: Vite serves, names, hashes and
 * inlines it as any image. The module's id stays the same when a recipe or a token changes, so that the dev server
 * finds it again and reloads.
 */
export function viteHooks(options: ShineOptions): Partial<Plugin> {
  let settings: ShineSettings;
  let studio: Studio;
  let declarations: Declarations;
  let isServing = false;
  /** What was written, by module id: errors come later than the importing file is known. */
  const written = new Map<string, ShineImport>();
  /** Files that pages depend on, or that an import failed with: the dev server does not remember those. */
  const reloading = new Set<string>();
  const inPages = new Set<string>();
  return {
    configResolved(config) {
      isServing = config.command === 'serve';
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
        return withPlainErrors(async () => {
          const from = importer === undefined ? {} : { importer: splitSpecifier(importer).path };
          if (!image || image.external) throw missingImage({ image: path, specifier: source, ...from }, settings);
          const given = { image: splitSpecifier(image.id).path, specifier: source, ...from };
          // What a browser asks for is an id already; only what a file of the project says is looked up on the disk.
          const isWritten = isImporter(importer, settings.root);
          const located = isWritten ? fromRoot(await studio.locate(given, query), settings) : parseQuery(query);
          const id = `${given.image}?${formatQuery(located)}`;
          if (isWritten) {
            written.set(id, given);
            await declarations.note(source);
          }
          return id;
        });
      },
    },
    load: {
      filter: { id: SHINE_FILTER },
      async handler(id) {
        if (!SHINE_FILTER.test(id)) return undefined;
        const { path, query } = splitSpecifier(id);
        const known = written.get(id);
        const given = known ?? { image: path, specifier: `${toRootPath(path, settings.root)}?${query}` };
        return withPlainErrors(async () => {
          // Whoever reaches the dev server could have it read any file by naming it as a recipe.
          if (isServing && !known) throw notImported(given);
          const located = await studio.locate({ ...given, importer: undefined }, query);
          const files = [path, ...studio.filesOf(located)];
          for (const file of files) this.addWatchFile(file);
          for (const each of files) reloading.add(each);
          const { file, files: read } = await studio.shine(given, located);
          for (const each of read) this.addWatchFile(each);
          for (const each of files) if (!inPages.has(each)) reloading.delete(each);
          const words = located.words.length === 0 ? '' : `?${located.words.join('&')}`;
          return `export { default } from ${JSON.stringify(file + words)};`;
        });
      },
    },
    // Vite looks up images of style sheets and pages by itself, past all plugins, so their text is changed before.
    transform: {
      filter: { id: STYLE_SHEET, code: /[?&]shine\b/ },
      async handler(code, id) {
        if (!STYLE_SHEET.test(id)) return undefined;
        const importer = splitSpecifier(id).path;
        const css = await replaceCssUrls(code, async (specifier) => {
          const { path, query } = splitSpecifier(specifier);
          // As CSS has it, a bare name lies beside the style sheet.
          const image = (await this.resolve(`./${path}`, importer)) ?? (await this.resolve(path, importer));
          return withPlainErrors(async () => {
            const given = { image: splitSpecifier(image?.id ?? path).path, specifier, importer };
            if (!image) throw missingImage(given, settings);
            const located = await studio.locate(given, query);
            for (const file of [given.image, ...studio.filesOf(located)]) this.addWatchFile(file);
            const { file, files } = await studio.shine(given, located);
            for (const each of files) this.addWatchFile(each);
            return relativeUrl(importer, file);
          });
        });
        return css === undefined ? undefined : { code: css, map: null };
      },
    },
    transformIndexHtml: {
      order: 'pre',
      async handler(html, { filename, server }) {
        return replaceHtmlUrls(html, (specifier) =>
          withPlainErrors(async () => {
            const { path, query } = splitSpecifier(specifier);
            const image = path.startsWith('/') ? join(settings.root, path) : resolve(dirname(filename), path);
            const given = { image, specifier, importer: filename };
            const located = await studio.locate(given, query);
            const watch = (file: string): void => {
              inPages.add(file);
              reloading.add(file);
              server?.watcher.add(file);
            };
            for (const each of [image, ...studio.filesOf(located)]) watch(each);
            const { file, files } = await studio.shine(given, located);
            for (const each of files) watch(each);
            return relativeUrl(filename, file);
          }),
        );
      },
    },
    hotUpdate({ file }) {
      if (reloading.has(file)) this.environment.hot.send({ type: 'full-reload' });
    },
  };
}

function relativeUrl(from: string, to: string): string {
  const way = relative(dirname(from), to).replaceAll(sep, '/');
  return encodeURI(way.startsWith('.') ? way : `./${way}`);
}

/** With paths from the root: in the dev server, ids are URLs. */
function fromRoot(query: ShineQuery, { root }: ShineSettings): ShineQuery {
  const { recipeFile, tokens } = query;
  return {
    ...query,
    ...(recipeFile !== undefined && { recipeFile: toRootPath(recipeFile, root) }),
    ...(tokens && { tokens: tokens.map((token) => toRootPath(token, root)) }),
  };
}

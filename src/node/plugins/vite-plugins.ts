import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { type Declarations, openDeclarations } from './declarations.js';
import { relativeUrl, showPath, toRootPath } from './find-file.js';
import { readOptions, type ShineOptions, type ShineSettings } from './options.js';
import {
  formatQuery,
  isShineImport,
  isShineUrl,
  parseQuery,
  renameFiles,
  SHINE_FILTER,
  splitSpecifier,
} from './query.js';
import { importOf, missingImage, named } from './shine-import.js';
import { openStudio, type Resolve, type Studio, type Watch } from './studio.js';
import { checkBundle, importNewUrls } from './text/bundle.js';
import { checkWritten } from './text/check-written.js';
import { findCssUrls } from './text/css.js';
import { findHtmlUrls } from './text/html.js';
import { replaceUrls } from './text/spans.js';
import { ViteImports } from './vite-imports.js';

const STYLE_SHEET = /\.(?:css|scss|sass|less|styl|stylus|pcss|postcss)(?:$|\?)/;
/** Vite serves these as files only when they are asked for as URLs. */
const NO_ASSET = /\.tiff?$/i;

export interface VitePlugins {
  /** Pages and style sheets: Vite looks up their images by itself, past all plugins, so their text is changed before. */
  readonly texts: Plugin;
  /**
   * Imports. Each becomes a module that exports what an import of the finished file would: Vite serves, names, hashes and inlines
   * it as any image. The module's id stays the same when a recipe or a token changes, so that the dev server finds it again and
   * reloads.
   */
  readonly modules: Plugin;
  /** `new URL` in scripts, once they are JavaScript, and a look at what is left over. */
  readonly check: Plugin;
}

/** What `colorshine/vite` and `colorshine/imagetools` are made of; imagetools handles imports itself. */
export function createVitePlugins(options: ShineOptions): VitePlugins {
  let settings: ShineSettings;
  let studio: Studio;
  let declarations: Declarations;
  let imports: ViteImports;
  let publicDir: string;
  /** Files that pages depend on, or that an import failed with: the dev server does not remember those. */
  const reloading = new Set<string>();
  const inPages = new Set<string>();

  /** The URL of the finished file. @param resolve asks Vite for what is no file, such as an alias */
  async function place(specifier: string, importer: string, watch: Watch, resolve?: Resolve): Promise<string> {
    const { file, fragment } = await studio.shineUrl(specifier, importer, [publicDir, settings.root], watch, resolve);
    return relativeUrl(importer, file) + fragment;
  }

  const texts: Plugin = {
    name: 'colorshine:texts',
    enforce: 'pre',
    configResolved(config) {
      settings = readOptions(options, config.root);
      imports = new ViteImports(config);
      studio = openStudio(settings, (file) => imports.mayRead(file));
      declarations = openDeclarations(settings.dts);
      publicDir = config.publicDir || settings.root;
      config.server.fs.allow.push(settings.cacheDir);
    },
    configureServer({ middlewares, config }) {
      middlewares.use(({ url = '', headers }, response, next) => {
        // Modules are imported; an image that is asked for as it stands would be the original.
        if (headers['sec-fetch-dest'] !== 'image' || !isShineUrl(url)) return next();
        const message = `${url}: expected an image import that is recolored, got one where nobody looks for it`;
        config.logger.error(message);
        response.writeHead(404, { 'content-type': 'text/plain' }).end(message);
      });
    },
    transform: {
      filter: { id: STYLE_SHEET, code: /[?&]shine\b/ },
      async handler(code, id) {
        if (!STYLE_SHEET.test(id)) return undefined;
        const importer = splitSpecifier(id).path;
        const watch: Watch = (file) => this.addWatchFile(file);
        const resolve = async (path: string) => (await this.resolve(path, importer))?.id;
        const css = await replaceUrls(code, findCssUrls, (url) => place(url, importer, watch, resolve));
        return css === undefined ? undefined : { code: css, map: null };
      },
    },
    transformIndexHtml: {
      order: 'pre',
      async handler(html, { filename, server }) {
        const watch: Watch = (file) => {
          inPages.add(file);
          reloading.add(file);
          server?.watcher.add(file);
        };
        const page = await replaceUrls(html, findHtmlUrls, (url) => place(url, filename, watch));
        checkWritten(showPath(filename, settings.root), page ?? html);
        return page;
      },
    },
    hotUpdate({ file }) {
      if (reloading.has(file)) this.environment.hot.send({ type: 'full-reload' });
    },
  };

  const modules: Plugin = {
    name: 'colorshine',
    enforce: 'pre',
    resolveId: {
      filter: { id: SHINE_FILTER },
      async handler(source, importer) {
        if (!isShineImport(source)) return undefined;
        const { path, query } = splitSpecifier(source);
        const open = path.startsWith('/') && existsSync(join(publicDir, path)) ? join(publicDir, path) : undefined;
        const image = open ?? (await this.resolve(path, importer, { skipSelf: true }))?.id;
        const given = importOf(source, importer, image);
        if (image === undefined) throw missingImage(given, settings);
        // What a browser asks for is an id already; only what a file of the project says is looked up on the disk.
        if (!imports.isWritten(importer)) {
          return named(given, settings.root, async () => `${given.image}?${formatQuery(parseQuery(query))}`);
        }
        const toRoot = (file: string): string => toRootPath(file, settings.root); // in the dev server, ids are URLs
        const id = `${given.image}?${formatQuery(renameFiles(await studio.locate(given, query), toRoot))}`;
        imports.note(this, id, given, importer);
        await declarations.note(source);
        return id;
      },
    },
    load: {
      filter: { id: SHINE_FILTER },
      async handler(id) {
        if (!isShineImport(id)) return undefined;
        const given = imports.check(this, id);
        const files: string[] = [];
        const watch: Watch = (file) => {
          this.addWatchFile(file);
          reloading.add(file);
          files.push(file);
        };
        const { file, fragment, words } = await studio.shine(given, splitSpecifier(id).query, watch);
        for (const each of files) if (!inPages.has(each)) reloading.delete(each);
        const all = new Set(NO_ASSET.test(file) ? ['url', ...words] : words);
        const from = JSON.stringify(`${file}${all.size === 0 ? '' : `?${[...all].join('&')}`}`);
        if (fragment === '') return `export { default } from ${from};`;
        return `import url from ${from};\nexport default url + ${JSON.stringify(fragment)};`;
      },
    },
  };

  const check: Plugin = {
    name: 'colorshine:check',
    transform: {
      filter: { code: 'shine' },
      async handler(code, id) {
        if (!STYLE_SHEET.test(id)) return importNewUrls(code);
        // What another style sheet brings in has been read by now. A build has put signs in its place, and is looked through later.
        checkWritten(showPath(id, settings.root), code, findCssUrls);
        return undefined;
      },
    },
    generateBundle: { order: 'post', handler: (_, bundle) => checkBundle(bundle) },
  };
  return { texts, modules, check };
}

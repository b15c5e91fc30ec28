/** Package entry `colorshine/webpack`, for Rspack too. */
import { sep } from 'node:path';
import type { Compiler, ResolveData, WebpackPluginInstance } from 'webpack';
import { openDeclarations } from './declarations.js';
import { readOptions, type ShineOptions } from './options.js';
import { isShineImport, splitSpecifier } from './query.js';
import { openStudio } from './studio.js';
import { checkWritten, WRITTEN_TEXT } from './text/check-written.js';

export type { ShineOptions };

const NAME = 'colorshine';

/** Rspack's are a list, which it does not look at again. */
type Dependencies = { add(file: string): unknown } | string[];

type NormalModuleFactory = Parameters<Parameters<Compiler['hooks']['normalModuleFactory']['tap']>[1]>[0];

/**
 * The plugin for webpack: `import hero from './hero.jpg?shine=brand.json&theme=dark'`. A request is changed to the finished file,
 * as though that had been written: scripts, `new URL` and style sheets alike, with the project's own rules. Where no rule of the
 * project takes the file, it becomes an asset.
 */
export default function colorshine(options: ShineOptions = {}): WebpackPluginInstance {
  return { apply: (compiler) => applyTo(compiler, options) };
}

function applyTo(compiler: Compiler, options: ShineOptions): void {
  const settings = readOptions(options, compiler.context);
  const studio = openStudio(settings);
  const declarations = openDeclarations(settings.dts);
  /** For Rspack: who imports what depends on a file. */
  const importers = new Map<string, Set<string>>();
  // First, so that the project's own rules, which come later, win.
  compiler.options.module.rules.unshift({ include: settings.cacheDir + sep, type: 'asset/resource' });

  compiler.hooks.normalModuleFactory.tap(NAME, (factory) => {
    factory.hooks.beforeResolve.tapPromise(NAME, async (data) => {
      const loaders = data.request.slice(0, data.request.lastIndexOf('!') + 1);
      const specifier = data.request.slice(loaders.length);
      if (!isShineImport(specifier)) return;
      const { path, query } = splitSpecifier(specifier);
      const { issuer } = data.contextInfo;
      const image = await findImage(factory, data, path);
      const given = { image, specifier, ...(issuer && { importer: unescapeHash(issuer) }) };
      // Kept from the cache that would remember the old file when a recipe changes.
      data.cacheable = false;
      if (data.dependencyType !== 'url') await declarations.note(specifier);
      const dependencies: Dependencies = data.fileDependencies;
      const watch = (each: string): unknown =>
        Array.isArray(dependencies)
          ? importers.set(each, (importers.get(each) ?? new Set()).add(issuer))
          : dependencies.add(each);
      const { file, fragment } = await studio.shine(given, query, watch);
      data.request = loaders + file.replaceAll('#', '\0#') + fragment;
    });
  });

  compiler.hooks.watchRun.tap(NAME, ({ modifiedFiles = new Set() }) => {
    // The importing file counts as modified too, so that its imports are resolved again.
    const all = [...modifiedFiles].flatMap((file) => [...(importers.get(file) ?? [])]);
    if (all.length > 0) compiler.modifiedFiles = new Set([...modifiedFiles, ...all]);
  });

  compiler.hooks.thisCompilation.tap(NAME, (compilation) => {
    const stage = compiler.webpack.Compilation.PROCESS_ASSETS_STAGE_REPORT;
    compilation.hooks.processAssets.tapPromise({ name: NAME, stage }, async (assets) => {
      for (const file of importers.keys()) compilation.fileDependencies.add(file);
      if (compilation.errors.length > 0) return; // what could not be imported is left over
      try {
        for (const [name, source] of Object.entries(assets)) {
          if (WRITTEN_TEXT.test(name)) checkWritten(name, source.source());
        }
      } catch (error) {
        compilation.errors.push(error as Error);
      }
    });
  });
}

/** A # in a path would begin a fragment: a NUL before it says no, which Rspack shows as a space without width. */
function unescapeHash(path: string): string {
  return path.replaceAll(/[\0\u200b]#/g, '#');
}

/** @returns the path, without escapes */
function findImage(factory: NormalModuleFactory, data: ResolveData, path: string): Promise<string> {
  const { dependencyType } = data;
  const resolveOptions = { ...data.resolveOptions, ...(dependencyType && { dependencyType }) };
  const resolver = factory.getResolver('normal', resolveOptions);
  return new Promise((resolve, reject) => {
    resolver.resolve(data.contextInfo, data.context, path, {}, (error, found) => {
      if (typeof found === 'string') resolve(unescapeHash(found));
      else reject(error ?? new Error(`${path}: expected an image file, found nothing`));
    });
  });
}

import { sep } from 'node:path';
import type { Compiler, ResolveData } from 'webpack';
import { openDeclarations } from '../declarations.js';
import { readOptions, type ShineOptions } from '../options.js';
import { SHINE_FILTER, splitSpecifier } from '../query.js';
import { openStudio } from '../studio.js';

const NAME = 'colorshine';

/**
 * A request is changed to the finished file, as though that had been written: scripts, `new URL` and style sheets alike, with
 * the project's own rules. Where no rule of the project takes the file, it becomes an asset.
 */
export function applyToWebpack(compiler: Compiler, options: ShineOptions): void {
  const settings = readOptions(options, compiler.context);
  const studio = openStudio(settings);
  const declarations = openDeclarations(settings.dts);
  // First, so that the project's own rules, which come later, win.
  compiler.options.module.rules.unshift({ include: settings.cacheDir + sep, type: 'asset/resource' });

  compiler.hooks.normalModuleFactory.tap(NAME, (factory) => {
    const findImage = (data: ResolveData, path: string): Promise<string> => {
      const { dependencyType } = data;
      const resolveOptions = { ...data.resolveOptions, ...(dependencyType !== '' && { dependencyType }) };
      const resolver = factory.getResolver('normal', resolveOptions);
      return new Promise((resolve, reject) => {
        resolver.resolve(data.contextInfo, data.context, path, {}, (error, found) => {
          if (typeof found === 'string') resolve(found);
          else reject(error ?? new Error(`${path}: expected an image file, found nothing`));
        });
      });
    };
    factory.hooks.beforeResolve.tapPromise(NAME, async (data) => {
      if (!SHINE_FILTER.test(data.request)) return;
      const loaders = data.request.slice(0, data.request.lastIndexOf('!') + 1);
      const specifier = data.request.slice(loaders.length);
      const { path, query } = splitSpecifier(specifier);
      const { issuer } = data.contextInfo;
      const image = await findImage(data, path);
      const given = { image, specifier, ...(issuer && { importer: issuer }) };
      // Kept from the cache that would remember the old file when a recipe changes.
      data.cacheable = false;
      data.fileDependencies.add(image);
      if (data.dependencyType !== 'url') await declarations.note(specifier);
      const located = await studio.locate(given, query);
      for (const file of studio.filesOf(located)) data.fileDependencies.add(file);
      const { file, files } = await studio.shine(given, located);
      for (const each of files) data.fileDependencies.add(each);
      data.request = loaders + file;
    });
  });
}

import type { PluginBuild } from 'esbuild';
import { ColorshineError } from '../../../core/index.js';
import { openDeclarations } from '../declarations.js';
import { readOptions, type ShineOptions } from '../options.js';
import { SHINE_FILTER, splitSpecifier } from '../query.js';
import { openStudio } from '../studio.js';

const IMAGE_EXTENSIONS = ['.jpg', '.jpeg', '.png', '.webp', '.gif', '.tif', '.tiff', '.avif'];

/**
 * An import resolves to the finished file, as though that had been written: scripts and style sheets alike, with the project's
 * own loaders, names and public path. Images without a loader get `file`.
 */
export function setUpEsbuild(build: PluginBuild, options: ShineOptions): void {
  const settings = readOptions(options, build.initialOptions.absWorkingDir ?? process.cwd());
  const studio = openStudio(settings);
  const declarations = openDeclarations(settings.dts);
  const loaders = Object.fromEntries(IMAGE_EXTENSIONS.map((extension) => [extension, 'file' as const]));
  build.initialOptions.loader = { ...loaders, ...build.initialOptions.loader };

  build.onResolve({ filter: SHINE_FILTER }, async ({ path: specifier, importer, resolveDir, kind }) => {
    const { path, query } = splitSpecifier(specifier);
    const image = await build.resolve(path, { kind, importer, resolveDir });
    if (image.errors.length > 0) return { errors: image.errors };
    const given = { image: image.path, specifier, ...(importer !== '' && { importer }) };
    let watchFiles = [image.path];
    try {
      if (kind !== 'url-token') await declarations.note(specifier);
      const located = await studio.locate(given, query);
      watchFiles = [...watchFiles, ...studio.filesOf(located)];
      const { file, files } = await studio.shine(given, located);
      return { path: file, watchFiles: [...watchFiles, ...files] };
    } catch (error) {
      // esbuild shows a thrown error with its whole stack.
      if (error instanceof ColorshineError) return { errors: [{ text: error.message }], path: image.path, watchFiles };
      throw error;
    }
  });
}

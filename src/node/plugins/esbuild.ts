/** Package entry `colorshine/esbuild`. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Plugin } from 'esbuild';
import { ColorshineError } from '../../core/index.js';
import { openDeclarations } from './declarations.js';
import { readOptions, type ShineOptions } from './options.js';
import { isShineImport, SHINE_FILTER, splitSpecifier } from './query.js';
import { openStudio } from './studio.js';
import { checkWritten, WRITTEN_TEXT } from './text/check-written.js';

export type { ShineOptions };

const IMAGE_EXTENSIONS = ['.jpg', '.jpeg', '.png', '.webp', '.gif', '.tif', '.tiff', '.avif'];

/**
 * The plugin for esbuild: `import hero from './hero.jpg?shine=brand.json&theme=dark'`. An import resolves to the finished file,
 * as though that had been written: scripts and style sheets alike, with the project's own loaders, names and public path. Images
 * without a loader get `file`.
 */
export default function colorshine(options: ShineOptions = {}): Plugin {
  return {
    name: 'colorshine',
    setup({ initialOptions, onResolve, onEnd, resolve: resolveImport }) {
      const folder = initialOptions.absWorkingDir ?? process.cwd();
      const settings = readOptions(options, folder);
      const studio = openStudio(settings);
      const declarations = openDeclarations(settings.dts);
      const loaders = Object.fromEntries(IMAGE_EXTENSIONS.map((extension) => [extension, 'file' as const]));
      initialOptions.loader = { ...loaders, ...initialOptions.loader };
      initialOptions.metafile ??= true; // it lists what was written

      onResolve({ filter: SHINE_FILTER }, async ({ path: specifier, importer, resolveDir, kind }) => {
        if (!isShineImport(specifier)) return undefined;
        const { path, query } = splitSpecifier(specifier);
        const image = await resolveImport(path, { kind, importer, resolveDir });
        if (image.errors.length > 0) return { errors: image.errors };
        const given = { image: image.path, specifier, ...(importer !== '' && { importer }) };
        const watchFiles: string[] = [];
        try {
          if (kind !== 'url-token') await declarations.note(specifier);
          const { file, fragment } = await studio.shine(given, query, (each) => watchFiles.push(each));
          return { path: file, watchFiles, ...(fragment !== '' && { suffix: fragment }) };
        } catch (error) {
          return { ...failure(error), path: image.path, watchFiles };
        }
      });

      onEnd(async ({ metafile, outputFiles = [], errors }) => {
        if (errors.length > 0) return undefined; // what could not be imported is left over
        const contents = new Map(outputFiles.map(({ path, contents }) => [path, contents]));
        const names = Object.keys(metafile?.outputs ?? {}).filter((name) => WRITTEN_TEXT.test(name));
        try {
          for (const name of names) {
            const path = resolve(folder, name);
            checkWritten(name, contents.get(path) ?? (await readFile(path)));
          }
          return undefined;
        } catch (error) {
          return failure(error);
        }
      });
    },
  };
}

/** esbuild shows a thrown error with its whole stack. */
function failure(error: unknown): { errors: { text: string }[] } {
  if (error instanceof ColorshineError) return { errors: [{ text: error.message }] };
  throw error;
}

/** Package entry `colorshine/rollup`, for Rolldown too. */
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'rollup';
import { openDeclarations } from './declarations.js';
import { readOptions, type ShineOptions } from './options.js';
import { formatQuery, isShineImport, SHINE_FILTER, splitSpecifier } from './query.js';
import { importOf, missingImage, type ShineImport } from './shine-import.js';
import { openStudio } from './studio.js';
import { checkBundle, importNewUrls } from './text/bundle.js';

export type { ShineOptions };

/**
 * The plugin for Rollup and Rolldown: `import hero from './hero.jpg?shine=brand.json&theme=dark'`. They know no assets by
 * themselves: the image is emitted, and the import gives its URL.
 */
export default function colorshine(options: ShineOptions = {}): Plugin {
  const settings = readOptions(options, process.cwd());
  const studio = openStudio(settings);
  const declarations = openDeclarations(settings.dts);
  /** What was written, by module id: errors come later than the importing file is known. */
  const written = new Map<string, ShineImport>();
  return {
    name: 'colorshine',
    resolveId: {
      filter: { id: SHINE_FILTER },
      async handler(source, importer) {
        if (!isShineImport(source)) return null;
        const { path, query } = splitSpecifier(source);
        const image = await this.resolve(path, importer, { skipSelf: true });
        if (!image || image.external) throw missingImage(importOf(source, importer), settings);
        await declarations.note(source);
        const given = { ...importOf(source, importer), image: image.id };
        const id = `${image.id}?${formatQuery(await studio.locate(given, query))}`;
        written.set(id, given);
        return id;
      },
    },
    load: {
      filter: { id: SHINE_FILTER },
      async handler(id) {
        if (!isShineImport(id)) return null;
        const { path, query } = splitSpecifier(id);
        const given = written.get(id) ?? { image: path, specifier: id };
        const { file, name, fragment } = await studio.shine(given, query, (each) => this.addWatchFile(each));
        const reference = this.emitFile({ type: 'asset', name, source: await readFile(file) });
        const end = fragment === '' ? '' : ` + ${JSON.stringify(fragment)}`;
        return `export default import.meta.ROLLUP_FILE_URL_${reference}${end};`;
      },
    },
    transform: { order: 'post', filter: { code: 'shine' }, handler: importNewUrls },
    generateBundle: { order: 'post', handler: (_, bundle) => checkBundle(bundle) },
  };
}

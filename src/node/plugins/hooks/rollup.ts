import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Plugin } from 'rollup';
import { openDeclarations } from '../declarations.js';
import { readOptions, type ShineOptions } from '../options.js';
import { withPlainErrors } from '../plain-error.js';
import { formatQuery, parseQuery, SHINE_FILTER, splitSpecifier } from '../query.js';
import { missingImage, openStudio, type ShineImport } from '../studio.js';

/** Rollup knows no assets by itself: the image is emitted, and the import gives its URL. */
export function rollupHooks(options: ShineOptions): Partial<Plugin> {
  const settings = readOptions(options, process.cwd());
  const studio = openStudio(settings);
  const declarations = openDeclarations(settings.dts);
  /** What was written, by module id: errors come later than the importing file is known. */
  const written = new Map<string, ShineImport>();
  return {
    resolveId: {
      filter: { id: SHINE_FILTER },
      async handler(source, importer) {
        const { path, query } = splitSpecifier(source);
        const image = await this.resolve(path, importer, { skipSelf: true });
        return withPlainErrors(async () => {
          const from = importer === undefined ? {} : { importer: splitSpecifier(importer).path };
          if (!image || image.external) throw missingImage({ image: path, specifier: source, ...from }, settings);
          await declarations.note(source);
          const given = { image: image.id, specifier: source, ...from };
          const id = `${image.id}?${formatQuery(await studio.locate(given, query))}`;
          written.set(id, given);
          return id;
        });
      },
    },
    load: {
      filter: { id: SHINE_FILTER },
      handler(id) {
        const { path, query } = splitSpecifier(id);
        const located = parseQuery(query);
        for (const file of [path, ...studio.filesOf(located)]) this.addWatchFile(file);
        return withPlainErrors(async () => {
          const { file, files } = await studio.shine(written.get(id) ?? { image: path, specifier: id }, located);
          for (const each of files) this.addWatchFile(each);
          const reference = this.emitFile({ type: 'asset', name: basename(file), source: await readFile(file) });
          return `export default import.meta.ROLLUP_FILE_URL_${reference};`;
        });
      },
    },
  };
}

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Plugin } from 'rollup';
import { openDeclarations } from '../declarations.js';
import { readOptions, type ShineOptions } from '../options.js';
import { formatQuery, parseQuery, SHINE_FILTER, splitSpecifier } from '../query.js';
import { openStudio } from '../studio.js';

/** Rollup knows no assets by itself: the image is emitted, and the import gives its URL. */
export function rollupHooks(options: ShineOptions): Partial<Plugin> {
  const settings = readOptions(options, process.cwd());
  const studio = openStudio(settings);
  const declarations = openDeclarations(settings.dts);
  return {
    resolveId: {
      filter: { id: SHINE_FILTER },
      async handler(source, importer) {
        const { path, query } = splitSpecifier(source);
        const image = await this.resolve(path, importer, { skipSelf: true });
        if (!image || image.external) return this.error(`${source}: expected an image file at ${path}, found nothing`);
        const from = importer === undefined ? {} : { importer: splitSpecifier(importer).path };
        await declarations.note(source);
        const located = await studio.locate({ image: image.id, specifier: source, ...from }, query);
        return `${image.id}?${formatQuery(located)}`;
      },
    },
    load: {
      filter: { id: SHINE_FILTER },
      async handler(id) {
        const { path, query } = splitSpecifier(id);
        const located = parseQuery(query);
        for (const file of [path, ...studio.filesOf(located)]) this.addWatchFile(file);
        const { file } = await studio.shine({ image: path, specifier: id }, located);
        const reference = this.emitFile({ type: 'asset', name: basename(file), source: await readFile(file) });
        return `export default import.meta.ROLLUP_FILE_URL_${reference};`;
      },
    },
  };
}

/** What the dev server may be asked for. */
import { join, resolve } from 'node:path';
import {
  type EnvironmentModuleGraph,
  isFileLoadingAllowed,
  normalizePath,
  type ResolvedConfig,
  type Rollup,
} from 'vite';
import type { ColorshineError } from '../../core/index.js';
import { toRootPath } from './find-file.js';
import { plainError } from './plain-error.js';
import { splitSpecifier } from './query.js';
import type { ShineImport } from './shine-import.js';

type Context = Pick<Rollup.PluginContext, 'environment'>;

/** Which files import which; undefined where Vite bundles. */
function graphOf({ environment }: Context): EnvironmentModuleGraph | undefined {
  return environment.mode === 'dev' && !environment.config.isBundled ? environment.moduleGraph : undefined;
}

interface Written {
  readonly given: ShineImport;
  readonly importerId: string;
  /** When the importer was last to be read anew, as it was found: later on it is another reading. */
  readonly invalidated: number | undefined;
}

/**
 * The imports that files of the project say, by module id. Whoever reaches the dev server could otherwise have it read any file by
 * naming it as a recipe, and keep it busy with looks that nobody wants.
 */
export class ViteImports {
  readonly #written = new Map<string, Written>();
  readonly #config: ResolvedConfig;

  constructor(config: ResolvedConfig) {
    this.#config = config;
  }

  /** False for what a browser asks for: nobody wrote that, and Vite gives the page's name for it. */
  isWritten(importer: string | undefined): boolean {
    if (this.#config.command === 'build') return true;
    return importer !== undefined && resolve(importer) !== join(this.#config.root, 'index.html');
  }

  note(context: Context, id: string, given: ShineImport, importerId = ''): void {
    const invalidated = graphOf(context)?.getModuleById(importerId)?.lastInvalidationTimestamp;
    this.#written.set(id, { given, importerId, invalidated });
  }

  /** The import that a module stands for. @throws INPUT_NOT_FOUND in a dev server, where no file of the project imports it */
  check(context: Context, id: string): ShineImport {
    const known = this.#written.get(id);
    const graph = graphOf(context);
    if (graph) {
      // Vite asks ahead for what a file imports while it is still reading the file: the graph knows of it afterwards.
      const importer = known && graph.getModuleById(known.importerId);
      const isBeingRead =
        importer && !importer.transformResult && importer.lastInvalidationTimestamp === known?.invalidated;
      if (!isBeingRead && !graph.getModuleById(id)?.importers.size) throw this.#notImported(id);
    }
    return known?.given ?? { image: splitSpecifier(id).path, specifier: this.#show(id) };
  }

  /** By `server.fs` in a dev server; a build reads what it names. */
  mayRead(file: string): boolean {
    return this.#config.command === 'build' || isFileLoadingAllowed(this.#config, normalizePath(file));
  }

  #notImported(id: string): ColorshineError {
    return plainError('INPUT_NOT_FOUND', `${this.#show(id)}: expected what the project imports, found no such import`);
  }

  #show(id: string): string {
    const { path, query } = splitSpecifier(id);
    return `${toRootPath(path, this.#config.root)}?${query}`;
  }
}

/** What the dev server may be asked for. */
import { join, resolve } from 'node:path';
import {
  type EnvironmentModuleNode,
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

/** Undefined in a build, and before the graph knows the file. */
function importerOf(environment: Context['environment'], id: string | undefined): EnvironmentModuleNode | undefined {
  return environment.mode === 'dev' && id !== undefined ? environment.moduleGraph.getModuleById(id) : undefined;
}

interface Written {
  readonly given: ShineImport;
  readonly importerId: string | undefined;
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

  note({ environment }: Context, id: string, given: ShineImport, importerId: string | undefined): void {
    const invalidated = importerOf(environment, importerId)?.lastInvalidationTimestamp;
    this.#written.set(id, { given, importerId, invalidated });
  }

  /** The import that a module stands for. @throws INPUT_NOT_FOUND in a dev server, where no file of the project imports it */
  check({ environment }: Context, id: string): ShineImport {
    const known = this.#written.get(id);
    if (environment.mode === 'dev' && !environment.config.isBundled) {
      const { moduleGraph } = environment;
      // Vite asks ahead for what a file imports while it is still reading the file: the graph knows of it afterwards.
      const importer = importerOf(environment, known?.importerId);
      const isBeingRead =
        importer !== undefined &&
        !importer.transformResult &&
        importer.lastInvalidationTimestamp === known?.invalidated;
      if (!isBeingRead && !moduleGraph.getModuleById(id)?.importers.size) throw this.#notImported(id);
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

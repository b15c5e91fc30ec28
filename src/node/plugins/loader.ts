/** Package entry `colorshine/loader`: for Next, whose Turbopack takes webpack's loaders and no plugins. */
import { readFile } from 'node:fs/promises';
import type { ShineOptions } from './options.js';
import { withPlainErrors } from './plain-error.js';
import { sharedStudio } from './studio.js';

export type { ShineOptions };

/** What is used of a loader's context. */
interface LoaderContext {
  readonly resourcePath: string;
  /** With its question mark. */
  readonly resourceQuery: string;
  readonly rootContext: string;
  getOptions(): ShineOptions;
  addDependency(file: string): void;
  async(): (error: unknown, content?: Uint8Array) => void;
}

/** Bytes are handed over: as text they would have to be UTF-8. */
export const raw = true;

/**
 * The bytes of `./hero.jpg?shine=brand.json&theme=dark` become those of the finished file, and Next goes on as with any image. A
 * loader is not told who imports it: paths in the query start from the image's folder, or from the root with a slash.
 */
export default function shineLoader(this: LoaderContext): void {
  const { resourcePath: image, resourceQuery, rootContext } = this;
  const done = this.async();
  withPlainErrors(async () => {
    const given = { image, specifier: image + resourceQuery };
    const { studio } = sharedStudio(this.getOptions(), rootContext);
    return readFile((await studio.shine(given, resourceQuery.slice(1), (file) => this.addDependency(file))).file);
  }).then((bytes) => done(null, bytes), done);
}

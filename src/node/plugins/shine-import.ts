import { ColorshineError } from '../../core/index.js';
import { showPath } from './find-file.js';
import type { ShineSettings } from './options.js';
import { plainError } from './plain-error.js';
import { splitSpecifier } from './query.js';

export interface ShineImport {
  /** The image, an absolute path. */
  readonly image: string;
  /** As written in the import, for messages. */
  readonly specifier: string;
  /** The importing file, an absolute path. */
  readonly importer?: string | undefined;
}

/** @param importer the importing module's id, which may have a query @param image its path, where the bundler has found it */
export function importOf(specifier: string, importer: string | undefined, image?: string): ShineImport {
  const { path } = splitSpecifier(image ?? specifier);
  return { image: path, specifier, importer: importer && splitSpecifier(importer).path };
}

/** The error for an image that the bundler does not find. */
export function missingImage({ image, specifier, importer }: ShineImport, { root }: ShineSettings): ColorshineError {
  return plainError(
    'INPUT_NOT_FOUND',
    `${placeOf(specifier, importer, root)}: expected an image file at ${image}, found nothing there`,
  );
}

/** Puts the import and the importing file before an error's message. @throws ColorshineError without a stack */
export async function named<T>({ specifier, importer }: ShineImport, root: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ColorshineError)) throw error;
    throw plainError(error.code, `${placeOf(specifier, importer, root)}: ${error.message}`);
  }
}

function placeOf(specifier: string, importer: string | undefined, root: string): string {
  return importer === undefined ? specifier : `${specifier} (in ${showPath(importer, root)})`;
}

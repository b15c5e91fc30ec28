import { ColorshineError } from '../core/errors.js';

/** For a file whose structure is broken; who knows its name puts it before. */
export function corrupt(what: string, cause?: unknown): ColorshineError {
  return new ColorshineError('INPUT_CORRUPT', `image: ${what}`, { cause });
}

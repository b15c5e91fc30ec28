import { ColorshineError } from '../errors.js';

/** Runs a check and puts the place before its message. */
export function checkedAs<T>(place: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof ColorshineError) || error.message.startsWith(place)) throw error;
    // "row 2: row: …" says it twice.
    throw new ColorshineError(error.code, `${place}: ${error.message.replace(/^row: /, '')}`, { cause: error });
  }
}

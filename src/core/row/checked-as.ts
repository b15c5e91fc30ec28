import { ColorshineError } from '../errors.js';

/** Runs a check and puts the place before its message. */
export function checkedAs<T>(place: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof ColorshineError) || error.message.startsWith(place)) throw error;
    throw new ColorshineError(error.code, `${place}: ${error.message}`, { cause: error });
  }
}

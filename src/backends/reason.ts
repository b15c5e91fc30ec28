import { messageOf } from '../core/errors.js';

/** What went wrong, in one line of at most 200 characters: drivers append whole shaders. */
export function shortReasonOf(error: unknown): string {
  return (messageOf(error).split('\n', 1)[0] as string).slice(0, 200);
}

/** What went wrong, without the stack. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The same in one line of at most 200 characters: drivers append whole shaders. */
export function shortReasonOf(error: unknown): string {
  return (reasonOf(error).split('\n', 1)[0] as string).slice(0, 200);
}

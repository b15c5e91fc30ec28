/** What a token file may hold, so that reading it is a bounded work. */

/** Deeper nesting than any design system has; a walk must not exhaust the stack. */
export const MAX_DEPTH = 64;
/** Tokens of one file. */
export const MAX_TOKENS = 50_000;
/** Groups and tokens of one file, when groups that extend others have taken in what they inherit. */
export const MAX_NODES = 4 * MAX_TOKENS;
/** Values of one file, when references are replaced by what they lead to. */
export const MAX_EXPANDED = 1_000_000;
/** Modes and themes; large design systems have dozens. */
export const MAX_MODES = 1000;
/** Tokens of all files, once for each theme. */
export const MAX_RESOLVED = 10_000_000;
/** Characters of a token's path, or of a pointer to one. */
export const MAX_PATH_LENGTH = 512;
/** Characters of one file. */
export const MAX_TEXT_LENGTH = 32 * 1024 * 1024;

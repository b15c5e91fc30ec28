import { escapeControls } from './plain-text.js';

/** The call itself was wrong, whatever the data: exit code 2 in the CLI. */
const USAGE_CODES = [
  'INVALID_COLOR',
  'INVALID_ROW',
  'INVALID_TOLERANCE',
  'INVALID_REACH',
  'INVALID_STRENGTH',
  'INVALID_CHANNELS',
  'INVALID_RECIPE',
  'INVALID_PLAN',
  'INVALID_TOKENS',
  'UNKNOWN_TOKEN',
  'UNKNOWN_THEME',
  'INVALID_OPTION',
  'INVALID_CONFIG',
  'NO_ROWS',
  'OUTPUT_IS_INPUT',
  'OUTPUT_COLLISION',
  'OUTPUT_UNSUPPORTED',
] as const;
/** The data, the disk or the machine. */
const WORK_CODES = [
  'INVALID_JOB',
  'INVALID_PIXELS',
  'INVALID_LUT',
  'INPUT_NOT_FOUND',
  'INPUT_NOT_A_FILE',
  'INPUT_UNREADABLE',
  'INPUT_UNSUPPORTED',
  'INPUT_CORRUPT',
  'INPUT_CHANGED',
  'INPUT_TOO_LARGE',
  'IMPORT_LEFT_OVER',
  'OUTPUT_UNWRITABLE',
  'DISK_FULL',
  'BACKEND_FAILED',
  'QUEUE_UNAVAILABLE',
  'JOB_FAILED',
  'JOB_SUPERSEDED',
  'CANCELED',
] as const;

/** What went wrong, for programs. `docs/errors.md` explains each. */
export const ERROR_CODES = [...USAGE_CODES, ...WORK_CODES] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * The only error this project throws on purpose: one line that says what was expected and quotes what was given. Names of files
 * and tokens in it come from outside: control characters are escaped.
 */
export class ColorshineError extends Error {
  override readonly name = 'ColorshineError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(escapeControls(message), options);
    this.code = code;
  }

  /** True when the call was wrong rather than the data. */
  get isUsage(): boolean {
    return (USAGE_CODES as readonly ErrorCode[]).includes(this.code);
  }
}

/** What a thing that was thrown says, without the stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A value as an error message shows it: quoted, on one line, at most 72 characters. */
export function quote(value: unknown): string {
  let text: string;
  try {
    text =
      typeof value === 'string'
        ? JSON.stringify(value)
        : typeof value === 'number'
          ? String(value)
          : (JSON.stringify(value) ?? String(value));
  } catch {
    // A cycle, or nested so deep that `String` would run out of stack too.
    text = typeof value === 'object' ? 'an object that is no JSON' : String(value);
  }
  return text.length > 72 ? `${text.slice(0, 69)}...` : text;
}

/** @throws CANCELED when the signal is aborted */
export function throwIfCanceled(signal: { readonly aborted: boolean } | undefined): void {
  if (signal?.aborted) throw new ColorshineError('CANCELED', 'canceled');
}

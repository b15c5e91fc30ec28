import { ColorshineError, type ErrorCode } from '../../src/core/errors.js';
import type { SkipReason } from '../../src/protocol/messages.js';

/** An image that cannot be recolored, with the reason that the report will give. */
export class ImageError extends ColorshineError {
  readonly reason: SkipReason;

  constructor(code: ErrorCode, reason: SkipReason, message: string, options?: { cause?: unknown }) {
    super(code, message, options);
    this.reason = reason;
  }
}

/** Why an image is skipped, from whatever was thrown. */
export function reasonOf(error: unknown): SkipReason {
  const { reason, code } = (error ?? {}) as { reason?: SkipReason; code?: ErrorCode };
  return reason ?? (code === 'INPUT_CORRUPT' ? 'unsupported' : 'failed');
}

import { ColorshineError, type ErrorCode } from '../../core/index.js';

/**
 * For bundlers that print stacks: our own errors say in one line what is wrong with the project, and where in this package that
 * was noticed is nobody's business.
 */
export function plainError(code: ErrorCode, message: string): ColorshineError {
  const error = new ColorshineError(code, message);
  error.stack = `${error.name}: ${error.message}`;
  return error;
}

/** Ours become such ones. Everything else is a defect and keeps its stack. */
export async function withPlainErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ColorshineError ? plainError(error.code, error.message) : error;
  }
}

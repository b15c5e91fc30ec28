import { expect } from 'vitest';
import { ColorshineError, type ErrorCode } from '../../src/index.js';

/** The message of the coded error that `act` throws: one line, or the test fails. */
export function messageOf(code: ErrorCode, act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (!(error instanceof ColorshineError)) throw error;
    expect(error.code).toBe(code);
    expect(error.message).not.toContain('\n');
    return error.message;
  }
  throw new Error(`expected ${code}, but nothing was thrown`);
}

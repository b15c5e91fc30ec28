import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ColorshineError } from '../../src/core/errors.js';
import { readTokens, type TokenSet } from '../../src/tokens/index.js';

export const FIXTURES = 'test/fixtures/tokens';

export function readFixtures(...files: string[]): TokenSet {
  return readTokens(files.map((file) => ({ file, text: readFileSync(join(FIXTURES, file), 'utf8') })));
}

/** Tokens from data, as one file a.json. */
export function readData(data: unknown): TokenSet {
  return readTokens([{ file: 'a.json', text: JSON.stringify(data) }]);
}

/** The code and message of what a call throws. */
export function errorOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof ColorshineError) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'nothing was thrown';
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ColorshineError } from '../../src/core/errors.js';
import { colorAt, colorsOf, readTokens, type TokenSet } from '../../src/tokens/index.js';

export const FIXTURES = 'test/fixtures/tokens';

export function readFixtures(...files: string[]): TokenSet {
  return readTokens(files.map((file) => ({ file, text: readFileSync(join(FIXTURES, file), 'utf8') })));
}

/** Tokens from data, as one file a.json. */
export function readData(data: unknown): TokenSet {
  return readTokens([{ file: 'a.json', text: JSON.stringify(data) }]);
}

/** What reading data throws, or else the first of its tokens that cannot be used, in any theme. */
export function troubleOf(data: unknown): string {
  return errorOf(() => {
    const tokens = readData(data);
    for (const theme of [undefined, ...tokens.themes]) {
      const colors = colorsOf(tokens, theme);
      for (const path of colors.problems?.keys() ?? []) colorAt(colors, path);
    }
  });
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

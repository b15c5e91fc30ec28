import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CASES } from './recipes.js';

const MIN_IDENTICAL = 0.999;

/** The js backend against the reference on all 2^24 colors, for the cases whose index is wanted. */
export function describeExactness(isWanted: (index: number) => boolean): void {
  describe('js backend and reference on all 2^24 colors', () => {
    let exactness: typeof import('./exactness.js');
    let folder: string;

    // Bundled, as users run it: vitest turns each call across modules into a property read, a third of the time here.
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'colorshine-exactness-'));
      const outfile = join(folder, 'exactness.mjs');
      await build({
        entryPoints: ['test/support/exactness.ts'],
        outfile,
        bundle: true,
        platform: 'node',
        format: 'esm',
        logLevel: 'error',
      });
      exactness = await import(/* @vite-ignore */ pathToFileURL(outfile).href);
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    for (const recipe of CASES.filter((_, index) => isWanted(index))) {
      it(recipe.name, { timeout: 600_000 }, async () => {
        const { max, identical, moved, tableEqualsDirect } = await exactness.compareOnAllColors(recipe);
        console.info(
          `${recipe.name}: max ${max}/255, ${(identical * 100).toFixed(5)} % identical, ${moved} colors moved`,
        );
        expect(moved).toBeGreaterThan(1e5);
        expect(max).toBeLessThanOrEqual(1);
        expect(identical).toBeGreaterThanOrEqual(MIN_IDENTICAL);
        expect(tableEqualsDirect).toBe(true);
      });
    }
  });
}

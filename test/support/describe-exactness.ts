import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CASES, planOf } from './cases.js';
import { type Finding, hashOf, readFindings } from './proof.js';

const MIN_IDENTICAL = 0.999;

function expectAgreement({ max, identical }: Pick<Finding, 'max' | 'identical'>): void {
  expect(max).toBeLessThanOrEqual(1);
  expect(identical).toBeGreaterThanOrEqual(MIN_IDENTICAL);
}

/** The js backend against the reference on all 2^24 colors, for the cases whose index is wanted. */
export function describeExactness(isWanted: (index: number) => boolean): void {
  describe('js backend and reference on all 2^24 colors', () => {
    let bundled: typeof import('./exactness.js');
    let findings: Readonly<Record<string, Finding>>;
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
      bundled = await import(/* @vite-ignore */ pathToFileURL(outfile).href);
      findings = await readFindings('pull');
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    for (const [index, recipe] of CASES.filter(({ js }) => js === 'all').entries()) {
      if (!isWanted(index)) continue;
      it(recipe.name, { timeout: 600_000 }, async () => {
        const plan = planOf(recipe);
        const { createJsBackend, createRemembering, compareWithReference, recolorEveryColor, sampleWithEdges } =
          bundled;
        const direct = await recolorEveryColor(plan, createJsBackend(), 'direct');
        // The table strategy asks for the same colors; one case asks the backend itself, in the table's order and pieces.
        const backend = index === 0 ? createJsBackend() : createRemembering(direct);
        expect(Buffer.compare(await recolorEveryColor(plan, backend, 'table'), direct)).toBe(0);

        // Known answers have been compared already; the sample shows that the reference is what it was.
        const known = findings[`js: ${recipe.name}`];
        const isKnown = known?.hash === hashOf(direct);
        const { compared, max, identical, moved } = compareWithReference(
          direct,
          plan,
          isKnown ? sampleWithEdges() : undefined,
        );
        console.info(
          `${recipe.name}: max ${max}/255, ${(identical * 100).toFixed(5)} % of ${compared} identical, ${moved} moved`,
        );
        expect(moved / compared).toBeGreaterThan(0.005);
        expectAgreement({ max, identical });
        if (isKnown) expectAgreement(known);
      });
    }
  });
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CASES, type Case, type Depth, planOf, sampleColors } from './cases.js';
import { type Finding, hashOf, readFindings } from './proof.js';

const MIN_IDENTICAL = 0.999;
const THINNED_SAMPLE = 1 << 14;

const COMPARED = CASES.filter((testCase): testCase is Case & { js: Depth } => testCase.js !== undefined);

function expectAgreement({ max, identical }: Pick<Finding, 'max' | 'identical'>): void {
  expect(max).toBeLessThanOrEqual(1);
  expect(identical).toBeGreaterThanOrEqual(MIN_IDENTICAL);
}

/** The js backend against the reference on all 2^24 colors or on every 61st, as a case says, for the cases whose index is wanted. */
export function describeExactness(isWanted: (index: number) => boolean): void {
  describe('js backend and reference', () => {
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
    /** What a known answer is looked at for. */
    const sampleOf = (depth: Depth): Uint32Array =>
      depth === 'all' ? bundled.sampleWithEdges() : sampleColors(THINNED_SAMPLE);
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    for (const [index, testCase] of COMPARED.entries()) {
      if (!isWanted(index)) continue;
      const { name, js: depth } = testCase;
      it(`${name}, ${depth}`, { timeout: 600_000 }, async () => {
        const plan = planOf(testCase);
        const { colorsOf, createJsBackend, createRemembering, compareWithReference, recolorColors } = bundled;
        const colors = colorsOf(depth);
        const direct = await recolorColors(colors, plan, createJsBackend(), 'direct');
        // The table strategy asks for the same colors; one case asks the backend itself, in the table's order and pieces.
        const remembers = depth === 'all' && index > 0;
        const backend = remembers ? createRemembering(direct) : createJsBackend();
        expect(Buffer.compare(await recolorColors(colors, plan, backend, 'table'), direct)).toBe(0);

        // Known answers have been compared already; the sample shows that the reference is what it was.
        const known = findings[`js: ${name}`];
        const isKnown = known?.[depth === 'all' ? 'hash' : 'thinned'] === hashOf(direct);
        const looked = isKnown ? sampleOf(depth) : colors;
        const answers = isKnown ? await recolorColors(looked, plan, createJsBackend(), 'direct') : direct;
        const { compared, max, identical, moved } = compareWithReference(answers, plan, looked);
        console.info(
          `${name}: max ${max}/255, ${(identical * 100).toFixed(5)} % of ${compared} identical, ${moved} moved`,
        );
        expect(moved / compared).toBeGreaterThan(0.005);
        expectAgreement({ max, identical });
        if (isKnown) expectAgreement(known);
      });
    }
  });
}

/**
 * Writes test/fixtures/exactness.json: what backends answer for all 2^24 colors, in hashes, once it has been compared color by color
 * with its reference (test/support/proof.ts). Takes minutes. Run after a change of the pull or a backend: npm run exactness
 *
 * - js against `pull`
 * - wasm, in Node and in a browser, and the GPU modes of the tests' browser against js
 */
import { writeFile } from 'node:fs/promises';
import { createWasmBackend } from '../src/backends/wasm/index.js';
import { createJsBackend } from '../src/index.js';
import { CASES, planOf } from '../test/support/cases.js';
import { IDENTICAL_SHARE, LARGEST_DIFFERENCE } from '../test/support/compare.js';
import { checkEveryColor } from '../test/support/conformance.js';
import { compareWithReference, recolorEveryColor } from '../test/support/every-color.js';
import { type Finding, hashCode, hashOf, PROOF_FILE, type Proof } from '../test/support/proof.js';
import { callSuite, openSuiteBrowser } from '../test/support/suite-page.js';

const BROWSER_BACKENDS = ['wasm', 'webgl2', 'webgpu'];

const findings: Record<'pull' | 'js', Record<string, Finding>> = { pull: {}, js: {} };

/** @throws when the answers are not what docs/model.md wants: nothing is written then */
function note(reference: 'pull' | 'js', name: string, { compared, max, identical, strays, hash }: Finding): void {
  console.log(`${name}: max ${max}/255, ${(identical * 100).toFixed(5)} % identical, ${strays} strays`);
  if (max > LARGEST_DIFFERENCE || identical < IDENTICAL_SHARE || strays > 0) throw new Error(`${name} is wrong`);
  const different = Math.round((1 - identical) * compared);
  findings[reference][name] = { hash, compared, max, different, identical, strays };
}

for (const recipe of CASES.filter(({ js }) => js)) {
  const plan = planOf(recipe);
  const answers = await recolorEveryColor(plan, createJsBackend(), 'direct');
  const { compared, max, identical } = compareWithReference(answers, plan);
  note('pull', `js: ${recipe.name}`, { compared, max, different: 0, identical, strays: 0, hash: hashOf(answers) });
}

const dense = CASES.filter(({ fast }) => fast);
const wasm = await createWasmBackend({ variant: 'simd' });
for (const testCase of dense) note('js', `wasm, simd: ${testCase.name}`, await checkEveryColor(wasm, testCase));
wasm.dispose();

const chromium = await openSuiteBrowser();
try {
  const page = await chromium.openPage();
  for (const name of BROWSER_BACKENDS) {
    const { reason } = await callSuite(page, 'probe', name);
    if (reason !== undefined) {
      console.log(`${name} in a browser: ${reason}`);
      continue;
    }
    for (const testCase of dense) {
      note(
        'js',
        `${name} in a browser: ${testCase.name}`,
        await callSuite(page, 'checkEveryColor', name, testCase.name),
      );
    }
  }
} finally {
  await chromium.close();
}

const about = 'Answers for all 2^24 colors that were compared with their reference by scripts/make-exactness.ts.';
const references = { pull: await hashCode('pull'), js: await hashCode('js') };
await writeFile(PROOF_FILE, JSON.stringify({ about, references, findings } satisfies Proof));

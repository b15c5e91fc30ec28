/**
 * Writes test/fixtures/exactness.json: what backends answer for all 2^24 colors, in hashes, once it has been compared color by color
 * with its reference (test/support/proof.ts). Takes minutes a case; what was compared before is known again by its hash, and the
 * file is written after each, so that a run may be stopped. Run after a change of the pull or a backend: npm run exactness
 *
 * - js against `pull`
 * - wasm, in Node and in a browser, and the GPU modes of the tests' browser against js
 */
import { writeFile } from 'node:fs/promises';
import { createWasmBackend } from '../src/backends/wasm/index.js';
import { createJsBackend } from '../src/index.js';
import { CASES, planOf } from '../test/support/cases.js';
import { IDENTICAL_SHARE, LARGEST_DIFFERENCE } from '../test/support/compare.js';
import { checkEveryColor, type Known } from '../test/support/conformance.js';
import { compareWithReference, everyColor, recolorColors } from '../test/support/every-color.js';
import {
  type Code,
  hashCode,
  hashOf,
  PROOF_FILE,
  type Proof,
  type Reference,
  readProof,
} from '../test/support/proof.js';
import { callSuite, openSuiteBrowser } from '../test/support/suite-page.js';

const BROWSER_BACKENDS = ['wasm', 'webgl2', 'webgpu'];

const about = 'Answers for all 2^24 colors that were compared with their reference by scripts/make-exactness.ts.';
const before = await readProof();
const code: Record<Code, string> = {
  pull: await hashCode('pull'),
  js: await hashCode('js'),
  wasm: await hashCode('wasm'),
  gpu: await hashCode('gpu'),
};

const isSame = (name: Code): boolean => before.code[name] === code[name];
const isOfSame = (finding: string): boolean => isSame(finding.startsWith('wasm') ? 'wasm' : 'gpu');

/** What holds for the code as it is. */
const valid: Proof['findings'] = {
  pull: isSame('pull') && isSame('js') ? before.findings.pull : {},
  js: Object.fromEntries(Object.entries(isSame('js') ? before.findings.js : {}).filter(([name]) => isOfSame(name))),
};
/** What was compared with a reference as it is, whatever gave the answers. */
const known: Proof['findings'] = {
  pull: isSame('pull') ? before.findings.pull : {},
  js: isSame('js') ? before.findings.js : {},
};
/** In the order of this run: what was known and is not found again goes. */
const found: Record<Reference, Record<string, Known>> = { pull: {}, js: {} };

const save = (findings: Proof['findings']): Promise<void> =>
  writeFile(PROOF_FILE, JSON.stringify({ about, code, findings } satisfies Proof));

/** @throws when the answers are not what docs/internals/model.md wants: nothing is noted then */
async function note(reference: Reference, name: string, finding: Known): Promise<void> {
  const { compared, max, identical, strays, hash } = finding;
  const was = before.findings[reference][name]?.hash;
  const news = was === undefined ? 'new' : was === hash ? 'as before' : 'ANOTHER ANSWER THAN BEFORE';
  console.log(`${name}: ${news}, max ${max}/255, ${(identical * 100).toFixed(5)} % identical, ${strays} strays`);
  if (max > LARGEST_DIFFERENCE || identical < IDENTICAL_SHARE || strays > 0) throw new Error(`${name} is wrong`);
  const different = Math.round((1 - identical) * compared);
  found[reference][name] = { hash, compared, max, different, identical, strays };
  await save({ pull: { ...valid.pull, ...found.pull }, js: { ...valid.js, ...found.js } });
}

/** Takes over what the same code gave before. @returns whether there is nothing to do */
function keep(reference: Reference, name: string): boolean {
  const finding = valid[reference][name];
  if (finding) found[reference][name] = finding;
  return finding !== undefined;
}

async function compareJs(): Promise<void> {
  const colors = everyColor();
  for (const testCase of CASES.filter(({ every }) => every)) {
    const name = `js: ${testCase.name}`;
    if (keep('pull', name)) continue;
    const plan = planOf(testCase);
    const answers = await recolorColors(colors, plan, createJsBackend(), 'direct');
    const hash = hashOf(answers);
    const earlier = known.pull[name];
    const isKnown = earlier?.hash === hash;
    const finding = isKnown ? earlier : { ...compareWithReference(answers, plan, colors), different: 0, strays: 0 };
    await note('pull', name, { ...finding, hash });
  }
}

async function compareFast(): Promise<void> {
  const wasm = await createWasmBackend({ variant: 'simd' });
  for (const testCase of CASES.filter(({ every }) => every && every !== 'js')) {
    const name = `wasm: ${testCase.name}`;
    if (keep('js', name)) continue;
    await note('js', name, await checkEveryColor(wasm, testCase, known.js[name]));
  }
  wasm.dispose();

  const chromium = await openSuiteBrowser();
  try {
    const page = await chromium.openPage();
    const running: string[] = [];
    for (const backend of BROWSER_BACKENDS) {
      const { reason } = await callSuite(page, 'probe', backend);
      if (reason === undefined) running.push(backend);
      else console.log(`${backend} in a browser: ${reason}`);
    }
    // Case by case: the page keeps what js answers to the last one.
    for (const testCase of CASES.filter(({ every }) => every === 'backend')) {
      for (const backend of running) {
        const name = `${backend} in a browser: ${testCase.name}`;
        if (keep('js', name)) continue;
        await note('js', name, await callSuite(page, 'checkEveryColor', backend, testCase.name, known.js[name]));
      }
    }
  } finally {
    await chromium.close();
  }
}

await compareJs();
await compareFast();
await save(found);

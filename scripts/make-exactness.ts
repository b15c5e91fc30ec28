/**
 * Writes test/fixtures/exactness.json: what backends answer for all 2^24 colors, in hashes, once it has been compared color by color
 * with its reference (test/support/proof.ts). Takes minutes a case; what was compared before is known again by its hash, and the
 * file is written after each, so that a run may be stopped. Run after a change of the pull or a backend: npm run exactness
 *
 * - js against `pull`
 * - wasm, in Node and in a browser, and the GPU modes of the tests' browser against js
 *
 * `npm run exactness -- pull` does the first part alone.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { createWasmBackend } from '../src/backends/wasm/index.js';
import { createJsBackend } from '../src/index.js';
import { CASES, planOf } from '../test/support/cases.js';
import { IDENTICAL_SHARE, LARGEST_DIFFERENCE } from '../test/support/compare.js';
import { checkEveryColor } from '../test/support/conformance.js';
import { colorsOf, compareWithReference, pickAnswers, recolorColors } from '../test/support/every-color.js';
import {
  type Finding,
  hashCode,
  hashOf,
  PROOF_FILE,
  type Proof,
  type Reference,
  readFindings,
} from '../test/support/proof.js';
import { callSuite, openSuiteBrowser } from '../test/support/suite-page.js';

const BROWSER_BACKENDS = ['wasm', 'webgl2', 'webgpu'];

const about = 'Answers for all 2^24 colors that were compared with their reference by scripts/make-exactness.ts.';
const before = JSON.parse(await readFile(PROOF_FILE, 'utf8')) as Proof;
const known = { pull: await readFindings('pull'), js: await readFindings('js') };
/** In the order of this run: what was known and is not found again goes. */
const found: Record<Reference, Record<string, Finding>> = { pull: {}, js: {} };
const done = { pull: false, js: false };

/** @throws when the answers are not what docs/model.md wants: nothing is noted then */
async function note(reference: Reference, name: string, finding: Finding): Promise<void> {
  const { compared, max, identical, strays, hash } = finding;
  const was = before.findings[reference][name]?.hash;
  const news = was === undefined ? 'new' : was === hash ? 'as before' : 'ANOTHER ANSWER THAN BEFORE';
  console.log(`${name}: ${news}, max ${max}/255, ${(identical * 100).toFixed(5)} % identical, ${strays} strays`);
  if (max > LARGEST_DIFFERENCE || identical < IDENTICAL_SHARE || strays > 0) throw new Error(`${name} is wrong`);
  const different = Math.round((1 - identical) * compared);
  const { thinned } = finding;
  found[reference][name] = { hash, ...(thinned && { thinned }), compared, max, different, identical, strays };
  await save();
}

/** What this run has not come to yet is kept as it was. */
async function save(): Promise<void> {
  const findings = { ...before.findings };
  const references = { ...before.references };
  for (const reference of ['pull', 'js'] as const) {
    if (!done[reference] && Object.keys(found[reference]).length === 0) continue;
    references[reference] = await hashCode(reference);
    findings[reference] = { ...(!done[reference] && known[reference]), ...found[reference] };
  }
  await writeFile(PROOF_FILE, JSON.stringify({ about, references, findings } satisfies Proof));
}

async function compareJs(): Promise<void> {
  const [all, thinned] = [colorsOf('all'), colorsOf('thinned')];
  for (const testCase of CASES.filter(({ js }) => js)) {
    const name = `js: ${testCase.name}`;
    const plan = planOf(testCase);
    const answers = await recolorColors(all, plan, createJsBackend(), 'direct');
    const hashes = { hash: hashOf(answers), thinned: hashOf(pickAnswers(answers, thinned)) };
    const earlier = known.pull[name];
    if (earlier?.hash === hashes.hash) await note('pull', name, { ...earlier, ...hashes });
    else await note('pull', name, { different: 0, strays: 0, ...compareWithReference(answers, plan, all), ...hashes });
  }
  done.pull = true;
  await save();
}

async function compareFast(): Promise<void> {
  const dense = CASES.filter(({ fast }) => fast);
  const wasm = await createWasmBackend({ variant: 'simd' });
  for (const testCase of dense) {
    const name = `wasm, simd: ${testCase.name}`;
    await note('js', name, await checkEveryColor(wasm, testCase, 'all', known.js[name]));
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
    for (const testCase of dense) {
      for (const backend of running) {
        const name = `${backend} in a browser: ${testCase.name}`;
        await note('js', name, await callSuite(page, 'checkEveryColor', backend, testCase.name, 'all', known.js[name]));
      }
    }
  } finally {
    await chromium.close();
  }
  done.js = true;
  await save();
}

await compareJs();
if (!process.argv.includes('pull')) await compareFast();

/** Every backend over the same cases, in Node. The browser's part is test/browser/conformance.test.ts. */
import { afterAll, describe, expect, it } from 'vitest';
import { CASES, PATHS, planOf } from './support/cases.js';
import { IDENTICAL_SHARE, LARGEST_DIFFERENCE } from './support/compare.js';
import { loadBundled } from './support/load-bundled.js';
import { CODE, type Code, hashCode, readProof } from './support/proof.js';

const suite = await loadBundled<typeof import('./support/conformance-suite.js')>('test/support/conformance-suite.ts');
const proof = await readProof();

/** Every backend here, by name. */
const BACKENDS = {
  js: suite.createJsBackend(),
  'wasm, simd': await suite.createWasmBackend({ variant: 'simd' }),
  'wasm, scalar': await suite.createWasmBackend({ variant: 'scalar' }),
};
afterAll(() => {
  for (const backend of Object.values(BACKENDS)) backend.dispose();
});

function expectAgreement({ max, identical }: { readonly max: number; readonly identical: number }): void {
  expect(max).toBeLessThanOrEqual(LARGEST_DIFFERENCE);
  expect(identical).toBeGreaterThanOrEqual(IDENTICAL_SHARE);
}

describe('agrees with pull', () => {
  for (const testCase of CASES) {
    it(testCase.name, async () => {
      for (const backend of Object.values(BACKENDS)) {
        const found = await suite.checkSample(backend, testCase);
        expectAgreement(found);
        expect(found.strays).toBe(0);
      }
    });
  }
});

describe('js, on edges and much else, by both strategies', () => {
  const colors = suite.sampleWithEdges();
  for (const testCase of CASES.filter(({ every }) => every)) {
    it(testCase.name, async () => {
      const plan = planOf(testCase);
      const answers = await suite.recolorColors(colors, plan, BACKENDS.js, 'direct');
      expect(Buffer.compare(await suite.recolorColors(colors, plan, BACKENDS.js, 'table'), answers)).toBe(0);
      const { moved, ...agreement } = suite.compareWithReference(answers, plan, colors);
      expect(moved / colors.length).toBeGreaterThan(0.005);
      expectAgreement(agreement);
    });
  }
});

describe('wasm gives all 2^24 colors as they were compared with js, by every path', () => {
  for (const testCase of PATHS.filter(({ every }) => every === 'backend')) {
    it(testCase.name, { timeout: 400_000 }, async () => {
      // Compared anew where the answers are others.
      const known = proof.findings.js[`wasm: ${testCase.name}`];
      const found = await suite.checkEveryColor(BACKENDS['wasm, simd'], testCase, known);
      expectAgreement(found);
      expect(found.strays).toBe(0);
    });
  }
});

describe('all 2^24 colors have been compared: npm run exactness', () => {
  it.each(Object.keys(CODE) as Code[])('with the code of %s as it is', async (code) => {
    expect(proof.code[code]).toBe(await hashCode(code));
  });

  const inBrowser = ['wasm', 'webgl2', 'webgpu'].map((backend) => `${backend} in a browser`);
  it.each([
    ['pull', { js: ['js'], wasm: ['js'], backend: ['js'] }],
    ['js', { js: [], wasm: ['wasm'], backend: ['wasm', ...inBrowser] }],
  ] as const)('for every case, with %s', (reference, backends) => {
    const wanted = CASES.flatMap(({ name, every }) =>
      every ? backends[every].map((backend) => `${backend}: ${name}`) : [],
    );
    expect(Object.keys(proof.findings[reference]).sort()).toEqual(wanted.sort());
    for (const finding of Object.values(proof.findings[reference])) {
      expectAgreement(finding);
      expect(finding).toMatchObject({ compared: 2 ** 24, strays: 0 });
    }
  });
});

/** Every backend over the same cases, in Node. The browser's part is test/browser/conformance.test.ts. */
import { afterAll, describe, expect, it } from 'vitest';
import { createJsBackend } from '../src/backends/js/index.js';
import { createWasmBackend } from '../src/backends/wasm/index.js';
import { CASES } from './support/cases.js';
import { IDENTICAL_SHARE, LARGEST_DIFFERENCE } from './support/compare.js';
import { type Conformance, checkEveryColor, checkSample, SAMPLE_COUNT, type Subject } from './support/conformance.js';
import { readFindings } from './support/proof.js';

/** One line a backend. */
const SUBJECTS: readonly Subject[] = [
  { name: 'js', open: async () => createJsBackend() },
  { name: 'wasm, simd', open: () => createWasmBackend({ variant: 'simd' }) },
  { name: 'wasm, scalar', open: () => createWasmBackend({ variant: 'scalar' }) },
];

/**
 * `pull` takes microseconds a color, so it cannot be asked for all of them. js is held to it here on more colors, and
 * then stands in for it where all 2^24 are compared.
 */
const DENSE_SAMPLE = 1 << 18;

/** All colors on a machine that does other things too, milliseconds. */
const EVERY_COLOR_TIMEOUT = 400_000;

function expectConformance({ max, identical, strays }: Conformance): void {
  expect(max).toBeLessThanOrEqual(LARGEST_DIFFERENCE);
  expect(identical).toBeGreaterThanOrEqual(IDENTICAL_SHARE);
  expect(strays).toBe(0);
}

const known = await readFindings('js');

for (const subject of SUBJECTS) {
  describe(subject.name, async () => {
    const backend = await subject.open();
    afterAll(() => backend.dispose());

    for (const testCase of CASES) {
      it(`agrees with pull: ${testCase.name}`, async () => {
        const isDense = subject.name === 'js' && testCase.fast !== undefined;
        expectConformance(await checkSample(backend, testCase, isDense ? DENSE_SAMPLE : SAMPLE_COUNT));
      });

      // The scalar build shares its source with the SIMD one, and js is what all colors are compared with.
      const { name, fast: depth } = testCase;
      if (!depth || subject.name === 'js' || subject.name === 'wasm, scalar') continue;
      it(
        `agrees with js on ${depth === 'all' ? 'all colors' : 'every 61st color'}: ${name}`,
        async () => {
          const before = depth === 'all' ? known[`${subject.name}: ${name}`] : undefined;
          expectConformance(await checkEveryColor(backend, testCase, depth, before));
        },
        EVERY_COLOR_TIMEOUT,
      );
    }
  });
}

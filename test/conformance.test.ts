/** Every backend over the same cases, in Node. The browser's part is test/browser/conformance.test.ts. */
import { afterAll, describe, expect, it } from 'vitest';
import { createJsBackend } from '../src/backends/js/index.js';
import { CASES } from './support/cases.js';
import { IDENTICAL_SHARE, LARGEST_DIFFERENCE } from './support/compare.js';
import { type Conformance, checkEveryColor, checkSample, SAMPLE_COUNT, type Subject } from './support/conformance.js';

/** One line a backend. */
const SUBJECTS: readonly Subject[] = [
  { name: 'js', open: async () => createJsBackend() }, //
];

/**
 * `pull` takes microseconds a color, so it cannot be asked for all of them. js is held to it here on more colors, and
 * then stands in for it where all 2^24 are compared.
 */
const DENSE_SAMPLE = 1 << 18;

function expectConformance({ max, identical, strays }: Conformance): void {
  expect(max).toBeLessThanOrEqual(LARGEST_DIFFERENCE);
  expect(identical).toBeGreaterThanOrEqual(IDENTICAL_SHARE);
  expect(strays).toBe(0);
}

for (const subject of SUBJECTS) {
  describe(subject.name, async () => {
    const backend = await subject.open();
    afterAll(() => backend.dispose());

    for (const testCase of CASES) {
      it(`agrees with pull: ${testCase.name}`, async () => {
        const isDense = subject.name === 'js' && testCase.everyColor === true;
        expectConformance(await checkSample(backend, testCase, isDense ? DENSE_SAMPLE : SAMPLE_COUNT));
      });

      if (!testCase.everyColor || subject.name === 'js') continue;
      it(`agrees with js on all colors: ${testCase.name}`, async () => {
        expectConformance(await checkEveryColor(backend, testCase));
      });
    }
  });
}

/**
 * Every backend over the same cases in real Chromium with a software GPU: on a page, and inside the two kinds of
 * sandboxed frame that Figma may use. What cannot run in a place is printed with its reason. On all 2^24 colors they are compared by
 * scripts/make-exactness.ts.
 */
import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CASES, PATHS } from '../support/cases.js';
import { IDENTICAL_SHARE, LARGEST_DIFFERENCE } from '../support/compare.js';
import type { Conformance } from '../support/conformance.js';
import { callSuite, openSuiteBrowser, type SuiteBrowser } from '../support/suite-page.js';

/** One line a backend, as test/browser/pages/suite.ts names it. */
const BACKENDS = ['js', 'wasm', 'webgl2', 'webgpu'];
/** Enough for a frame: what differs there is what may run, not what it computes. */
const FRAME_CASES = ['one color, strength 150', 'eight colors', 'radii exactly on colors', 'Display P3'];

let chromium: SuiteBrowser;
beforeAll(async () => {
  chromium = await openSuiteBrowser();
});
afterAll(() => chromium.close());

function expectConformance({ max, identical, strays }: Conformance): void {
  expect(max).toBeLessThanOrEqual(LARGEST_DIFFERENCE);
  expect(identical).toBeGreaterThanOrEqual(IDENTICAL_SHARE);
  expect(strays).toBe(0);
}

/** Which backends run in a place; the others are printed with their reason. */
async function probeAll(place: Page | Frame, where: string): Promise<Set<string>> {
  const running = new Set<string>();
  for (const name of BACKENDS) {
    const { reason } = await callSuite(place, 'probe', name);
    if (reason === undefined) running.add(name);
    else console.log(`skipped: ${name} ${where}: ${reason}`);
  }
  return running;
}

describe('on a page', () => {
  let page: Page;
  let running: Set<string>;
  beforeAll(async () => {
    page = await chromium.openPage();
    running = await probeAll(page, 'on a page');
  });

  it('offers js, wasm and WebGL2 at least', () => {
    expect([...running]).toEqual(expect.arrayContaining(['js', 'wasm', 'webgl2']));
  });

  for (const name of BACKENDS) {
    // js and wasm are as in Node, webgpu has the kernels of webgl2.
    const cases = name === 'webgl2' ? CASES : PATHS;
    it(`${name} agrees with pull on ${cases.length} cases`, async ({ skip }) => {
      if (!running.has(name)) return skip(`${name} does not run here`);
      for (const testCase of cases) expectConformance(await callSuite(page, 'checkSample', name, testCase.name));
    });
  }

  it('leaves only the undecidable to the host', async () => {
    for (const name of ['webgl2', 'webgpu'].filter((mode) => running.has(mode))) {
      const { hostColors, bytesDown, restarts, halvings } = await callSuite(page, 'stats', name);
      expect(hostColors).toBeGreaterThan(0);
      expect(hostColors).toBeLessThan((bytesDown / 4) * 0.001);
      expect({ restarts, halvings }).toEqual({ restarts: 0, halvings: 0 });
    }
  });
});

for (const [where, open] of [
  ['in a sandboxed frame from a data: URL', () => chromium.openDataFrame()],
  ['in a sandboxed srcdoc frame with a strict policy', () => chromium.openStrictFrame()],
] as const) {
  describe(where, () => {
    let frame: Frame;
    let running: Set<string>;
    beforeAll(async () => {
      frame = await open();
      running = await probeAll(frame, where);
    });

    it('has no origin, and no eval where the policy forbids it', async () => {
      expect(await frame.evaluate(() => globalThis.origin)).toBe('null');
      // Run by a script of the frame itself: what the test evaluates from outside is above every policy.
      const canEval = await frame.evaluate(
        () =>
          new Promise<boolean>((resolve) => {
            setTimeout(() => {
              try {
                resolve(new Function('return true')() as boolean);
              } catch {
                resolve(false);
              }
            });
          }),
      );
      expect(canEval).toBe(where.includes('data:'));
    });

    it('offers js, wasm and WebGL2 at least', () => {
      expect([...running]).toEqual(expect.arrayContaining(['js', 'wasm', 'webgl2']));
    });

    for (const name of BACKENDS) {
      it(`${name} agrees with pull`, async ({ skip }) => {
        if (!running.has(name)) return skip(`${name} does not run here`);
        for (const caseName of FRAME_CASES) expectConformance(await callSuite(frame, 'checkSample', name, caseName));
      });
    }

    it('opens WebGL2 in a worker where blobs are allowed, else here', async () => {
      const { isWorker, reason, ...conformance } = await callSuite(frame, 'openAnyhow', 'webgl2');
      expectConformance(conformance);
      expect(isWorker).toBe(where.includes('data:'));
      if (!isWorker) expect(reason).toMatch(/worker/);
    });
  });
}

it('wasm says why it does not run where a policy forbids WebAssembly', async () => {
  const { reason } = await callSuite(await chromium.openFrameWithoutWasm(), 'probe', 'wasm');
  expect(reason).toContain('backend wasm: the simd kernels did not start: ');
});

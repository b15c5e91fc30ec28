/**
 * Colors per second of js, webgl2 and webgpu in the Chromium of the tests, whose GPU is software (SwiftShader), or in
 * the browser and on the GPU at hand:
 *
 *     npx tsx bench/gpu.ts                        # SwiftShader
 *     CHROMIUM=/usr/bin/chromium npx tsx bench/gpu.ts   # a browser of yours, with its real GPU
 *
 * Distinct colors spread over the whole cube (harder than a photograph's: more of them leave the gamut), one warm-up,
 * the median of five runs, backends taken in turn within one page.
 */
import { performance } from 'node:perf_hooks';
import { callSuite, openSuiteBrowser } from '../test/support/suite-page.js';

const BACKENDS = ['js', 'webgl2', 'webgpu', 'webgl2 in a worker'];
const CASES = ['two colors', 'eight colors'];
const COLORS = 2 ** 20 - 4;
const REPETITIONS = 5;

const chromium = await openSuiteBrowser(process.env.CHROMIUM);
try {
  const page = await chromium.openPage();
  const start = performance.now();
  for (const name of BACKENDS) {
    const { device, reason } = await callSuite(page, 'probe', name);
    console.log(`${name}: ${reason ? `skipped: ${reason}` : device}`);
    if (reason) continue;
    for (const caseName of CASES) {
      const { rate, checksum } = await callSuite(page, 'measure', name, caseName, COLORS, REPETITIONS);
      console.log(`  ${caseName.padEnd(13)} ${(rate / 1e6).toFixed(2).padStart(8)} M colors/s   checksum ${checksum}`);
    }
  }
  console.log(`${((performance.now() - start) / 1000).toFixed(0)} s`);
} finally {
  await chromium.close();
}

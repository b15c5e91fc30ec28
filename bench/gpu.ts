/**
 * Colors per second of js, wasm, webgl2 and webgpu in the Chromium of the tests, whose GPU is software (SwiftShader), or in
 * the browser and on the GPU at hand:
 *
 *     npx tsx bench/gpu.ts                              # SwiftShader
 *     CHROMIUM=/usr/bin/chromium npx tsx bench/gpu.ts   # a browser of yours, with its real GPU
 *
 * Distinct colors spread over the whole cube (harder than a photograph's: more of them leave the gamut), one warm-up,
 * then five rounds in which the backends take turns, so that other load on the machine hits all alike; medians.
 */
import { callSuite, openSuiteBrowser } from '../test/support/suite-page.js';

const BACKENDS = ['js', 'wasm', 'webgl2', 'webgl2 in a worker', 'webgpu', 'webgpu in a worker'];
const CASES = ['two colors', 'eight colors'];
/** One large tile, less the sentinels. */
const COLORS = 2 ** 20 - 4;
const ROUNDS = 5;

const chromium = await openSuiteBrowser(process.env.CHROMIUM);
try {
  const page = await chromium.openPage();
  const running: string[] = [];
  for (const name of BACKENDS) {
    const { device, reason } = await callSuite(page, 'probe', name);
    console.log(`${name}: ${reason ? `skipped: ${reason}` : device}`);
    if (!reason) running.push(name);
  }
  for (const caseName of CASES) {
    const rates = new Map(running.map((name) => [name, [] as number[]]));
    const checksums = new Map<string, number>();
    for (let round = -1; round < ROUNDS; round++) {
      for (const name of running) {
        const { rate, checksum } = await callSuite(page, 'measure', name, caseName, COLORS);
        if (round >= 0) rates.get(name)?.push(rate);
        checksums.set(name, checksum);
      }
    }
    const base = median(rates.get('js') ?? []);
    console.log(`\n${caseName}, ${COLORS} colors`);
    for (const [name, list] of rates) {
      const rate = median(list);
      const columns = [
        name.padEnd(20),
        `${(rate / 1e6).toFixed(2).padStart(8)} M colors/s`,
        `${(rate / base).toFixed(2).padStart(6)} x js`,
        `checksum ${checksums.get(name)}`,
      ];
      console.log(columns.join('  '));
    }
  }
} finally {
  await chromium.close();
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number;
}

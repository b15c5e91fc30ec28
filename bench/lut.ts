import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { createWasmBackend } from '../src/backends/wasm/index.js';
import { NODE_THREADS } from '../src/backends/wasm/node-threads.js';
import { clearTable, countColors, createColorTable } from '../src/core/analysis/census.js';
import { buildLut } from '../src/core/lut/build.js';
import { measureByteError } from '../src/core/lut/error.js';
import type { Backend, LutSampler } from '../src/index.js';
import { createJsBackend, createSampler, INTERPOLATIONS, makeRecipe, type Plan, planFromCensus } from '../src/index.js';
import { checksum, summarize, table } from './measure.js';
import { makePhotoLike } from './photo-like.js';

const SIZES = [17, 33, 65, 129];
const SIDE = 2048;
const STRENGTHS = [70, 150];
const RUNS = 7;

/** Median milliseconds of processor time, one thread: a busy machine shows less in it than in the clock. */
async function timeProcessor(task: () => Promise<unknown>): Promise<number> {
  const samples: number[] = [];
  for (let i = 0; i <= RUNS; i++) {
    const before = process.cpuUsage();
    await task();
    const { user, system } = process.cpuUsage(before);
    if (i > 0) samples.push((user + system) / 1000);
  }
  return summarize(samples).median;
}

/** Median milliseconds by the clock, for work of several threads. */
async function timeClock(task: () => Promise<unknown>): Promise<number> {
  const samples: number[] = [];
  for (let i = 0; i <= RUNS; i++) {
    const began = performance.now();
    await task();
    if (i > 0) samples.push(performance.now() - began);
  }
  return summarize(samples).median;
}

/** Lookup tables: time to build and to apply, and how far off they are. @returns Markdown */
export async function benchLut(): Promise<string> {
  const picture = makePhotoLike(SIDE);
  const colorTable = createColorTable();
  const census = countColors(picture, 3, colorTable);
  clearTable(colorTable, census.colors);
  const plans = STRENGTHS.map((strength): [number, Plan] => {
    const recipe = makeRecipe([`blue;50;${strength}`, `oklch(70% 0.1 50);60;${strength}`]);
    return [strength, planFromCensus(census, recipe, 'srgb')];
  });
  const js = createJsBackend();
  const wasm = await createWasmBackend();
  const threads = availableParallelism();
  const threaded = await createWasmBackend({ threads, support: NODE_THREADS });
  const backends = { wasm, js, '8-bit nodes': { ...wasm, evaluateGrid: undefined } as unknown as Backend };
  const plan = plans[0]?.[1] as Plan;

  const builds: string[][] = [];
  for (const size of SIZES) {
    const cells: string[] = [];
    for (const backend of Object.values(backends)) {
      cells.push((await timeProcessor(() => buildLut(plan, size, backend))).toFixed(1));
    }
    cells.push((await timeClock(() => buildLut(plan, size, threaded))).toFixed(1));
    builds.push([`${size}³`, ...cells]);
  }

  const applies: string[][] = [];
  for (const size of SIZES) {
    const lut = await buildLut(plan, size, wasm);
    const simd = await wasm.createSampler?.(lut, 'tetrahedral', 255);
    const samplers: [string, LutSampler][] = [
      ['tetrahedral, wasm', simd as LutSampler],
      ['tetrahedral, js', createSampler(lut, 'tetrahedral', 255)],
      ['trilinear, js', createSampler(lut, 'trilinear', 255)],
    ];
    for (const [name, sampler] of samplers) {
      const data = new Uint8Array(picture.length);
      const ms = await timeProcessor(async () => {
        data.set(picture);
        await (sampler.applyTogether ?? sampler.apply)(data, 3);
      });
      applies.push([`${size}³ ${name}`, ms.toFixed(1), (SIDE ** 2 / ms / 1e3).toFixed(0), checksum(data)]);
    }
  }

  for (const size of SIZES) {
    const sampler = await threaded.createSampler?.(await buildLut(plan, size, wasm), 'tetrahedral', 255);
    const data = new Uint8Array(picture.length);
    const times: number[] = [];
    for (let i = 0; i <= RUNS; i++) {
      data.set(picture);
      const began = performance.now();
      await sampler?.applyTogether?.(data, 3);
      if (i > 0) times.push(performance.now() - began);
    }
    const ms = summarize(times).median;
    const name = `${size}³ tetrahedral, wasm, ${threads} threads, by the clock`;
    applies.push([name, ms.toFixed(1), (SIDE ** 2 / ms / 1e3).toFixed(0), checksum(data)]);
  }

  const errors: string[][] = [];
  for (const [strength, ownPlan] of plans) {
    const exact = new Uint32Array(census.colors.length);
    await js.evaluate(census.colors, ownPlan, exact);
    for (const size of SIZES) {
      for (const [name, backend] of [
        ['float', wasm],
        ['8-bit', backends['8-bit nodes']],
      ] as const) {
        const lut = await buildLut(ownPlan, size, backend);
        for (const interpolation of INTERPOLATIONS) {
          if (name === '8-bit' && interpolation === 'trilinear') continue;
          const sampler = createSampler(lut, interpolation, 255);
          const { max, percentile99, shareAboveOne } = await measureByteError(
            census.colors,
            census.counts,
            exact,
            sampler,
          );
          errors.push([
            `strength ${strength}, ${size}³, ${name} nodes, ${interpolation}`,
            String(max),
            String(percentile99),
            `${(shareAboveOne * 100).toFixed(3)} %`,
          ]);
        }
      }
    }
  }
  wasm.dispose();
  threaded.dispose();
  return [
    table(['build, ms', ...Object.keys(backends), `wasm, ${threads} threads, by the clock`], builds),
    table([`apply to ${SIDE}²`, 'ms', 'Mpx/s', 'checksum'], applies),
    table(['error on the picture, in codes', 'max', '99 %', 'above 1'], errors),
  ].join('\n\n');
}

import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { createWasmBackend } from '../src/backends/wasm/index.js';
import { NODE_THREADS } from '../src/backends/wasm/node-threads.js';
import { planFromPixels } from '../src/core/analysis/pixel-plan.js';
import { parseCube } from '../src/core/lut/cube.js';
import { cubeChunks, formatCube } from '../src/core/lut/format-cube.js';
import type { Backend, Lut, Samples } from '../src/index.js';
import {
  buildLut,
  createJsBackend,
  createSampler,
  type Interpolation,
  makeRecipe,
  recolorPixels,
} from '../src/index.js';
import { checksum, summarize, table, timeTurns } from './measure.js';
import { makePhotoLike } from './photo-like.js';
import { RECIPE } from './transform.js';

const SIDE = 2048;
const RUNS = 5;
const LUT_SIZE = 33;

interface Way {
  readonly name: string;
  readonly backend: Backend;
}

/** What goes pixel by pixel: 16 bits, the strategy `direct`, and lookup tables that SIMD has no kernel for. @returns Markdown */
export async function benchDeep(): Promise<string> {
  const threads = availableParallelism();
  const ways: Way[] = [
    { name: 'js, 1 thread', backend: createJsBackend() },
    { name: 'wasm, 1 thread', backend: await createWasmBackend() },
    { name: `wasm, ${threads} threads`, backend: await createWasmBackend({ threads, support: NODE_THREADS }) },
  ];
  const bytes = makePhotoLike(SIDE);
  const deep = widen(bytes);
  const rows = [...(await recolorRows('16 bits', deep, ways)), ...(await recolorRows('8 bits, direct', bytes, ways))];
  const applied = await applyRows(bytes, deep, ways);
  for (const { backend } of ways) backend.dispose();
  return [
    table([`photo-like ${SIDE}²`, 'backend', 'radii ms', 'pull ms', 'total ms', 'ns/pixel', 'Mpx/s', 'checksum'], rows),
    table([`apply ${LUT_SIZE}³ nodes to ${SIDE}²`, 'threads', 'ms', 'Mpx/s', 'checksum'], applied),
    table(['.cube file', 'MB', 'format ms', 'read ms'], await cubeRows()),
  ].join('\n\n');
}

/** 16-bit codes with noise in the bits below the eighth, so that hardly two pixels are alike. */
function widen(bytes: Uint8Array): Uint16Array {
  const deep = new Uint16Array(bytes.length);
  for (let i = 0, state = 1; i < deep.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    deep[i] = ((bytes[i] as number) << 8) | (state >>> 24);
  }
  return deep;
}

const sumOf = (data: Samples): string => checksum(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));

async function recolorRows(name: string, picture: Samples, ways: readonly Way[]): Promise<string[][]> {
  const recipe = makeRecipe(RECIPE);
  const runs = ways.map(() => [] as { radii: number; pull: number; total: number }[]);
  const sums = ways.map(() => '');
  for (let run = -1; run < RUNS; run++) {
    for (const [i, { backend }] of ways.entries()) {
      const data = picture.slice();
      const began = performance.now();
      const { timings } = await recolorPixels({ data, width: SIDE, height: SIDE, channels: 3 }, recipe, {
        backend,
        strategy: 'direct',
        now: () => performance.now(),
      });
      if (run >= 0) runs[i]?.push({ ...timings, total: performance.now() - began });
      sums[i] = sumOf(data);
    }
  }
  return ways.map((way, i) => {
    const median = (key: 'radii' | 'pull' | 'total'): number =>
      summarize((runs[i] ?? []).map((timings) => timings[key])).median;
    const total = median('total');
    return [
      name,
      way.name,
      median('radii').toFixed(0),
      median('pull').toFixed(0),
      total.toFixed(0),
      ((total * 1e6) / SIDE ** 2).toFixed(1),
      (SIDE ** 2 / total / 1e3).toFixed(0),
      sums[i] ?? '',
    ];
  });
}

async function applyRows(bytes: Uint8Array, deep: Uint16Array, ways: readonly Way[]): Promise<string[][]> {
  const corner = { data: deep.subarray(0, 3 << 16), width: 1 << 16, height: 1, channels: 3 } as const;
  const lut = await buildLut(planFromPixels(corner, makeRecipe(RECIPE)), LUT_SIZE, createJsBackend());
  const beyond: Lut = { ...lut, nodes: lut.nodes.map((x) => x * 1.02 - 0.01) };
  const cases: [string, Lut, Samples, Interpolation][] = [
    ['8 bits, tetrahedral', lut, bytes, 'tetrahedral'],
    ['8 bits, tetrahedral, values outside [0, 1]', beyond, bytes, 'tetrahedral'],
    ['8 bits, trilinear', lut, bytes, 'trilinear'],
    ['16 bits, tetrahedral', lut, deep, 'tetrahedral'],
    ['16 bits, trilinear', lut, deep, 'trilinear'],
  ];
  const rows: string[][] = [];
  for (const [name, own, picture, interpolation] of cases) {
    const maxCode = picture instanceof Uint16Array ? 65535 : 255;
    const samplers = [];
    for (const { name: way, backend } of ways.slice(1)) {
      const fast = await backend.createSampler?.(own, interpolation, maxCode);
      samplers.push([way.replace('wasm, ', ''), fast ?? createSampler(own, interpolation, maxCode)] as const);
    }
    const times = samplers.map(() => [] as number[]);
    const sums = samplers.map(() => '');
    for (let run = -1; run < RUNS; run++) {
      for (const [i, [, sampler]] of samplers.entries()) {
        const data = picture.slice();
        const began = performance.now();
        if (sampler.applyTogether) await sampler.applyTogether(data, 3);
        else sampler.apply(data, 3);
        if (run >= 0) times[i]?.push(performance.now() - began);
        sums[i] = sumOf(data);
      }
    }
    for (const [i, [way]] of samplers.entries()) {
      const ms = summarize(times[i] ?? []).median;
      rows.push([name, way, ms.toFixed(0), (SIDE ** 2 / ms / 1e3).toFixed(0), sums[i] ?? '']);
    }
  }
  return rows;
}

async function cubeRows(): Promise<string[][]> {
  const rows: string[][] = [];
  for (const size of [33, 65, 129]) {
    const corner = { data: Uint8Array.of(9, 99, 199, 200, 20, 2), width: 2, height: 1, channels: 3 } as const;
    const lut = await buildLut(planFromPixels(corner, makeRecipe(RECIPE)), size, createJsBackend());
    const text = new TextEncoder().encode(formatCube(lut, 'bench', []));
    const formatAll = (): void => {
      let bytes = 0;
      for (const chunk of cubeChunks(lut, 'bench', [])) bytes += chunk.length;
      if (bytes !== text.length) throw new RangeError(`expected ${text.length} bytes, got ${bytes}`);
    };
    const read = (): unknown => parseCube(text, 'bench.cube');
    const turns = timeTurns(
      RUNS,
      [formatAll, read].map((task) => () => {
        const began = performance.now();
        task();
        return performance.now() - began;
      }),
    );
    const medians = turns.map((times) => summarize(times).median.toFixed(0));
    rows.push([`${size}³`, (text.length / 1e6).toFixed(1), ...medians]);
  }
  return rows;
}

import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import sharp from 'sharp';
import { createWasmBackend } from '../src/backends/wasm/index.js';
import { NODE_THREADS } from '../src/backends/wasm/node-threads.js';
import { type Backend, createJsBackend, makeRecipe, recolorPixels } from '../src/index.js';
import type { Bar, BarGroup } from '../src/node/bench/bar-chart.js';
import { spreadOf } from '../src/node/bench/statistics.js';
import { checksum, type PartResult, table } from './measure.js';
import { openPeers } from './peers.js';
import { makePhotoLike } from './photo-like.js';

export const RECIPE = ['blue;50;70', 'oklch(70% 0.1 50);60;70'];
const RUNS = 7;
/** Processes are slower to measure, and steadier. */
const PEER_RUNS = 3;
const STAGES = ['census', 'radii', 'pull', 'repaint'] as const;

interface Picture {
  readonly name: string;
  readonly size: number;
  readonly data: Uint8Array;
  /** Measured against other programs too, and drawn. */
  readonly withPeers?: boolean;
  /** js would take minutes. */
  readonly withoutJs?: boolean;
}

interface Way {
  readonly name: string;
  readonly backend: Backend;
}

/** The transform without codec: census, radii, pull, repaint. Backends and peers take turns. */
export async function benchTransform(): Promise<PartResult> {
  const threads = availableParallelism();
  const js: Way = { name: 'js, 1 thread', backend: createJsBackend() };
  const wasm: Way[] = [
    { name: 'wasm, 1 thread', backend: await createWasmBackend() },
    { name: `wasm, ${threads} threads`, backend: await createWasmBackend({ threads, support: NODE_THREADS }) },
  ];
  const rows: string[][] = [];
  const peerRows: string[][] = [];
  const groups: BarGroup[] = [];
  const missing = new Set<string>();
  for (const picture of await pictures()) {
    const ways = picture.withoutJs ? wasm : [js, ...wasm];
    const measured = await measureWays(picture, ways);
    for (const { name, runs, distinct, sum } of measured) {
      rows.push([
        `${picture.name} ${picture.size}²`,
        name,
        distinct?.toLocaleString('en-US') ?? 'not counted',
        ...cells(runs, picture.size),
        sum,
      ]);
    }
    if (!picture.withPeers) continue;
    const opened = await openPeers(picture.data, picture.size, RECIPE, threads);
    try {
      const bars = measured.map(({ name, runs }) =>
        toBar(
          `Colorshine, ${name}`,
          runs.map(({ total }) => total as number),
          picture.size,
          'ours',
        ),
      );
      const times = opened.peers.map(() => [] as number[]);
      for (let run = 0; run < PEER_RUNS; run++) {
        for (const [i, peer] of opened.peers.entries()) times[i]?.push(await peer.run());
      }
      for (const [i, { name, kind }] of opened.peers.entries()) {
        const samples = times[i] as number[];
        const tone = kind === 'approximate' ? 'approximate' : kind === 'floor' ? 'floor' : 'peer';
        if (kind !== 'floor') bars.push(toBar(name, samples, picture.size, tone));
        const { median, min, max } = spreadOf(samples);
        const speed = picture.size ** 2 / median / 1000;
        peerRows.push([
          `${picture.name} ${picture.size}²`,
          name,
          kind,
          ...[median, min, max].map(ms),
          speed.toFixed(0),
        ]);
      }
      for (const name of opened.missing) missing.add(name);
      groups.push({
        title: `${picture.name}, ${measured[0]?.distinct?.toLocaleString('en-US')} distinct colors`,
        bars,
      });
    } finally {
      await opened.close();
    }
  }
  for (const { backend } of [js, ...wasm]) backend.dispose();
  const stages = STAGES.map((stage) => `${stage} ms`);
  const header = ['picture', 'backend', 'distinct colors', ...stages, 'total ms', 'ns/pixel', 'Mpx/s', 'checksum'];
  const absent = missing.size > 0 ? `\n\nNot installed here: ${[...missing].join(', ')}.` : '';
  return {
    markdown: `${table(header, rows)}\n\nOther programs on the same pixels in the same run, on ${threads} threads:\n\n${table(
      ['picture', 'program', 'result', 'median ms', 'min', 'max', 'Mpx/s'],
      peerRows,
    )}${absent}`,
    chart: {
      title: '4096 x 4096 pixels recolored, without decoding and encoding',
      subtitle: 'Million pixels a second, longer is faster; two attractors; the others on as many threads',
      unit: 'Mpx/s',
      groups,
      legend: [
        ['ours', 'exact'],
        ['approximate', 'lookup table of the same look'],
        ['peer', 'a plain 3 x 3 matrix'],
      ],
    },
  };
}

interface Measured {
  readonly name: string;
  readonly runs: readonly Record<string, number>[];
  /** Undefined when the way took no census. */
  readonly distinct?: number | undefined;
  readonly sum: string;
}

async function measureWays({ data, size }: Picture, ways: readonly Way[]): Promise<Measured[]> {
  const runs = ways.map(() => [] as Record<string, number>[]);
  const sums = ways.map(() => '');
  let distinct: number | undefined;
  for (let run = -1; run < RUNS; run++) {
    for (const [i, { backend }] of ways.entries()) {
      const { timings, sum, colors } = await runOnce(data, size, backend);
      if (run >= 0) runs[i]?.push(timings); // the first is a warm-up
      sums[i] = sum;
      distinct = colors ?? distinct;
    }
  }
  return ways.map(({ name }, i) => ({ name, runs: runs[i] ?? [], distinct, sum: sums[i] ?? '' }));
}

const recipe = makeRecipe(RECIPE);

/** Reused: freeing the 48 MB of a run would fall into the next one, wherever it lets the event loop have its turn. */
let scratch = new Uint8Array(0);

async function runOnce(picture: Uint8Array, size: number, backend: Backend) {
  if (scratch.length !== picture.length) scratch = new Uint8Array(picture.length);
  const data = scratch;
  data.set(picture);
  const pixels = { data, width: size, height: size, channels: 3 as const };
  const options = { backend, now: () => performance.now() };
  const began = performance.now();
  const { timings, distinctColors } = await recolorPixels(pixels, recipe, options);
  return {
    timings: { ...timings, total: performance.now() - began } as Record<string, number>,
    sum: checksum(data),
    colors: distinctColors,
  };
}

function cells(runs: readonly Record<string, number>[], size: number): string[] {
  const median = (key: string): number => spreadOf(runs.map((run) => run[key] as number)).median;
  const total = median('total');
  return [
    ...STAGES.map((stage) => median(stage).toFixed(0)),
    total.toFixed(0),
    ((total * 1e6) / size ** 2).toFixed(1),
    (size ** 2 / total / 1e3).toFixed(0),
  ];
}

function toBar(label: string, milliseconds: readonly number[], size: number, tone: Bar['tone']): Bar {
  const { median, min, max } = spreadOf(milliseconds);
  const speed = (time: number): number => size ** 2 / time / 1000;
  return { label, value: speed(median), low: speed(max), high: speed(min), tone };
}

function ms(value: number): string {
  return value.toFixed(value < 10 ? 1 : 0);
}

async function pictures(): Promise<Picture[]> {
  const lake = await sharp('examples/lake.jpg').removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return [
    { name: 'photo-like', size: 1024, data: makePhotoLike(1024) },
    { name: 'photo-like', size: 2048, data: makePhotoLike(2048) },
    { name: 'photo-like', size: 4096, data: makePhotoLike(4096), withPeers: true },
    { name: 'examples/lake.jpg, repeated', size: 4096, data: repeat(lake.data, lake.info, 4096), withPeers: true },
    { name: 'noise', size: 4096, data: makeNoise(4096), withoutJs: true },
  ];
}

/** A square filled with copies of a picture: as many pixels as wanted with the colors of that picture. */
function repeat(data: Uint8Array, { width, height }: { width: number; height: number }, size: number): Uint8Array {
  const square = new Uint8Array(size * size * 3);
  for (let y = 0; y < size; y++) {
    const row = (y % height) * width * 3;
    for (let x = 0; x < size; x += width) {
      square.set(data.subarray(row, row + Math.min(width, size - x) * 3), (y * size + x) * 3);
    }
  }
  return square;
}

/** Every color there is, once each at 4096 x 4096, in no order that a cache could use. */
function makeNoise(size: number): Uint8Array {
  const data = new Uint8Array(size * size * 3);
  for (let i = 0; i < size * size; i++) {
    // An odd factor and a shift both keep 2^24 values apart.
    const mixed = Math.imul(i, 0x9e3779b1) & 0xffffff;
    const color = Math.imul(mixed ^ (mixed >>> 11), 0x85ebcb) & 0xffffff;
    data[i * 3] = color;
    data[i * 3 + 1] = color >>> 8;
    data[i * 3 + 2] = color >>> 16;
  }
  return data;
}

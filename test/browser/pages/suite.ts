/** Runs inside pages and sandboxed frames of the browser tests, which call it through `globalThis.suite`. */

import {
  createGpuBackend,
  createWorkerGpuBackend,
  type GpuBackend,
  type GpuMode,
  type GpuStats,
  openGpuBackend,
} from '../../../src/backends/gpu/index.js';
import { MIN_TILE } from '../../../src/backends/gpu/tiles.js';
import { unpackScript } from '../../../src/backends/gpu/unpack-script.js';
import packed from '../../../src/backends/gpu/worker.js?packed';
import { createJsBackend } from '../../../src/backends/js/index.js';
import { createWasmBackend } from '../../../src/backends/wasm/index.js';
import { messageOf } from '../../../src/core/errors.js';
import { type Backend, type Plan, recolorPixels } from '../../../src/core/index.js';
import { CASES, findCase, planOf, sampleColors } from '../../support/cases.js';
import { compareColors, type Difference } from '../../support/compare.js';
import {
  type Conformance,
  checkEveryColor,
  checkSample,
  evaluateColors,
  type Known,
  type Subject,
} from '../../support/conformance.js';

/** Bytes of GPU memory that make tiles of MIN_TILE colors. */
const SMALL_MEMORY = 2 ** 21;

const onPage = (mode: GpuMode): Subject => ({ name: mode, open: () => createGpuBackend({ mode }) });
/** A sample is much smaller than a tile, which is drawn whole: in software that is most of the time. */
const inSmallTiles = (mode: GpuMode): Subject => ({
  name: `${mode} in small tiles`,
  open: () => createGpuBackend({ mode, memoryLimit: SMALL_MEMORY }),
});
const inWorker = (mode: GpuMode): Subject => ({
  name: `${mode} in a worker`,
  open: async () => createWorkerGpuBackend({ mode, worker: { script: await unpackScript(packed) } }),
});

/** One line a backend. */
const SUBJECTS: readonly Subject[] = [
  { name: 'js', open: async () => createJsBackend() },
  { name: 'wasm', open: () => createWasmBackend() },
  onPage('webgl2'),
  onPage('webgpu'),
  inSmallTiles('webgl2'),
  inSmallTiles('webgpu'),
  inWorker('webgl2'),
  inWorker('webgpu'),
];

const opened = new Map<string, Promise<Backend>>();

function open(name: string): Promise<Backend> {
  const subject = SUBJECTS.find((candidate) => candidate.name === name);
  if (!subject) throw new Error(`no backend is named ${name}`);
  const backend = opened.get(name) ?? subject.open();
  opened.set(name, backend);
  return backend;
}

interface Disturbed extends Difference {
  /** Tiles that were done when the disturbance came; undefined when it never did. */
  readonly tilesBefore: number | undefined;
  /** Bytes of alpha that changed. */
  readonly alphaChanges: number;
}

/** Recolors a picture of one row, does something to the GPU after its first tile, and compares with js. */
async function disturb(
  backend: GpuBackend,
  caseName: string,
  width: number,
  disturbance: () => void,
): Promise<Disturbed> {
  const plan = planOf(findCase(caseName));
  const words = sampleColors(width).map((color, x) => (color | ((x & 255) << 24)) >>> 0);
  const picture = () => ({ data: new Uint8Array(words.slice().buffer), width, height: 1, channels: 4 as const });
  const found = picture();
  const expected = picture();
  await recolorPixels(expected, plan, { backend: createJsBackend(), strategy: 'table' });
  let tilesBefore: number | undefined;
  const tilesAtStart = backend.stats().tiles;
  const signal = {
    get aborted() {
      // Asked between two tiles, too.
      const tiles = backend.stats().tiles - tilesAtStart;
      if (tiles > 0 && tilesBefore === undefined) {
        tilesBefore = tiles;
        disturbance();
      }
      return false;
    },
  };
  await recolorPixels(found, plan, { backend, signal, strategy: 'table' });
  const results = new Uint32Array(found.data.buffer);
  const alphaChanges = results.filter((word, x) => word >>> 24 !== (x & 255)).length;
  const opaque = (data: Uint8Array) => new Uint32Array(data.buffer).map((word) => word & 0xffffff);
  return { ...compareColors(opaque(found.data), opaque(expected.data)), tilesBefore, alphaChanges };
}

const suite = {
  backends: SUBJECTS.map(({ name }) => name),

  /** Whether a backend runs here, or why not. */
  async probe(name: string): Promise<{ readonly device?: string; readonly reason?: string }> {
    try {
      const backend = await open(name);
      return { device: 'device' in backend ? String(backend.device) : name };
    } catch (error) {
      return { reason: messageOf(error) };
    }
  },

  checkSample: async (name: string, caseName: string): Promise<Conformance> =>
    checkSample(await open(name), findCase(caseName)),

  checkEveryColor: async (name: string, caseName: string, known?: Known): Promise<Known> =>
    checkEveryColor(await open(name), findCase(caseName), known),

  /** New colors by a backend. @param works packed colors and the plan that they are put through, each */
  async evaluateAll(name: string, works: readonly { readonly colors: readonly number[]; readonly plan: Plan }[]) {
    const backend = await open(name);
    const found: number[][] = [];
    for (const { colors, plan } of works) {
      found.push(Array.from(await evaluateColors(backend, Uint32Array.from(colors), plan)));
    }
    return found;
  },

  stats: async (name: string): Promise<GpuStats> => ((await open(name)) as GpuBackend).stats(),

  /** Whether `openGpuBackend` found a worker, why not, and that what it opened works. */
  async openAnyhow(mode: GpuMode) {
    const {
      backend,
      inWorker: isWorker,
      reason,
    } = await openGpuBackend({ mode, worker: { script: await unpackScript(packed) } });
    const conformance = await checkSample(backend, CASES[0] as (typeof CASES)[number]);
    backend.dispose();
    return { isWorker, reason, ...conformance };
  },

  /** Loses every WebGL context that the page has, in the middle of an image. */
  async loseContext(contexts: readonly WebGL2RenderingContext[]) {
    const notices: string[] = [];
    const backend = await createGpuBackend({ mode: 'webgl2', onNotice: (sentence) => notices.push(sentence) });
    const before = await disturb(backend, 'three colors', 200_000, () => {
      for (const gl of contexts) gl.getExtension('WEBGL_lose_context')?.loseContext();
    });
    const after = await disturb(backend, 'eight colors', 20_000, () => {});
    const { restarts } = backend.stats();
    backend.dispose();
    return { before, after, notices, restarts };
  },

  /** Destroys every WebGPU device that the page has, in the middle of an image. */
  async loseDevice(devices: readonly { destroy(): void }[]) {
    const notices: string[] = [];
    const backend = await createGpuBackend({ mode: 'webgpu', onNotice: (sentence) => notices.push(sentence) });
    const before = await disturb(backend, 'three colors', 200_000, () => {
      for (const device of devices) device.destroy();
    });
    const after = await disturb(backend, 'eight colors', 20_000, () => {});
    const { restarts } = backend.stats();
    backend.dispose();
    return { before, after, notices, restarts };
  },

  /** Evaluates an image of several tiles on a backend of its own. */
  async runSeveralTiles(mode: GpuMode) {
    const notices: string[] = [];
    const backend = await createGpuBackend({ mode, onNotice: (sentence) => notices.push(sentence) });
    const difference = await disturb(backend, 'three colors', 150_000, () => {});
    const { halvings, restarts } = backend.stats();
    backend.dispose();
    return { ...difference, halvings, restarts, notices };
  },

  /** Evaluates again and again in small tiles. */
  async evaluateOften(mode: GpuMode, times: number): Promise<void> {
    const backend = await open(inSmallTiles(mode).name);
    const plan = planOf(findCase('three colors'));
    const colors = sampleColors(MIN_TILE);
    for (let i = 0; i < times; i++) await backend.evaluate(colors, plan, new Uint32Array(colors.length));
  },

  /** Opens and closes backends, more of them than a browser keeps contexts. */
  async reopen(mode: GpuMode, times: number): Promise<Difference> {
    let last: Difference | undefined;
    for (let i = 0; i < times; i++) {
      const backend = await createGpuBackend({ mode, memoryLimit: SMALL_MEMORY });
      last = await disturb(backend, 'three colors', 2000, () => {});
      backend.dispose();
    }
    return last as Difference;
  },

  /** What becomes of evaluations when their worker crashes, says nothing, or is no script at all. */
  async breakWorker(script: string, deadline: number): Promise<string> {
    try {
      const backend = await createWorkerGpuBackend({ mode: 'webgl2', deadline, worker: { script } });
      const colors = sampleColors(1000);
      await backend.evaluate(colors, planOf(findCase('three colors')), new Uint32Array(colors.length));
      return 'no failure';
    } catch (error) {
      return messageOf(error);
    }
  },

  workerScript: () => unpackScript(packed),

  /** Cancels an image in the worker. @returns the code it ended with and whether the worker still answers */
  async cancelInWorker(name: string) {
    const backend = await open(name);
    const colors = sampleColors(500_000);
    let looks = 0;
    // Not canceled at first, so that the worker is at it, and ever after.
    const signal = {
      get aborted() {
        return ++looks > 1;
      },
    };
    const plan = planOf(findCase('eight colors'));
    const code = await backend.evaluate(colors, plan, new Uint32Array(colors.length), signal).then(
      () => 'finished',
      (error: { code?: string }) => error.code ?? 'no code',
    );
    return { code, ...(await checkSample(backend, findCase('white'))) };
  },

  /** How often the page itself reads back from a GPU while a WebGL2 backend works, wherever that lives. */
  async countReads(name: string): Promise<number> {
    const backend = await open(name);
    const colors = sampleColors(300_000);
    const { prototype } = WebGL2RenderingContext;
    const original = prototype.readPixels as (...args: unknown[]) => void;
    let reads = 0;
    prototype.readPixels = function (...args: unknown[]) {
      reads++;
      original.apply(this, args);
    };
    try {
      await backend.evaluate(colors, planOf(findCase('eight colors')), new Uint32Array(colors.length));
    } finally {
      prototype.readPixels = original;
    }
    return reads;
  },

  /** Colors per second once, over distinct colors spread over the cube, by the page's clock, and a checksum. */
  async measure(name: string, caseName: string, colorCount: number) {
    const backend = await open(name);
    const plan = planOf(findCase(caseName));
    const colors = sampleColors(colorCount);
    const out = new Uint32Array(colors.length);
    const start = performance.now();
    await backend.evaluate(colors, plan, out);
    const rate = (colors.length / (performance.now() - start)) * 1000;
    return { rate, checksum: out.reduce((sum, color) => (Math.imul(sum, 31) + color) >>> 0, 0) };
  },
};

export type Suite = typeof suite;

Object.assign(globalThis, { suite });

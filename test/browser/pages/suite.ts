/** Runs inside pages and sandboxed frames of the browser tests, which call it through `globalThis.suite`. */
import { createGpuBackend, type GpuBackend, type GpuMode } from '../../../src/backends/gpu/index.js';
import { createJsBackend } from '../../../src/backends/js/index.js';
import type { Backend } from '../../../src/core/index.js';
import { CASES, planOfCase } from '../../support/cases.js';
import { type Conformance, checkCase, checkMembership, findCase, type Subject } from '../../support/conformance.js';

const gpu = (mode: GpuMode): Subject => ({ name: mode, open: () => createGpuBackend({ mode }) });

/** One line a backend. */
const SUBJECTS: readonly Subject[] = [
  { name: 'js', open: async () => createJsBackend() }, //
  gpu('webgl2'),
  gpu('webgpu'),
];

const opened = new Map<string, Promise<Backend>>();

function open(name: string): Promise<Backend> {
  const subject = SUBJECTS.find((candidate) => candidate.name === name);
  if (!subject) throw new Error(`no backend is named ${name}`);
  const backend = opened.get(name) ?? subject.open();
  opened.set(name, backend);
  return backend;
}

const suite = {
  backends: SUBJECTS.map(({ name }) => name),
  cases: CASES.map(({ name }) => name),

  /** Whether a backend runs here, or why not. */
  async probe(name: string): Promise<{ device: string } | { reason: string }> {
    try {
      const backend = await open(name);
      return { device: 'device' in backend ? String(backend.device) : name };
    } catch (error) {
      return { reason: error instanceof Error ? error.message : String(error) };
    }
  },

  check: async (name: string, caseName: string): Promise<Conformance> =>
    checkCase(await open(name), findCase(caseName)),

  checkMembership: async (name: string, caseName: string): Promise<number> =>
    checkMembership(await open(name), findCase(caseName)),

  stats: async (name: string) => ((await open(name)) as GpuBackend).stats(),

  /** Median colors per second over all 2^24 colors of some plan, by a clock of the page. */
  async measure(name: string, caseName: string, colorCount: number, repetitions: number): Promise<number> {
    const backend = await open(name);
    const plan = planOfCase(findCase(caseName));
    const colors = Uint32Array.from({ length: colorCount }, (_, i) => Math.imul(i, 10368889) & 0xffffff);
    const out = new Uint32Array(colorCount);
    await backend.evaluate(colors, plan, out);
    const rates: number[] = [];
    for (let i = 0; i < repetitions; i++) {
      const start = performance.now();
      await backend.evaluate(colors, plan, out);
      rates.push((colorCount / (performance.now() - start)) * 1000);
    }
    return rates.sort((a, b) => a - b)[repetitions >> 1] as number;
  },
};

export type Suite = typeof suite;

Object.assign(globalThis, { suite });

import { availableParallelism, cpus, freemem, tmpdir, totalmem } from 'node:os';
import sharp from 'sharp';
import { probeNodeGpu, releaseNodeGpu } from '../../backends/gpu/node.js';
import { PATIENT } from '../../backends/select.js';
import { hasWasmSimd } from '../../backends/wasm/compile.js';
import { ColorshineError, quote } from '../../core/index.js';
import { cacheFolder } from '../cache-folder.js';
import { type CandidateReport, createEngine } from '../engine.js';
import { DOCTOR_FLAGS } from './flags.js';
import { parseFlags } from './parse-flags.js';
import { print } from './say.js';

/** What this machine can do; `--json` prints it as it is. Memory in bytes, speeds in colors a second. */
interface Diagnosis {
  readonly colorshine: string;
  readonly node: string;
  readonly platform: string;
  readonly sharp: string;
  readonly libvips: string;
  readonly cpu: string;
  readonly threads: number;
  readonly simd: boolean;
  readonly memory: { readonly total: number; readonly free: number };
  readonly gpu: {
    readonly available: boolean;
    readonly name?: string;
    readonly driver?: string;
    readonly reason?: string;
  };
  readonly backends: readonly CandidateReport[];
  readonly choice: string;
  readonly folders: { readonly temp: string; readonly cache: string };
}

/** `colorshine doctor`. */
export async function runDoctor(args: readonly string[], version: string): Promise<number> {
  const { values, positionals } = parseFlags(args, DOCTOR_FLAGS);
  if (positionals.length > 0) {
    throw new ColorshineError('INVALID_OPTION', `doctor: expected nothing but options, got ${quote(positionals[0])}`);
  }
  const diagnosis = await diagnose(version);
  const text = values.json ? JSON.stringify(diagnosis) : formatDiagnosis(diagnosis);
  print(text);
  return 0;
}

async function diagnose(version: string): Promise<Diagnosis> {
  const gpu = await probeNodeGpu();
  const engine = createEngine({ gpu: true, budget: PATIENT });
  try {
    const { candidates, sentence } = await engine.select();
    return {
      colorshine: version,
      node: process.versions.node,
      platform: `${process.platform} ${process.arch}`,
      sharp: sharp.versions.sharp ?? 'unknown',
      libvips: sharp.versions.vips,
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      threads: availableParallelism(),
      simd: hasWasmSimd(),
      memory: { total: totalmem(), free: freemem() },
      gpu,
      backends: candidates,
      choice: sentence,
      folders: { temp: tmpdir(), cache: cacheFolder() },
    };
  } finally {
    engine.dispose();
    releaseNodeGpu();
  }
}

function formatDiagnosis(d: Diagnosis): string {
  const rows: [string, string][] = [
    ['colorshine', d.colorshine],
    ['Node', `${d.node} on ${d.platform}`],
    ['sharp', `${d.sharp} with libvips ${d.libvips}`],
    ['processor', `${d.cpu}, ${d.threads} threads, WebAssembly SIMD ${d.simd ? 'yes' : 'no'}`],
    ['memory', `${gigabytes(d.memory.total)} GB, ${gigabytes(d.memory.free)} GB free`],
    ['GPU', d.gpu.available ? `${d.gpu.name}, driver ${d.gpu.driver}` : `none: ${d.gpu.reason}`],
    ...d.backends.map(({ name, colorsPerSecond, why }): [string, string] => [
      `backend ${name}`,
      colorsPerSecond ? `${(colorsPerSecond / 1e6).toFixed(1)} million colors a second; ${why}` : why,
    ]),
    ['choice', d.choice],
    ['temp folder', d.folders.temp],
    ['cache folder', d.folders.cache],
  ];
  return rows.map(([name, value]) => `${name.padEnd(16)}${value}`).join('\n');
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}

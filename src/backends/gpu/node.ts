import { ColorshineError } from '../../core/errors.js';
import { withinDeadline } from '../deadline.js';
import { shortReasonOf } from '../reason.js';
import { createGpuBackend } from './backend.js';
import type { GpuBackend, GpuBackendOptions } from './options.js';

/** What Node offers gpu.js's webgpu mode. */
export type NodeGpu =
  | {
      readonly available: true;
      /** The device, such as `NVIDIA GeForce RTX 3060`. */
      readonly name: string;
      /** The driver, as far as Dawn tells. */
      readonly driver: string;
    }
  | {
      readonly available: false;
      /** One sentence without a full stop. */
      readonly reason: string;
    };

/** The part of the package `webgpu` (Dawn for Node) that is used. */
interface DawnModule {
  readonly create?: (flags: string[]) => DawnGpu;
  readonly globals?: Record<string, unknown>;
}

interface DawnGpu {
  requestAdapter(): Promise<{ readonly info?: Readonly<Record<string, string | undefined>> } | null>;
}

/** Where gpu.js looks for WebGPU. */
interface GpuGlobal {
  readonly navigator?: { readonly gpu?: unknown };
}

/** Loads a package by name; tests put another one here. */
export type ImportPackage = (name: string) => Promise<unknown>;

/** Milliseconds that a driver may take to show itself. */
const ADAPTER_DEADLINE = 10_000;

/** Not a literal, so that no bundler and no compiler looks for packages that are optional. */
const importPackage: ImportPackage = (name) => import(name);

/**
 * Looks for a GPU in Node and, if there is one, makes it known to gpu.js as `navigator.gpu`. Nothing is loaded before
 * the first call, so that a start-up without `--gpu` costs nothing. Never throws.
 */
export async function probeNodeGpu(load: ImportPackage = importPackage): Promise<NodeGpu> {
  for (const name of ['gpu.js', 'webgpu']) {
    const trouble = await tryLoad(load, name);
    if (trouble !== undefined) return { available: false, reason: trouble };
  }
  const { create, globals } = (await load('webgpu')) as DawnModule;
  // In this repository an empty stub stands in for the package (package.json, overrides).
  if (typeof create !== 'function') return notInstalled('webgpu');
  try {
    const gpu = sharedGpu(create, globals);
    const adapter = await withinDeadline(gpu.requestAdapter(), ADAPTER_DEADLINE, 'the adapter');
    if (!adapter)
      return { available: false, reason: 'the package webgpu found no GPU adapter; a driver may be missing' };
    const { vendor, architecture, device, description } = adapter.info ?? {};
    const name = device || [vendor, architecture].filter(Boolean).join(' ') || 'unknown device';
    return { available: true, name, driver: description || 'unknown driver' };
  } catch (error) {
    return { available: false, reason: `the package webgpu failed: ${shortReasonOf(error)}` };
  }
}

/**
 * The gpu backend in Node.
 *
 * @throws BACKEND_FAILED with the reason of `probeNodeGpu`
 */
export async function openNodeGpuBackend(options: Omit<GpuBackendOptions, 'mode'> = {}): Promise<GpuBackend> {
  const found = await probeNodeGpu();
  if (!found.available) throw new ColorshineError('BACKEND_FAILED', found.reason);
  return createGpuBackend({ ...options, mode: 'webgpu' });
}

/** Takes `navigator.gpu` away again and lets go of Dawn, whose driver threads and memory can then be freed. */
export function releaseNodeGpu(): void {
  const { navigator } = globalThis as GpuGlobal;
  if (navigator?.gpu !== undefined && navigator.gpu === shared) Reflect.deleteProperty(navigator, 'gpu');
  shared = undefined;
}

/** One Dawn instance a process: each owns threads. */
let shared: DawnGpu | undefined;

function sharedGpu(create: NonNullable<DawnModule['create']>, globals: DawnModule['globals']): DawnGpu {
  if (shared) return shared;
  shared = create([]);
  Object.assign(globalThis, globals);
  // Node 20 has no navigator; from 21 on it has one, without a gpu.
  if (!('navigator' in globalThis)) Object.assign(globalThis, { navigator: {} });
  Object.defineProperty((globalThis as GpuGlobal).navigator as object, 'gpu', { value: shared, configurable: true });
  return shared;
}

async function tryLoad(load: ImportPackage, name: string): Promise<string | undefined> {
  try {
    await load(name);
    return undefined;
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    const isMissing =
      (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') && message?.includes(`'${name}'`);
    return isMissing
      ? notInstalled(name).reason
      : `the optional package ${name} could not be loaded: ${shortReasonOf(error)}`;
  }
}

function notInstalled(name: string): { available: false; reason: string } {
  return { available: false, reason: `the optional package ${name} is not installed: npm install ${name}` };
}

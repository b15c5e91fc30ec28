/// <reference path="./imports.d.ts" />
import { type GpuEngine, GpuFault, type GpuMode } from './engine.js';
import { type GpuJsInstance, type GpuJsKernel, loadGpuJs, type Webgl2Context } from './gpu-js-types.js';
import { constantsFor, PARAMETER_COUNT } from './parameters.js';
import kernelSource from './pull.kernel.js?source';
import { LARGE_TILE } from './tiles.js';
import { runWebgl2Tile } from './webgl2-tile.js';
import { openDevice, runWebgpuTile } from './webgpu-tile.js';

/** What a kernel of each mode calls itself; gpu.js calls everything on WebGL `gpu`. */
const KERNEL_MODE: Readonly<Record<GpuMode, string>> = { webgl2: 'gpu', webgpu: 'webgpu' };

/**
 * Opens gpu.js in a mode, which is never left to its own choice, and loads it only now: importing it takes a
 * noticeable part of a start-up.
 *
 * @throws GpuFault when the mode does not work here
 */
export async function openGpuJs(mode: GpuMode): Promise<GpuEngine> {
  const { GPU, WebGPUContext } = await loadGpuJs();
  const device = mode === 'webgpu' ? await openDevice(WebGPUContext) : undefined;
  const gpu = createGpu();
  const kernels = new Map<string, { readonly tile: number; readonly kernel: GpuJsKernel }>();
  let disposed = false;

  function createGpu(): GpuJsInstance {
    try {
      return new GPU({ mode });
    } catch (cause) {
      throw new GpuFault('broken', `this environment offers no ${mode}`, { cause });
    }
  }

  function kernelFor(tile: number, parameters: Float32Array): GpuJsKernel {
    const constants = constantsFor(parameters);
    const key = [tile, constants.hasSurfaces, constants.isStraight].join();
    const known = kernels.get(key);
    if (known) return known.kernel;
    const shortcut = gpu.createKernel(kernelSource.root, {
      output: [tile],
      precision: 'single',
      tactic: 'precision',
      constants: { ...constants },
    });
    const { kernel } = shortcut;
    if (kernel.constructor.mode !== KERNEL_MODE[mode]) {
      throw new GpuFault('broken', `gpu.js chose ${kernel.constructor.mode} where ${mode} was asked for`);
    }
    kernel.onRequestFallback = () => {
      throw new GpuFault('broken', `gpu.js cannot build the kernel: ${kernel.fallbackReason ?? 'no reason given'}`);
    };
    kernels.set(key, { tile, kernel });
    return kernel;
  }

  for (const helper of kernelSource.helpers) gpu.addFunction(helper, numbersOnly(helper));
  // A context exists only with a kernel; creating one shows whether the mode works, and where.
  const first = kernelFor(LARGE_TILE, new Float32Array(PARAMETER_COUNT));
  const gl = mode === 'webgl2' ? first.context : undefined;
  if (gl?.isContextLost()) throw new GpuFault('broken', 'the browser gave a lost context');

  return {
    device: device?.name ?? describeRenderer(gl),
    maxTile: device?.maxTile ?? LARGE_TILE,
    run(input, parameters) {
      if (disposed) return Promise.reject(new GpuFault('broken', 'the backend was disposed'));
      const kernel = kernelFor(input.length, parameters);
      return device ? runWebgpuTile(kernel, device, input, parameters) : runWebgl2Tile(kernel, input, parameters);
    },
    release(tile) {
      for (const [key, known] of kernels) {
        if (known.tile !== tile) continue;
        known.kernel.destroy(false);
        kernels.delete(key);
      }
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      kernels.clear();
      // Asynchronous by its nature; nothing waits for it, and a context that is gone already may refuse.
      gpu.destroy().catch(() => {});
    },
  };
}

/** Types of a helper's arguments and result, so that gpu.js guesses none. */
function numbersOnly(helper: string): { argumentTypes: Record<string, string>; returnType: string } {
  const list = /\(([^)]*)\)/.exec(helper)?.[1] ?? '';
  const names = list.split(',').map((name) => name.trim());
  return { argumentTypes: Object.fromEntries(names.map((name) => [name, 'Number'])), returnType: 'Number' };
}

function describeRenderer(gl: Webgl2Context | undefined): string {
  const info = gl?.getExtension('WEBGL_debug_renderer_info');
  const name = gl?.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER);
  return typeof name === 'string' && name !== '' ? name : 'unknown device';
}

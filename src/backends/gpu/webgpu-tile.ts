import { shortReasonOf } from '../reason.js';
import { GpuFault } from './engine.js';
import type { GpuJsKernel, WebgpuContext, WebgpuContextStatic } from './gpu-js-types.js';

export interface WebgpuDevice {
  readonly name: string;
  readonly maxTile: number;
  readonly context: WebgpuContext;
}

/** The device that gpu.js shares between its kernels. @throws GpuFault when there is none */
export async function openDevice(shared: WebgpuContextStatic): Promise<WebgpuDevice> {
  let context: WebgpuContext;
  try {
    context = await shared.acquire();
  } catch (cause) {
    throw new GpuFault('broken', 'this environment offers no WebGPU adapter', { cause });
  }
  const { limits } = context.device;
  const info = context.adapter.info;
  const name =
    info?.description ||
    info?.device ||
    [info?.vendor, info?.architecture].filter(Boolean).join(' ') ||
    'unknown device';
  return { name, maxTile: Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize) / 4, context };
}

/**
 * Runs one tile. Errors of WebGPU go to the device, not to the call that caused them, so error scopes catch them here.
 *
 * @throws GpuFault
 */
export async function runWebgpuTile(
  kernel: GpuJsKernel,
  { context }: WebgpuDevice,
  input: Float32Array,
  parameters: Float32Array,
): Promise<Float32Array> {
  checkDevice(context);
  const { device } = context;
  device.pushErrorScope('validation');
  device.pushErrorScope('out-of-memory');
  let result: unknown;
  let failure: unknown;
  try {
    await kernel.build(input, parameters);
    result = await kernel.run(input, parameters);
  } catch (error) {
    failure = error;
  }
  const memory = await popScope(context);
  const validation = await popScope(context);
  checkDevice(context);
  if (memory) throw new GpuFault('memory', 'the GPU ran out of memory');
  if (validation) throw new GpuFault('wrong', `WebGPU refused the work: ${shortReasonOf(validation.message)}`);
  if (failure !== undefined) throw failure;
  if (!(result instanceof Float32Array)) throw new GpuFault('wrong', 'gpu.js returned no Float32Array');
  return result;
}

/** A lost device may refuse to answer; that it is lost is said by `checkDevice`. */
function popScope({ device }: WebgpuContext): Promise<{ readonly message: string } | null> {
  return device.popErrorScope().catch(() => null);
}

function checkDevice(context: WebgpuContext): void {
  if (context.isLost) throw new GpuFault('lost', 'the WebGPU device was lost');
}

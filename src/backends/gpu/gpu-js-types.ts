import type { GpuMode } from './engine.js';

/** The part of gpu.js 2.24 that is used, typed; its own typings are loose and miss webgpu. */
export interface GpuJs {
  readonly GPU: new (settings: { mode: GpuMode }) => GpuJsInstance;
  readonly WebGPUContext: WebgpuContextStatic;
}

export interface GpuJsInstance {
  createKernel(root: string, settings: Record<string, unknown>): GpuJsShortcut;
  addFunction(source: string, types: { argumentTypes: Record<string, string>; returnType: string }): void;
  destroy(): Promise<void>;
}

/** The callable that gpu.js hands out; for webgpu a call gives a promise. */
export interface GpuJsShortcut {
  (input: Float32Array, parameters: Float32Array): Promise<unknown>;
  readonly kernel: GpuJsKernel;
}

/** The kernel behind a shortcut. */
export interface GpuJsKernel {
  readonly constructor: { readonly mode: string };
  readonly context: Webgl2Context;
  readonly fallbackReason?: string;
  readonly switchingKernels?: unknown;
  onRequestFallback: () => never;
  build(input: Float32Array, parameters: Float32Array): unknown;
  /** webgl2: draws. webgpu: draws and gives a promise of the result. */
  run(input: Float32Array, parameters: Float32Array): unknown;
  /** webgl2: reads what `run` drew. */
  renderOutput(): unknown;
  destroy(removeCanvasReferences: boolean): void;
}

/** The part of a WebGL2RenderingContext that is used; this module is compiled for Node too, which has no such type. */
export interface Webgl2Context {
  readonly SYNC_GPU_COMMANDS_COMPLETE: number;
  readonly ALREADY_SIGNALED: number;
  readonly CONDITION_SATISFIED: number;
  readonly WAIT_FAILED: number;
  readonly NO_ERROR: number;
  readonly OUT_OF_MEMORY: number;
  readonly RENDERER: number;
  isContextLost(): boolean;
  getError(): number;
  getExtension(name: 'WEBGL_debug_renderer_info'): { readonly UNMASKED_RENDERER_WEBGL: number } | null;
  getParameter(name: number): unknown;
  fenceSync(condition: number, flags: number): object | null;
  clientWaitSync(fence: object, flags: number, timeout: number): number;
  deleteSync(fence: object): void;
  flush(): void;
}

/** The shared device of gpu.js's webgpu mode. */
export interface WebgpuContextStatic {
  acquire(): Promise<WebgpuContext>;
}

export interface WebgpuContext {
  readonly adapter: {
    readonly info?: { readonly [key in 'vendor' | 'architecture' | 'device' | 'description']?: string };
  };
  readonly device: {
    readonly limits: { readonly maxStorageBufferBindingSize: number; readonly maxBufferSize: number };
    pushErrorScope(filter: 'out-of-memory' | 'validation' | 'internal'): void;
    popErrorScope(): Promise<{ readonly message: string } | null>;
  };
  readonly isLost: boolean;
}

/** gpu.js, loaded on first use: it is large, and in Node it is an optional package. The one cast of its types. */
export async function loadGpuJs(): Promise<GpuJs> {
  const module: unknown = await import('gpu.js');
  return ((module as { default?: unknown }).default ?? module) as GpuJs;
}

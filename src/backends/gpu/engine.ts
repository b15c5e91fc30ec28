/** The GPU modes of gpu.js that this project uses. Its automatic choice is not among them: it may need eval. */
export type GpuMode = 'webgl2' | 'webgpu';

/**
 * What runs the kernel: gpu.js (gpu-js.ts). The backend sees only this, so that its tests can put plain JavaScript and
 * every kind of failure behind it.
 */
export interface GpuEngine {
  /** Name of the device or its driver, as far as the browser tells. */
  readonly device: string;
  /** Largest tile the device can hold, in colors. */
  readonly maxTile: number;
  /**
   * Runs one tile.
   *
   * @param input packed colors as float32; its length is the tile size, for each of which one kernel a variant is compiled and kept
   * @param parameters see `packParameters`
   * @returns one float32 for each color; not checked yet
   * @throws GpuFault
   */
  run(input: Float32Array, parameters: Float32Array): Promise<Float32Array>;
  /** Forgets the kernels of a tile size and their GPU memory. */
  release(tile: number): void;
  /** Frees the GPU context. Safe to call twice and after a failure. */
  dispose(): void;
}

/** @throws GpuFault, or what gpu.js throws, when the mode does not work here */
export type OpenEngine = (mode: GpuMode) => Promise<GpuEngine>;

/**
 * lost: the context or device is gone, a new one may work. memory: a smaller tile may work. wrong: the answer is
 * not a result. broken: nothing will help, as when a device does not answer.
 */
export type GpuFaultKind = 'lost' | 'memory' | 'wrong' | 'broken';

/** A failure inside the GPU backend; users see it as BACKEND_FAILED. */
export class GpuFault extends Error {
  override readonly name = 'GpuFault';
  readonly kind: GpuFaultKind;

  constructor(kind: GpuFaultKind, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.kind = kind;
  }
}

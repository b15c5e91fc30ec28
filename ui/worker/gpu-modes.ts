export const GPU_MODES = ['webgl2', 'webgpu'] as const;

/** Whether a backend of this name computes on a GPU. */
export function isGpu(name: string): boolean {
  return GPU_MODES.some((mode) => mode === name);
}

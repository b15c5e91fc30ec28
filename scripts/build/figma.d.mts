import type { BuildOptions } from 'esbuild';

export const figmaBuildOptions: BuildOptions;
export function buildFigma(options: { watch?: boolean }): Promise<void>;

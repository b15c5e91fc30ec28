import type { Plugin } from 'esbuild';

export function scriptPlugin(): Plugin;
export function gpuPlugins(): Plugin[];
export function bundleScript(entry: string): Promise<{ readonly text: string; readonly inputs: readonly string[] }>;

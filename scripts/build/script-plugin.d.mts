import type { Plugin } from 'esbuild';
import type { Plugin as VitePlugin } from 'vite';

type Collect = (inputs: readonly string[]) => void;
export function scriptPlugin(collect?: Collect): Plugin;
export function gpuPlugins(collect?: Collect): Plugin[];
export function viteScriptPlugin(): VitePlugin;
export function bundleScript(entry: string): Promise<{ readonly text: string; readonly inputs: readonly string[] }>;

import type { Plugin } from 'esbuild';
import type { Plugin as VitePlugin } from 'vite';

export function loadKernelSource(file: string): Promise<string>;
export function readKernelFunctions(text: string, name: string): Promise<string[]>;
export function kernelPlugin(): Plugin;
export function viteKernelPlugin(): VitePlugin;

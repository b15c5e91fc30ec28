/** Bundles a page script the way the build does: minified, one IIFE, with the kernel and gpu.js plugins. */
import { build } from 'esbuild';
import { gpuJsPlugin } from '../../scripts/build/gpu-js-plugin.mjs';
import { kernelPlugin } from '../../scripts/build/kernel-source.mjs';

/** @param {string} entry path from the repository root */
export async function bundlePage(entry) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'warning',
    plugins: [kernelPlugin(), gpuJsPlugin()],
  });
  return outputFiles[0].text;
}

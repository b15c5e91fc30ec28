/**
 * Bundles gpu.js without the parts this project never uses: its cpu and WebAssembly modes (they need eval, which a page
 * may forbid), headless-gl, its mock, its tracer and its serializer. Measured, minified: 641 kB before.
 */
import path from 'node:path';

/** File inside gpu.js (or package) and what stands in for it. A kernel class that is never supported is never chosen. */
const UNUSED = new Map([
  ['src/backend/cpu/kernel.js', 'exports.CPUKernel = class { static get isSupported() { return false; } };'],
  ['src/backend/cpu/function-node.js', 'exports.CPUFunctionNode = class {};'],
  [
    'src/backend/headless-gl/kernel.js',
    'exports.HeadlessGLKernel = class { static get isSupported() { return false; } };',
  ],
  [
    'src/backend/web-assembly/kernel.js',
    'exports.WebAssemblyKernel = class { static get isSupported() { return false; } };',
  ],
  ['src/backend/web-assembly/function-node.js', 'exports.WebAssemblyFunctionNode = class {};'],
  ['src/backend/web-assembly/pipeline-executor.js', 'exports.WebAssemblyPipelineExecutor = class {};'],
  ['src/backend/web-gpu/pipeline-executor.js', 'exports.WebGPUPipelineExecutor = class {};'],
  ['src/backend/gl/kernel-string.js', 'exports.glKernelString = () => { throw new Error("left out"); };'],
  ['src/pipeline.js', 'exports.getActiveTrace = () => null; exports.Pipeline = class {};'],
  ['src/alias.js', 'exports.alias = () => { throw new Error("left out"); };'],
]);

export function gpuJsPlugin() {
  return {
    name: 'gpu-js-slim',
    setup(build) {
      build.onResolve({ filter: /^gpu-mock\.js$/ }, () => ({ path: 'gpu-mock.js', namespace: 'gpu-js-unused' }));
      build.onLoad({ filter: /.*/, namespace: 'gpu-js-unused' }, () => ({ contents: 'exports.gpuMock = undefined;' }));
      build.onResolve({ filter: /^gpu\.js$/ }, ({ resolveDir, kind, pluginData }) => {
        if (pluginData === 'gpu-js-slim') return undefined;
        // The sources, not dist/gpu-browser.js, which `browser` names: only there can parts be left out.
        return build.resolve('gpu.js/src/index.js', { resolveDir, kind, pluginData: 'gpu-js-slim' });
      });
      build.onLoad({ filter: /[\\/]gpu\.js[\\/]src[\\/].*\.js$/ }, ({ path: file }) => {
        const inside = file
          .slice(file.lastIndexOf(`gpu.js${path.sep}src`) + 'gpu.js/'.length)
          .split(path.sep)
          .join('/');
        const contents = UNUSED.get(inside);
        return contents === undefined ? undefined : { contents, loader: 'js' };
      });
    },
  };
}

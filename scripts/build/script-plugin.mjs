/**
 * `import text from './worker.js?script'` gives worker.ts bundled into one minified classic script, as a string: for
 * a worker made from a blob, in a page that is a single file.
 */
import path from 'node:path';
import { build } from 'esbuild';
import { gpuJsPlugin } from './gpu-js-plugin.mjs';
import { kernelPlugin } from './kernel-source.mjs';

const REQUEST = /\.js\?script$/;

export function scriptPlugin() {
  return {
    name: 'script-text',
    setup(build) {
      build.onResolve({ filter: REQUEST }, ({ path: request, resolveDir }) => ({
        path: path.resolve(resolveDir, request.replace(REQUEST, '.ts')),
        namespace: 'script-text',
      }));
      build.onLoad({ filter: /.*/, namespace: 'script-text' }, async ({ path: entry }) => {
        const { text, inputs } = await bundleScript(entry);
        return { contents: `export default ${JSON.stringify(text)};`, loader: 'js', watchFiles: inputs };
      });
    },
  };
}

/** What a bundle for browsers needs to import src/backends/gpu. */
export function gpuPlugins() {
  return [scriptPlugin(), kernelPlugin(), gpuJsPlugin()];
}

/** Bundles a browser script with everything it needs. @returns its text and the files it was made of */
export async function bundleScript(entry) {
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'warning',
    plugins: gpuPlugins(),
  });
  const inputs = Object.keys(metafile.inputs)
    .filter((file) => !file.startsWith('gpu-js-unused:'))
    .map((file) => path.resolve(file.replace(/^(?:kernel-source|script-text):/, '')));
  return { text: outputFiles[0].text, inputs };
}

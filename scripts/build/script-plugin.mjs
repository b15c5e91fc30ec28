/**
 * `import packed from './worker.js?packed'` gives worker.ts bundled into one minified classic script, for a worker made from
 * a blob, in a page that is a single file: base64 of a zlib stream, a third as long, which `unpackScript` makes text of.
 */
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { build } from 'esbuild';
import { gpuJsPlugin } from './gpu-js-plugin.mjs';
import { kernelPlugin } from './kernel-source.mjs';

const REQUEST = /\.js\?packed$/;

/** @param {(inputs: readonly string[]) => void} collect is told what each script was made of */
export function scriptPlugin(collect = () => {}) {
  return {
    name: 'packed-script',
    setup(build) {
      build.onResolve({ filter: REQUEST }, ({ path: request, resolveDir }) => ({
        path: path.resolve(resolveDir, request.replace(REQUEST, '.ts')),
        namespace: 'packed-script',
      }));
      build.onLoad({ filter: /.*/, namespace: 'packed-script' }, async ({ path: entry }) => {
        const { text, inputs } = await bundleScript(entry);
        collect(inputs);
        return { contents: toModule(text), loader: 'js', watchFiles: inputs };
      });
    },
  };
}

const toModule = (text) => `export default "${deflateSync(text, { level: 9 }).toString('base64')}";`;

/**
 * What a bundle for browsers needs to import src/backends/gpu.
 *
 * @param collect see scriptPlugin
 */
export function gpuPlugins(collect) {
  return [scriptPlugin(collect), kernelPlugin(), gpuJsPlugin()];
}

/** For vitest: tests import from source what imports a script. */
export function viteScriptPlugin() {
  return {
    name: 'packed-script',
    enforce: 'pre',
    resolveId(request, importer) {
      if (!REQUEST.test(request) || importer === undefined) return undefined;
      return `\0packed-script:${path.resolve(path.dirname(importer), request.replace(REQUEST, '.ts'))}`;
    },
    async load(id) {
      if (!id.startsWith('\0packed-script:')) return undefined;
      const { text } = await bundleScript(id.slice('\0packed-script:'.length));
      return toModule(text);
    },
  };
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

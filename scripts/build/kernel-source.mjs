/**
 * Delivers kernels to gpu.js as strings: `import source from './x.kernel.js?source'` gives `{ root, helpers }`, the
 * texts of the functions of x.kernel.ts without their types.
 *
 * gpu.js would otherwise read them with Function.prototype.toString() out of a bundle whose minifier has taken the
 * braces its parser needs. A string is left alone by every minifier.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { transform } from 'esbuild';

const REQUEST = /\.kernel\.js\?source$/;

/**
 * @param {string} file path of a *.kernel.ts; its first function is the root
 * @returns {Promise<string>} an ES module whose default export is a KernelSource
 */
export async function loadKernelSource(file) {
  const functions = await readKernelFunctions(await readFile(file, 'utf8'), file);
  const [root, ...helpers] = functions;
  return `export default ${JSON.stringify({ root, helpers })};\n`;
}

/**
 * @param {string} text TypeScript that holds function declarations and type imports, nothing else
 * @param {string} name for error messages
 * @returns {Promise<string[]>} each function as plain JavaScript, without `export`
 */
export async function readKernelFunctions(text, name) {
  const { code } = await transform(text, { loader: 'ts', target: 'es2022', minify: false, sourcefile: name });
  const functions = [];
  // esbuild prints every top-level statement from column 0 and closes it there; comments are gone or start with /.
  const rest = code.replace(/^(?:export )?(function \w+\([\s\S]*?\n\})\n/gm, (_, declaration) => {
    functions.push(declaration);
    return '';
  });
  const leftover = rest.replace(/\/\*[\s\S]*?\*\/|\/\/.*|export \{[^}]*\};?/g, '').trim();
  if (leftover !== '') {
    throw new Error(`${name}: expected only function declarations at the top level, got ${leftover.slice(0, 60)}`);
  }
  if (functions.length === 0) throw new Error(`${name}: expected a root function, got none`);
  const forbidden =
    /\?\.|\?\?|=>|\bMath\.(?:pow|cos|sin|hypot)\b|\*\*|\bisNaN\b|\bfor \((?:const|let|var) \w+ of\b/.exec(
      functions.join('\n'),
    );
  if (forbidden) throw new Error(`${name}: kernels cannot use ${forbidden[0]}`);
  return functions;
}

/** For esbuild. */
export function kernelPlugin() {
  return {
    name: 'kernel-source',
    setup(build) {
      build.onResolve({ filter: REQUEST }, ({ path: request, resolveDir }) => ({
        path: sourceFile(path.resolve(resolveDir, request)),
        namespace: 'kernel-source',
      }));
      build.onLoad({ filter: /.*/, namespace: 'kernel-source' }, async ({ path: file }) => ({
        contents: await loadKernelSource(file),
        loader: 'js',
        watchFiles: [file],
      }));
    },
  };
}

/** For Vite and vitest. */
export function viteKernelPlugin() {
  return {
    name: 'kernel-source',
    enforce: 'pre',
    resolveId(request, importer) {
      if (!REQUEST.test(request) || importer === undefined) return undefined;
      return `${sourceFile(path.resolve(path.dirname(importer), request))}?source`;
    },
    async load(id) {
      if (!id.endsWith('.kernel.ts?source')) return undefined;
      const file = id.slice(0, -'?source'.length);
      this.addWatchFile(file);
      return loadKernelSource(file);
    },
  };
}

function sourceFile(request) {
  return request.replace(/\.js\?source$/, '.ts');
}

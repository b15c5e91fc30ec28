import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { build, context } from 'esbuild';
import { kernelPlugin } from './kernel-source.mjs';
import { collectLicenses } from './licenses.mjs';
import { pruneTypes } from './prune-types.mjs';

/** Files of the command line that main.ts imports on demand: how it names them, the built file, the source. */
const COMMAND_FILES = [
  { specifier: './start-shine.js', built: './cli-shine.cjs', source: 'src/node/cli/start-shine.ts' },
  { specifier: './commands.js', built: './cli-commands.cjs', source: 'src/node/cli/commands.ts' },
];

/** The kernels, which both files of the command line need: a file of their own, so that they are installed once. */
const KERNELS = './cli-kernels.cjs';
const KERNEL_MODULES = [
  './src/backends/wasm/kernels.generated.ts',
  './src/backends/wasm/shared-kernels.generated.ts',
  './src/backends/wasm/worker.generated.ts',
  './src/node/image/jpeg/kernels.generated.ts',
  './src/codec/png/kernels.generated.ts',
];

/** Entries `colorshine/vite` and so on. */
const PLUGINS = [
  ...['vite', 'rollup', 'webpack', 'esbuild', 'imagetools', 'eleventy', 'loader', 'next'],
  ...['astro-engine', 'style-dictionary'],
];

/**
 * dist/*.js for Node and the pure core, dist/types, and dist/meta.json, from which the architecture test reads who
 * imports whom.
 */
export async function buildNode({ watch }) {
  const { version, exports } = JSON.parse(await readFile('package.json', 'utf8'));
  const options = {
    bundle: true,
    platform: 'node',
    target: 'node20',
    // culori is bundled: it is 200 small files, and loading them took a quarter of a small image's time.
    external: [
      'astro',
      'sharp',
      'gpu.js',
      'webgpu',
      'tinyglobby',
      'bullmq',
      'ioredis',
      'vite',
      'vite-imagetools',
      '@terrazzo/parser',
    ],
    plugins: [kernelPlugin()],
    metafile: true,
    // Half as much to install. Errors carry codes and sentences of their own; a stack is read in a build from the sources.
    minify: true,
    define: { COLORSHINE_VERSION: JSON.stringify(version) },
    logLevel: 'warning',
  };
  const library = {
    ...options,
    entryPoints: {
      index: 'src/index.ts',
      node: 'src/node/index.ts',
      'task-process': 'src/node/queue/task-process.ts',
      ...Object.fromEntries(PLUGINS.map((name) => [name, `src/node/plugins/${name}.ts`])),
    },
    outdir: 'dist',
    splitting: true,
    format: 'esm',
  };
  // Astro's Vite reads it, and a comment in it.
  const astro = {
    ...options,
    entryPoints: ['src/node/plugins/astro.ts'],
    outdir: 'dist',
    format: 'esm',
    minify: false,
  };
  // CommonJS: loading sharp and twenty chunks as ES modules takes 50 ms longer.
  const command = {
    ...options,
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    // Where the file lies: `colorshine worker` starts dist/task-process.js beside it.
    define: { ...options.define, 'import.meta.url': 'FILE_URL' },
    banner: { js: "const FILE_URL = require('node:url').pathToFileURL(__filename).href;" },
  };
  const commands = {
    ...command,
    entryPoints: COMMAND_FILES.map(({ built, source }) => ({ in: source, out: built.slice(2, -'.cjs'.length) })),
    plugins: [...command.plugins, kernelFilePlugin()],
  };
  // What it imports on demand are the files above; `require` spares it the loader of ES modules.
  const cli = {
    ...command,
    entryPoints: { cli: 'src/node/cli/main.ts' },
    banner: {},
    supported: { 'dynamic-import': false },
    plugins: [commandFilesPlugin()],
  };
  const kernels = {
    ...command,
    stdin: { contents: KERNEL_MODULES.map((path) => `export * from '${path}';`).join('\n'), resolveDir: '.' },
    outfile: `dist/${KERNELS}`,
    outdir: undefined,
    banner: {},
  };
  // The library's view of a source, which both have, is the whole one: it comes last.
  const targets = [kernels, commands, cli, astro, library];
  if (watch) {
    for (const target of targets) await (await context(target)).watch();
    return;
  }
  const built = await Promise.all(targets.map((target) => build(target)));
  const inputs = Object.assign({}, ...built.map(({ metafile }) => metafile.inputs));
  delete inputs['<stdin>']; // the list of kernels
  // For who reads the graph, what is imported on demand is a source like any other.
  for (const imported of inputs['src/node/cli/main.ts'].imports) {
    const file = COMMAND_FILES.find(({ built: path }) => path === imported.path);
    if (file) Object.assign(imported, { path: file.source, external: false });
  }
  const outputs = Object.assign({}, ...built.map(({ metafile }) => metafile.outputs));
  await mkdir('dist', { recursive: true });
  await writeFile('dist/meta.json', JSON.stringify({ inputs, outputs }));
  await writeFile('dist/LICENSES.txt', await collectLicenses(Object.keys(inputs)));
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.dts.json'], { stdio: 'inherit' });
  await pruneTypes(
    'dist/types',
    Object.values(exports).flatMap(({ types }) => (types?.startsWith('./dist/') ? [types] : [])),
  );
}

/** Leaves the kernels to the file that has them. */
function kernelFilePlugin() {
  return {
    name: 'kernel-file',
    setup({ onResolve }) {
      onResolve({ filter: /\.generated\.js$/ }, () => ({ path: KERNELS, external: true }));
    },
  };
}

/** Leaves them to Node, at run time. */
function commandFilesPlugin() {
  return {
    name: 'command-files',
    setup({ onResolve }) {
      onResolve({ filter: /^\.\// }, ({ path, kind }) => {
        const file = COMMAND_FILES.find(({ specifier }) => specifier === path);
        return file && kind === 'dynamic-import' ? { path: file.built, external: true } : undefined;
      });
    },
  };
}

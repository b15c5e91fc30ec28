import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { build, context } from 'esbuild';
import { kernelPlugin } from './kernel-source.mjs';
import { collectLicenses } from './licenses.mjs';

/**
 * dist/*.js for Node and the pure core, dist/types, and dist/meta.json, from which the architecture test reads who
 * imports whom.
 */
export async function buildNode({ watch }) {
  const { version } = JSON.parse(await readFile('package.json', 'utf8'));
  const options = {
    bundle: true,
    platform: 'node',
    target: 'node20',
    // culori is bundled: it is 200 small files, and loading them took a quarter of a small image's time.
    external: ['sharp', 'gpu.js', 'webgpu', 'ora', 'tinyglobby', 'bullmq', 'ioredis'],
    plugins: [kernelPlugin()],
    metafile: true,
    sourcemap: 'linked',
    define: { COLORSHINE_VERSION: JSON.stringify(version) },
    logLevel: 'warning',
  };
  const library = {
    ...options,
    entryPoints: {
      index: 'src/index.ts',
      node: 'src/node/index.ts',
      'task-process': 'src/node/queue/task-process.ts',
    },
    outdir: 'dist',
    splitting: true,
    format: 'esm',
  };
  // One CommonJS file: loading sharp and twenty chunks as ES modules takes 50 ms longer.
  const cli = {
    ...options,
    entryPoints: ['src/node/cli/main.ts'],
    outfile: 'dist/cli.cjs',
    format: 'cjs',
    // Where the file lies: `colorshine worker` starts dist/task-process.js beside it.
    define: { ...options.define, 'import.meta.url': 'FILE_URL' },
    banner: { js: "const FILE_URL = require('node:url').pathToFileURL(__filename).href;" },
  };
  if (watch) {
    for (const target of [library, cli]) await (await context(target)).watch();
    return;
  }
  const built = await Promise.all([build(library), build(cli)]);
  const inputs = Object.assign({}, ...built.map(({ metafile }) => metafile.inputs));
  const outputs = Object.assign({}, ...built.map(({ metafile }) => metafile.outputs));
  await mkdir('dist', { recursive: true });
  await writeFile('dist/meta.json', JSON.stringify({ inputs, outputs }));
  await writeFile('dist/LICENSES.txt', await collectLicenses(Object.keys(inputs)));
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.dts.json'], { stdio: 'inherit' });
}

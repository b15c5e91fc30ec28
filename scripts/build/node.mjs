import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { build, context } from 'esbuild';
import { kernelPlugin } from './kernel-source.mjs';
import { collectLicenses } from './licenses.mjs';

/** Entries `colorshine/vite` and so on. */
const PLUGINS = ['vite', 'rollup', 'webpack', 'esbuild', 'imagetools', 'eleventy'];

/**
 * dist/*.js for Node and the pure core, dist/types, and dist/meta.json, from which the architecture test reads who
 * imports whom.
 */
export async function buildNode({ watch }) {
  const { version } = JSON.parse(await readFile('package.json', 'utf8'));
  const options = {
    entryPoints: {
      index: 'src/index.ts',
      node: 'src/node/index.ts',
      cli: 'src/node/cli/main.ts',
      ...Object.fromEntries(PLUGINS.map((name) => [name, `src/node/plugins/${name}.ts`])),
    },
    outdir: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // culori is bundled: it is 200 small files, and loading them took a quarter of a small image's time.
    external: ['sharp', 'gpu.js', 'webgpu', 'ora', 'tinyglobby', 'unplugin', 'vite-imagetools', '@terrazzo/parser'],
    plugins: [kernelPlugin()],
    metafile: true,
    sourcemap: 'linked',
    define: { COLORSHINE_VERSION: JSON.stringify(version) },
    logLevel: 'warning',
  };
  if (watch) {
    const watcher = await context(options);
    await watcher.watch();
    return;
  }
  const { metafile } = await build(options);
  await mkdir('dist', { recursive: true });
  await writeFile('dist/meta.json', JSON.stringify(metafile));
  await writeFile('dist/LICENSES.txt', await collectLicenses(Object.keys(metafile.inputs)));
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.dts.json'], { stdio: 'inherit' });
}

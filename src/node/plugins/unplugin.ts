import { createUnplugin } from 'unplugin';
import { setUpEsbuild } from './hooks/esbuild.js';
import { rollupHooks } from './hooks/rollup.js';
import { viteHooks } from './hooks/vite.js';
import { applyToWebpack } from './hooks/webpack.js';
import type { ShineOptions } from './options.js';

/**
 * One plugin for all bundlers. Each is handed a finished file in the way that it handles files of its own, so that
 * public paths, names with hashes, inlining and loaders stay what the project has set.
 *
 * Not through unplugin's own `resolveId` and `load`, which turn every import into a script: webpack's and esbuild's
 * style sheets would then not find their images.
 */
export const shinePlugin = createUnplugin<ShineOptions | undefined>((options = {}, { framework }) => ({
  name: 'colorshine',
  enforce: 'pre',
  ...(framework === 'vite' && { vite: viteHooks(options) }),
  ...(framework === 'rollup' && { rollup: rollupHooks(options) }),
  webpack: (compiler) => applyToWebpack(compiler, options),
  esbuild: { setup: (build) => setUpEsbuild(build, options) },
}));

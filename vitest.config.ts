import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { viteKernelPlugin } from './scripts/build/kernel-source.mjs';
import { viteScriptPlugin } from './scripts/build/script-plugin.mjs';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

export default defineConfig({
  // As the bundler does it, so that jobs made from the sources and by the built program have one engine.
  define: { COLORSHINE_VERSION: JSON.stringify(version) },
  plugins: [viteKernelPlugin(), viteScriptPlugin()],
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['scripts/build/wasm-setup.mjs'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});

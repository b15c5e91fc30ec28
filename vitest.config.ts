import { defineConfig } from 'vitest/config';
import { viteKernelPlugin } from './scripts/build/kernel-source.mjs';
import { viteScriptPlugin } from './scripts/build/script-plugin.mjs';

export default defineConfig({
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

import { defineConfig } from 'vitest/config';
import { viteKernelPlugin } from './scripts/build/kernel-source.mjs';

export default defineConfig({
  plugins: [viteKernelPlugin()],
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['scripts/build/wasm-setup.mjs'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});

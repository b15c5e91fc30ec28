import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { viteKernelPlugin } from './scripts/build/kernel-source.mjs';
import { viteScriptPlugin } from './scripts/build/script-plugin.mjs';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

/** A minute each: begun last, they would be waited for alone. */
const DEAREST = [
  'test/backends/wasm/pictures.test.ts',
  'test/browser/conformance.test.ts',
  'test/browser/gpu-failures.test.ts',
  'test/browser/ui-gpu.test.ts',
  'test/cli/build.test.ts',
  'test/core/independent-model.test.ts',
  'test/engine-hashes-1.test.ts',
  'test/engine-hashes-2.test.ts',
  'test/node/spool/same-bytes.test.ts',
  'test/plugins/next.test.ts',
];

/** What needs a process of its own: mocked modules, closed loaders, an environment that is changed, and memory that is measured. */
const NEEDS_OWN_PROCESS = /vi\.mock\(|memoryUsage|sharp\.block|process\.env\.\w+ = /;

const TESTS = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => `test/${name.replaceAll('\\', '/')}`);
const alone = TESTS.filter((name) => NEEDS_OWN_PROCESS.test(readFileSync(name, 'utf8')));

class DearestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isDear = ({ moduleId }: TestSpecification): boolean => DEAREST.some((name) => moduleId.endsWith(`/${name}`));
    const sorted = await super.sort(files);
    return [...sorted.filter(isDear), ...sorted.filter((file) => !isDear(file))];
  }
}

export default defineConfig({
  // As the bundler does it, so that jobs made from the sources and by the built program have one engine.
  define: { COLORSHINE_VERSION: JSON.stringify(version) },
  plugins: [viteKernelPlugin(), viteScriptPlugin()],
  test: {
    globalSetup: ['scripts/build/wasm-setup.mjs'],
    setupFiles: ['test/support/setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // Node 20 may abort when a worker thread ends for which V8 is still optimizing in the background (node_platform.cc: ForIsolate).
    execArgv: ['--no-concurrent-recompilation'],
    // One more than the two cores of a small machine: browsers, child processes and services are waited for.
    maxWorkers: 3,
    sequence: { sequencer: DearestFirst },
    // A process for each file loads the sources, sharp and the compiler anew: two minutes of a core.
    projects: [
      {
        extends: true,
        test: { name: 'shared', include: TESTS.filter((name) => !alone.includes(name)), isolate: false },
      },
      { extends: true, test: { name: 'alone', include: alone } },
    ],
  },
});

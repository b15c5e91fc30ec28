import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { findCircles, readImports } from './support/import-circles.js';
import { graphModules } from './support/import-graph.js';
import { breachOf, edgesOf, layerOf } from './support/layering.js';

const breaches = (edges: ReturnType<typeof edgesOf>): string[] =>
  edges.map(breachOf).filter((breach) => breach !== undefined);

describe('dependency rules', () => {
  it('hold for every module under src and ui', async () => {
    const graph = await graphModules('src', 'ui');
    const edges = edgesOf(graph);
    expect(breaches(edges)).toEqual([]);
    // The graph is the real one: it holds the core's entry and the edge from the js backend to the core.
    expect(Object.keys(graph.inputs)).toContain('src/core/recolor.ts');
    expect(edges).toContainEqual({ from: 'src/backends/js/pull-bytes.ts', to: 'src/core/compiled-plan.ts' });
    expect(edges).toContainEqual({ from: 'src/core/row/color.ts', to: 'culori/fn' });
  });

  it('hold for what the build bundled', () => {
    // `npm test` builds first; a bare vitest run in a fresh clone has the test above, which covers every module.
    if (!existsSync('dist/meta.json')) return;
    const edges = edgesOf(JSON.parse(readFileSync('dist/meta.json', 'utf8')));
    expect(edges.length).toBeGreaterThan(20);
    expect(breaches(edges)).toEqual([]);
  });
});

describe('circles', () => {
  it('are nowhere among the files of src and ui, through types alone neither', () => {
    const imports = readImports('src', 'ui');
    expect(imports.get('src/core/types.ts')).toEqual([]);
    expect(imports.get('src/core/analysis/strip-census.ts')).toContain('src/core/analysis/lab-stream.ts'); // a type
    expect(findCircles(imports)).toEqual([]);
  });

  it('are found', () => {
    const imports = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['b', 'd']],
      ['d', []],
      ['e', ['e']],
    ]);
    expect(findCircles(imports)).toEqual([['b', 'c'], ['e']]);
  });
});

describe('hooks of tests', () => {
  const HOOK = /^(?:before|after)(?:Each|All)\(/m;
  const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => HOOK.test(name.endsWith('.ts') ? readFileSync(`test/${name}`, 'utf8') : ''));

  it('stand in no module that test files share: there they are the first file’s alone', () => {
    expect(files.filter((name) => !name.endsWith('.test.ts'))).toEqual(['support/setup.ts']);
    expect(files.length).toBeGreaterThan(20);
  });
});

describe('file formats', () => {
  it('know nothing of ours but each other and the core’s errors and types', () => {
    const known = /^src\/(codec\/.*|core\/(errors|types))\.ts$/;
    const imports = [...readImports('src')].filter(([module]) => module.startsWith('src/codec/'));
    expect(imports.length).toBeGreaterThan(0);
    expect(imports.flatMap(([, paths]) => paths).filter((path) => !known.test(path))).toEqual([]);
  });
});

describe('the rules', () => {
  it.each([
    ['src/core/pull.ts', 'src/backends/js/index.ts'],
    ['src/core/pull.ts', 'src/protocol/messages.ts'],
    ['src/core/pull.ts', 'node:fs'],
    ['src/core/pull.ts', 'sharp'],
    ['src/backends/js/index.ts', 'src/node/index.ts'],
    ['src/backends/js/index.ts', 'node:worker_threads'],
    ['src/backends/wasm/index.ts', 'src/index.ts'],
    ['src/core/pull.ts', 'src/codec/icc.ts'],
    ['src/backends/js/index.ts', 'src/codec/icc.ts'],
    ['src/codec/icc.ts', 'src/core/pull.ts'],
    ['src/codec/icc.ts', 'src/node/index.ts'],
    ['src/codec/icc.ts', 'node:zlib'],
    ['src/codec/icc.ts', 'culori'],
    ['src/figma/main.ts', 'src/codec/icc.ts'],
    ['src/tokens/read.ts', 'src/backends/js/index.ts'],
    ['src/tokens/read.ts', 'node:path'],
    ['src/tokens/read.ts', '@terrazzo/parser'],
    ['src/protocol/rpc.ts', 'src/core/recipe.ts'],
    ['src/figma/main.ts', 'src/backends/js/index.ts'],
    ['src/figma/main.ts', 'src/node/index.ts'],
    ['src/figma/main.ts', 'src/tokens/index.ts'],
    ['src/figma/main.ts', 'ui/app/app.tsx'],
    ['src/figma/main.ts', 'sharp'],
    ['src/figma/main.ts', 'preact'],
    ['src/node/index.ts', 'src/figma/main.ts'],
    ['src/node/index.ts', 'ui/host.ts'],
    ['ui/host.ts', 'src/node/index.ts'],
    ['ui/host.ts', 'src/figma/main.ts'],
    ['ui/host.ts', 'fs'],
    ['ui/host.ts', 'fs/promises'],
    ['ui/host.ts', 'sharp'],
    ['src/index.ts', 'src/node/index.ts'],
    ['src/core/pull.ts', 'scripts/make-matrices.ts'],
    ['src/surprise/x.ts', 'src/core/pull.ts'],
  ])('refuse %s -> %s', (from, to) => {
    expect(breachOf({ from, to })).toContain(from);
  });

  it.each([
    ['src/core/pull.ts', 'src/core/types.ts'],
    ['src/core/row/color.ts', 'culori'],
    ['src/backends/js/index.ts', 'src/core/backend.ts'],
    ['src/backends/wasm/index.ts', 'src/backends/js/index.ts'],
    ['src/backends/wasm/index.ts', 'src/backends/wasm/node-threads.ts'],
    ['src/backends/wasm/node-threads.ts', 'node:worker_threads'],
    ['src/backends/gpu/gpu-js-types.ts', 'gpu.js'],
    ['src/codec/icc.ts', 'src/core/errors.ts'],
    ['src/node/index.ts', 'src/codec/icc.ts'],
    ['ui/codec/inspect.ts', 'src/codec/icc.ts'],
    ['src/figma/main.ts', 'src/protocol/messages.ts'],
    ['src/node/index.ts', 'node:fs'],
    ['src/node/index.ts', 'sharp'],
    ['ui/app/app.tsx', 'preact/hooks'],
    ['ui/worker/engine.ts', 'src/backends/js/index.ts'],
  ])('allow %s -> %s', (from, to) => {
    expect(breachOf({ from, to })).toBeUndefined();
  });

  it('read a real metafile: values count, types do not', async () => {
    const { metafile } = await build({
      stdin: {
        contents: `import type { Plan } from './core/types.js';
          import { pull } from './core/pull.js';
          export const run = (plan: Plan) => pull([0, 0, 0], plan);`,
        resolveDir: 'src',
        sourcefile: 'protocol/fake.ts',
        loader: 'ts',
      },
      bundle: true,
      write: false,
      metafile: true,
      packages: 'external',
      format: 'esm',
    });
    const found = breaches(edgesOf(metafile));
    expect(found).toEqual(['src/protocol/fake.ts (protocol) must not import src/core/pull.ts (core)']);
  });

  it('know every kind of file', () => {
    expect(layerOf('src/backends/wasm/node-threads.ts')).toBe('backends in Node');
    expect(layerOf('src/backends/wasm/pool.ts')).toBe('backends');
    expect(layerOf('src/node/index.ts')).toBe('node');
    expect(layerOf('src/other.ts')).toBeUndefined();
  });
});

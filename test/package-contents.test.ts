/** What `npm install colorshine` brings: code, types, schemas, docs and the plugin, and nothing else. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { expect, it } from 'vitest';
import { findTypes } from '../scripts/build/prune-types.mjs';

/** 2^20 would be another number: what npm shows are powers of ten. */
const MAX_PACKED_BYTES = 1_200_000;

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  engines: { node: string };
  exports: Record<string, unknown>;
};

interface Packed {
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

function pack(): Packed {
  if (!existsSync('dist/cli.cjs')) throw new Error('dist is missing: npm run build');
  const json = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return JSON.parse(json.toString())[0] as Packed;
}

const { size, files } = pack();
const paths = files.map(({ path }) => path);
const read = (path: string): string => readFileSync(path, 'utf8');

it('holds nothing but what is meant to be there', () => {
  const names = Object.keys(manifest.exports).flatMap((name) => /^\.\/([\w-]+)$/.exec(name)?.[1] ?? []);
  const entries = new Set(['index', 'task-process', ...names]);
  const isMeant = (path: string): boolean =>
    /^(package\.json|README\.md|CHANGELOG\.md|LICENSE|client\.d\.ts|manifest\.json)$/.test(path) ||
    /^docs\/[\w-]+\.md$/.test(path) ||
    /^schema\/[\w-]+\.schema\.json$/.test(path) ||
    /^dist\/(LICENSES\.txt|cli(-\w+)?\.cjs|figma\/(code\.js|ui\.html)|types\/.+\.d\.ts)$/.test(path) ||
    /^dist\/[\w-]+-[0-9A-Z]{8}\.js$/.test(path) || // a part that entries share or load on demand
    entries.has(/^dist\/([\w-]+)\.js$/.exec(path)?.[1] ?? '');
  expect(paths.filter((path) => !isMeant(path))).toEqual([]);
});

it('is at most 1.2 MB packed, without source maps and whatever they hold', () => {
  expect(size).toBeLessThanOrEqual(MAX_PACKED_BYTES);
  const scripts = paths.filter((path) => /\.c?js$/.test(path));
  expect(scripts.filter((path) => read(path).includes('sourceMappingURL='))).toEqual([]);
});

it('holds no types that no entry leads to', async () => {
  const entries = Object.values(manifest.exports).flatMap((entry) => (entry as { types?: string }).types ?? []);
  const used = await findTypes(entries);
  expect(paths.filter((path) => path.startsWith('dist/types/') && !used.has(path))).toEqual([]);
});

it('needs nothing that it does not name', () => {
  const known = new Set([
    ...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }),
    ...builtinModules,
  ]);
  const meta = JSON.parse(read('dist/meta.json')) as {
    outputs: Record<string, { imports: { path: string; external?: boolean }[] }>;
  };
  const imported = Object.values(meta.outputs).flatMap(({ imports }) => imports.filter(({ external }) => external));
  const ofTypes = paths
    .filter((path) => path.endsWith('.d.ts'))
    .flatMap((path) =>
      [...read(path).matchAll(/(?:from |import\()["']([^."'][^"']*)["']/g)].map(([, name]) => name as string),
    );
  const packages = [...imported.map(({ path }) => path), ...ofTypes]
    .filter((path) => !path.startsWith('.') && !path.startsWith('node:'))
    .map((path) =>
      path
        .split('/')
        .slice(0, path.startsWith('@') ? 2 : 1)
        .join('/'),
    );
  expect(packages.length).toBeGreaterThan(3);
  // `webgpu` is a way to get a GPU where it is installed; nothing asks for it.
  expect([...new Set(packages)].filter((name) => !known.has(name) && name !== 'webgpu')).toEqual([]);
});

it('names the license of whatever is bundled', () => {
  const { inputs } = JSON.parse(read('dist/meta.json')) as { inputs: Record<string, unknown> };
  const bundled = new Set(
    Object.keys(inputs).flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []),
  );
  expect(bundled).toContain('culori');
  const licenses = read('dist/LICENSES.txt');
  expect([...bundled].filter((name) => !licenses.includes(`${name} `))).toEqual([]);
  expect(paths).toContain('dist/LICENSES.txt');
  expect(Object.keys(manifest.dependencies)).not.toContain('culori');
});

it('is for the versions of Node that have what it uses', () => {
  expect(manifest.engines.node).toBe('^20.19 || >=22.12');
});

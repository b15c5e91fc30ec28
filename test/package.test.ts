/** The package as it is published: every entry point exists, has types and loads. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { describe, expect, it } from 'vitest';
import { DOORS, UNTRIED } from '../scripts/versions/doors.js';

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports: Record<string, string | { types?: string; default?: string }>;
  peerDependencies: Record<string, string>;
  peerDependenciesMeta: Record<string, { optional: boolean }>;
};

describe('the package', () => {
  it('is in order for Node and bundlers', async () => {
    if (!existsSync('dist/index.js')) throw new Error('dist is missing: npm run build');
    const { messages } = await publint({ pkgDir: resolve('.'), strict: true });
    expect(messages.map((message) => formatMessage(message, manifest))).toEqual([]);
  });

  const entries = Object.entries(manifest.exports).flatMap(([name, entry]) =>
    typeof entry === 'object' ? [[name, entry] as const] : [],
  );

  it.each(entries)('%s has types, and loads', async (_, { types, default: script }) => {
    expect(types && existsSync(types)).toBe(true);
    if (script) expect(Object.keys(await import(pathToFileURL(join(script)).href)).length).toBeGreaterThan(0);
  });

  it('has every page that its help texts lead to', () => {
    const [{ files }] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts']).toString());
    const packed = new Set(files.map(({ path }: { path: string }) => path));
    const pages = new Set(readFileSync('src/node/cli/help.ts', 'utf8').match(/docs\/[\w/-]+\.md/g));
    expect(pages.size).toBeGreaterThan(0);
    for (const page of pages) expect(packed, page).toContain(page);
  });

  it('needs no bundler: each is an optional peer', () => {
    expect(Object.keys(manifest.peerDependenciesMeta).sort()).toEqual(Object.keys(manifest.peerDependencies).sort());
    for (const { optional } of Object.values(manifest.peerDependenciesMeta)) expect(optional).toBe(true);
  });

  it('has a way to try each peer, and ranges with two ends', () => {
    for (const [name, range] of Object.entries(manifest.peerDependencies)) {
      expect(Object.keys({ ...DOORS, ...UNTRIED }), 'scripts/versions/doors.ts').toContain(name);
      for (const part of range.split(' || '))
        expect(part, name).toMatch(/^(?:\^[1-9]\d*\.\d+\.\d+|>=\d+\.\d+\.\d+ <\d+)$/);
    }
  });
});

/** No link of a page is dead, and no example leans on what is not in its own folder. */
import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { globSync } from 'tinyglobby';
import { expect, it } from 'vitest';
import { findDeadLinks, findPages } from '../support/pages.js';

it('has no dead link in the repository', () => {
  expect(findPages().length).toBeGreaterThan(20);
  expect(findDeadLinks()).toEqual([]);
});

it('has a page in every example, with commands that its package.json has', () => {
  const folders = globSync('examples/*/', { onlyDirectories: true, ignore: 'examples/colorshine-*/' });
  expect(folders.length).toBeGreaterThanOrEqual(10);
  for (const folder of folders) {
    const page = readFileSync(posix.join(folder, 'README.md'), 'utf8');
    const { scripts } = JSON.parse(readFileSync(posix.join(folder, 'package.json'), 'utf8'));
    const named = [...page.matchAll(/npm run (\w+)/g)].map(([, name]) => name);
    expect(Object.keys(scripts), folder).toEqual(expect.arrayContaining(named));
  }
});

it('has schemas of examples in the package that they install', () => {
  const schemas = globSync('examples/**/*.json', {
    ignore: ['**/node_modules/**', 'examples/colorshine-*/**'],
  }).flatMap((file) => {
    const { $schema } = JSON.parse(readFileSync(file, 'utf8'));
    return $schema === undefined ? [] : [{ file, path: posix.join(posix.dirname(file), $schema) }];
  });
  expect(schemas.length).toBeGreaterThan(10);
  for (const { file, path } of schemas) {
    const [, folder, inside = ''] = /^(examples\/[^/]+)\/node_modules\/colorshine\/(.+)$/.exec(path) ?? [];
    expect(file).toContain(`${folder}/`);
    expect(existsSync(inside), `${file}: ${path}`).toBe(true);
  }
});

/** Resolver documents, through @terrazzo/parser. */
import { spawnSync } from 'node:child_process';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadTokens } from '../../src/node/index.js';
import { colorAt, colorsOf } from '../../src/tokens/index.js';
import { makeTempFolder } from '../support/temp-folder.js';
import { errorOf, FIXTURES } from './support.js';

const FOLDER = join(FIXTURES, 'resolver');

describe('resolver documents', () => {
  it('give sets in their order, and a choice for each modifier', async () => {
    const tokens = await loadTokens([join(FOLDER, 'resolver.json')]);
    expect(tokens.files).toEqual([{ file: join(FOLDER, 'resolver.json'), format: 'resolver' }]);
    expect(tokens.dimensions).toEqual([
      { name: 'brand', modes: ['harbor', 'dune'] },
      { name: 'scheme', modes: ['light', 'dark'] }, // the default first
    ]);
    const fills = ['harbor', 'dune', 'dune,dark'].map((theme) => {
      const colors = colorsOf(tokens, theme);
      return [colors.get('button.fill'), colors.get('button.text')];
    });
    const ink = 'color(srgb 0.07 0.09 0.13)';
    expect(fills).toEqual([
      ['oklch(0.55 0.11 230)', ink],
      ['oklch(0.7 0.12 75)', ink],
      ['oklch(0.7 0.12 75)', 'color(srgb 0.9 0.93 0.98)'],
    ]);
    expect(colorsOf(tokens).get('color.brand.flare')).toBe('color(display-p3 1 0.45 0.2)');
    expect(colorsOf(tokens).has('space.small')).toBe(false);
  });

  it('and their files may not ask the parser for endless work', async () => {
    const folder = await makeTempFolder();
    const at = (name: string): string => join(folder, name);
    const order = { resolutionOrder: [{ $ref: '#/sets/s0' }] };
    const of = (file: string) => ({ version: '2025.10', sets: { s0: { sources: [{ $ref: file }] } }, ...order });
    const four = (make: () => object) => [make(), make(), make(), make()];
    const colors = Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => [
        `x${i}`,
        {
          $type: 'color',
          $value: {
            colorSpace: 'srgb',
            components: i < 11 ? four(() => ({ $ref: `#/x${i + 1}/$value/components` })) : 0,
          },
        },
      ]),
    );
    await writeFile(at('bomb.json'), JSON.stringify(colors));
    await writeFile(at('deep.json'), `{"a":{"$type":"color","$value":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`);
    await writeFile(at('elsewhere.json'), JSON.stringify({ a: { $ref: 'bomb.json#/x0' } }));
    await writeFile(at('circle.json'), JSON.stringify({ a: { $ref: '#/b' }, b: { $ref: '#/a' } }));
    const sets = Object.fromEntries(
      Array.from({ length: 14 }, (_, i) => [
        `s${i}`,
        { sources: i < 13 ? four(() => ({ $ref: `#/sets/s${i + 1}` })) : [{ a: { $type: 'color', $value: '#fff' } }] },
      ]),
    );
    const cases: [object, RegExp][] = [
      [of('bomb.json'), /^INVALID_TOKENS .*bomb\.json: expected at most 1000000 parts/],
      [of('deep.json'), /^INVALID_TOKENS .*deep\.json: .*expected at most 64 levels/],
      [of('elsewhere.json'), /^INVALID_TOKENS .*elsewhere\.json: \$ref: expected a pointer into this file/],
      [
        of('circle.json'),
        /^INVALID_TOKENS .*circle\.json: \$ref: expected references that end at a value, got a cycle/,
      ],
      [{ version: '2025.10', sets, ...order }, /^INVALID_TOKENS .*r\.json: expected at most 1000000 parts/],
    ];
    for (const [document, message] of cases) {
      await writeFile(at('r.json'), JSON.stringify(document));
      const failed = await loadTokens([at('r.json')]).catch((error: { code: string; message: string }) => error);
      expect(`${(failed as { code: string }).code} ${(failed as { message: string }).message}`).toMatch(message);
    }
  });

  it('count among other token files, whose aliases may lead into them', async () => {
    const folder = await makeTempFolder();
    await writeFile(join(folder, 'more.json'), '{"glow":{"$type":"color","$value":"{color.brand.flare}"}}');
    const tokens = await loadTokens([join(folder, 'more.json'), join(FOLDER, 'resolver.json')]);
    expect(colorsOf(tokens).get('glow')).toBe('color(display-p3 1 0.45 0.2)');
  });

  it.each([
    ['a missing file', { base: '{ "$ref": "bsae.json" }' }, /^INPUT_NOT_FOUND .*bsae\.json: expected a token file/],
    ['a file that is no JSON', { file: '{ "color": ' }, /^INVALID_TOKENS .*resolver\.json: /],
    [
      'a file from the web',
      { base: '{ "$ref": "https://example.com/a.json" }' },
      /^INVALID_TOKENS .*download it first$/,
    ],
    ['an unknown set', { order: '#/sets/bsae' }, /^INVALID_TOKENS .*resolver\.json: .*bsae/],
    [
      'a wrong color',
      { file: '{ "a": { "$type": "color", "$value": 7 } }' },
      /^INVALID_TOKENS .*resolver\.json: set base: a: /,
    ],
    ['a cycle', { file: '{ "a": { "$type": "color", "$value": "{a}" } }' }, /^INVALID_TOKENS .*Circular/],
  ])('say in one line what is wrong: %s', async (_, { base, file = '{}', order = '#/sets/base' }: Change, message) => {
    const folder = await makeTempFolder();
    await writeFile(join(folder, 'base.json'), file);
    const path = join(folder, 'resolver.json');
    const source = base ?? '{ "$ref": "base.json" }';
    await writeFile(
      path,
      `{"version":"2025.10","sets":{"base":{"sources":[${source}]}},"resolutionOrder":[{"$ref":"${order}"}]}`,
    );
    const error = await loadTokens([path]).then(
      (tokens) => errorOf(() => colorAt(colorsOf(tokens), 'a')),
      (reason) => `${reason.code} ${reason.message}`,
    );
    expect(error).toMatch(message);
    expect(error).not.toContain('\n');
  });

  it('need the parser: without it the command line says how to get it', async () => {
    const folder = await makeTempFolder();
    // The package with all it needs, but not its optional peer.
    await cp('dist', join(folder, 'dist'), { recursive: true });
    await writeFile(join(folder, 'package.json'), await readFile('package.json'));
    await mkdir(join(folder, 'node_modules'));
    for (const name of ['sharp', 'tinyglobby']) {
      await symlink(resolve('node_modules', name), join(folder, 'node_modules', name), 'junction');
    }
    await cp(FOLDER, join(folder, 'tokens'), { recursive: true });
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(folder, 'dist/cli.cjs'), 'tokens', 'tokens/resolver.json'],
      { cwd: folder, encoding: 'utf8' },
    );
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toBe(
      "colorshine: tokens/resolver.json: expected @terrazzo/parser to read a resolver document with, found it not installed; npm install @terrazzo/parser, or give the document's token files one after the other\n",
    );
  });
});

interface Change {
  readonly base?: string;
  readonly file?: string;
  readonly order?: string;
}

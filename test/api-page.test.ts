/** docs/api.md names everything that can be imported, and every option; docs/api/ says of each what its docstring says. */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findTypes } from '../scripts/build/prune-types.mjs';

const page = readFileSync('docs/api.md', 'utf8');
/** Every word of the page that stands in code. */
const words = new Set(
  [...page.matchAll(/```\w+\n([\s\S]*?)```|`([^`]+)`/g)].flatMap(
    ([, block, code]) => (code ?? block ?? '').match(/[\w$]+/g) ?? [],
  ),
);

/** Types that a module exports by name, and what it passes on by `export *`. */
function typesOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const named = [...text.matchAll(/export (type )?\{([^}]*)\}/g)].flatMap(([, all, list]) =>
    (list as string).split(',').flatMap((item) => (all ? /(\w+)\s*$/ : /^\s*type (\w+)/).exec(item.trim())?.[1] ?? []),
  );
  const passed = [...text.matchAll(/export (type )?\* from '(\.[^']+)\.js'/g)].flatMap(([, all, path]) => {
    const target = `${file.slice(0, file.lastIndexOf('/'))}/${path}.ts`;
    if (!all) return typesOf(target);
    return [...readFileSync(target, 'utf8').matchAll(/^export (?:interface|type) (\w+)/gm)].map(
      ([, name]) => name as string,
    );
  });
  return [...named, ...passed];
}

/** Words of a docstring or a page, without marks of Markdown and of tags. */
const wordsOf = (text: string): string => (text.match(/[\p{L}\p{N}]+/gu) ?? []).join(' ');

describe.each(['index', 'node'])('%s', (entry) => {
  it('has every name, with its docstring, in the reference', async () => {
    const names = new Set([
      ...typesOf(entry === 'node' ? 'src/node/index.ts' : 'src/index.ts'),
      ...Object.keys(await import(pathToFileURL(`dist/${entry}.js`).href)),
    ]);
    const reference = ['colorshine', 'colorshine/node']
      .map((name) => readFileSync(`docs/api/${name}.md`, 'utf8').replaceAll('\\_', '_'))
      .join('\n')
      .replaceAll('\\_', '_');
    const headings = new Set([...reference.matchAll(/^### ([\w$]+)/gm)].map(([, name]) => name));
    expect(
      [...names].filter((name) => !headings.has(name)),
      'npm run api',
    ).toEqual([]);
    const said = wordsOf(reference);
    const old: string[] = [];
    for (const file of await findTypes([`dist/types/${entry === 'node' ? 'node/' : ''}index.d.ts`])) {
      const declared = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport (?:declare )?(?:abstract )?\w+ (\w+)/g;
      for (const [, comment, name] of readFileSync(file, 'utf8').matchAll(declared)) {
        const plain = (comment as string).split(/\s@(?:param|returns?|throws|see|example|remarks)\b/)[0] as string;
        const sentence = wordsOf(plain.replaceAll(/\{@link ([^}]+)\}/g, '$1'));
        if (names.has(name as string) && !said.includes(sentence)) old.push(`${name}: ${sentence}`);
      }
    }
    expect(old, 'npm run api').toEqual([]);
  });

  it('has every value on the page', async () => {
    const names = Object.keys(await import(pathToFileURL(`dist/${entry}.js`).href));
    expect(names.length).toBeGreaterThan(40);
    expect(names.filter((name) => !words.has(name))).toEqual([]);
  });

  it('has every type on the page', () => {
    const names = typesOf(entry === 'node' ? 'src/node/index.ts' : 'src/index.ts');
    expect(names).toContain('Plan');
    expect(names).toContain('TokenColors');
    expect(names.filter((name) => !words.has(name))).toEqual([]);
  });
});

it('says of every field what it is', () => {
  const bare: string[] = [];
  for (const file of ['colorshine', 'colorshine/node']) {
    const [, ...parts] = readFileSync(`docs/api/${file}.md`, 'utf8').split(/^### (?=[\w$]+$)/m);
    for (const part of parts) {
      const [, table = ''] = part.split(/^#### Properties$/m);
      const rows =
        table
          .split(/^####? /m)[0]
          ?.match(/^\|.*$/gm)
          ?.slice(2) ?? [];
      for (const row of rows) {
        const cells = row.split(/(?<!\\)\|/).map((cell) => cell.trim());
        const isOurs = !(part.includes('ReadonlyMap') && cells[1]?.includes('`size`'));
        if (isOurs && /^-?$/.test(cells.at(-2) as string)) bare.push(`${part.split('\n')[0]}: ${cells[1]}`);
      }
    }
  }
  expect(bare, 'a docstring, then npm run api').toEqual([]);
});

it('has every option', () => {
  const files = [
    'recolor-options',
    'recolor-file',
    'analyze',
    'apply-lut',
    'engine',
    'palette',
    'lut-file',
    'lut-cache',
    'spool/options',
    'hierarchical/options',
    'image/large-pixels',
    'image/reading-options',
    'build/run-job',
  ];
  const options = files.flatMap((file) => {
    const text = readFileSync(`src/node/${file}.ts`, 'utf8');
    return [...text.matchAll(/^export interface \w*(?:Options|Limits)\b[^{]*\{\n([\s\S]*?)^\}/gm)].flatMap(([, body]) =>
      [...(body as string).matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name]) => name as string),
    );
  });
  expect(options).toContain('spoolAbove');
  expect([...new Set(options)].filter((name) => !words.has(name))).toEqual([]);
});

it('has every entry', () => {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as { exports: Record<string, unknown> };
  const names = Object.keys(exports)
    .flatMap((name) => /^\.\/([\w-]+)/.exec(name)?.[1] ?? [])
    .filter((name) => name !== 'package');
  for (const name of names) expect(page).toMatch(new RegExp(`[/]${name}\\b`));
});

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { findFiles, fixedPart, isPattern } from '../../src/node/files/glob.js';
import { makeTempFolder } from '../support/temp-folder.js';

const FILES = [
  'Holiday (2024)/a.png',
  'Holiday 2024/a.png',
  'Holiday [2025]/a.png',
  'draft/a.png',
  '(draft)/a.png',
  '{x}/a (1).png',
  'dup (1).png',
  'dup (1) small.png',
  'dup (2).png',
  'dup1.png',
  'a+(b).png',
  'plain.png',
  '.hidden.png',
];

let cwd: string;
beforeEach(async () => {
  cwd = await makeTempFolder();
  for (const file of FILES) {
    await mkdir(dirname(join(cwd, file)), { recursive: true });
    await writeFile(join(cwd, file), '');
  }
});

describe('findFiles', () => {
  it.each([
    ['Holiday (2024)/*.png', ['Holiday (2024)/a.png']],
    ['Holiday [2025]/*.png', ['Holiday [2025]/a.png']],
    ['Holiday (20*)/*.png', ['Holiday (2024)/a.png']],
    ['{x}/* (1).png', ['{x}/a (1).png']],
    ['dup (1)*.png', ['dup (1) small.png', 'dup (1).png']],
    ['dup*(1).png', ['dup (1).png']],
    ['dup (?).png', ['dup (1).png', 'dup (2).png']],
    ['(draft)/*', ['(draft)/a.png']],
    ['d(raft|up1.png)*/*.png', ['draft/a.png']],
    ['@(draft|nothing)/*.png', ['draft/a.png']],
    ['!(Holiday*|{x}|draft)/*.png', ['(draft)/a.png']],
    ['dup ({1,2}).png', ['dup (1).png', 'dup (2).png']],
    ['(unclosed*', []],
    ['a+(b).png', ['a+(b).png']],
    ['*1.png', ['dup1.png']],
    ['./dup (1)*.png', ['dup (1) small.png', 'dup (1).png']],
  ])('%s', async (pattern, expected) => {
    expect(await findFiles(pattern, { cwd })).toEqual(expected);
  });

  it.each(['Holiday (2024)/*.png', '*/a.png', 'dup (1).png'])('%s as an absolute path', async (pattern) => {
    const files = await findFiles(join(cwd, pattern), { absolute: true });
    expect(files).toEqual((await findFiles(pattern, { cwd })).map((file) => join(cwd, file)));
  });

  it.each([
    ['(draft)/**', '(draft)/a.png'],
    ['Holiday (2024)/**', 'Holiday (2024)/a.png'],
    ['{x}/a (1).png', '{x}/a (1).png'],
  ])('leaves out %s alone', async (ignored, file) => {
    const all = await findFiles('**/*.png', { cwd });
    expect(all).toHaveLength(FILES.length - 1);
    expect(await findFiles('**/*.png', { cwd, ignore: [ignored] })).toEqual(all.filter((each) => each !== file));
  });
});

it('a pattern is what no file is called', () => {
  expect(['dup (1).png', '{x}/a (1).png', 'dup (3).png', 'wow!.png'].some((text) => isPattern(text, cwd))).toBe(false);
  expect(['dup (1)*.png', '{x,y}/a.png', '(a|b).png', '@(a).png'].every((text) => isPattern(text, cwd))).toBe(true);
});

it('fixedPart ends where names end', () => {
  expect(fixedPart('Holiday (2024)/*.png', cwd)).toBe('Holiday (2024)/');
  expect(fixedPart('{x}/{y}/*.png', cwd)).toBe('{x}/');
  expect(fixedPart('images/{a,b}/*.png', cwd)).toBe('images/');
  expect(fixedPart('*.png', cwd)).toBe('');
  expect(fixedPart('/a/*.png', cwd)).toBe('/a/');
});

/** What is taken for an input: patterns, folders, names that look like something else. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeProject } from '../support/build-project.js';
import { gradient, toSharp } from '../support/images.js';
import { runCli } from '../support/run-cli.js';
import { makeTempFolder } from '../support/temp-folder.js';

const RED = 'red;50;70';
let folder: string;
let png: Buffer;

async function put(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), png);
  }
}

/** Every file below `out`. */
async function outputs(): Promise<string[]> {
  const entries = await readdir(join(folder, 'out'), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, 'out/').length))
    .sort();
}

beforeEach(async () => {
  folder = await makeTempFolder();
  png = await toSharp(gradient(8, 8)).png().toBuffer();
});

describe('patterns with parentheses', () => {
  it.each([
    ['Holiday (2024)/*.png', ['a.png']],
    ['dup (1)*.png', ['dup (1) small.png', 'dup (1).png']],
  ])('shine %s', async (pattern, made) => {
    await put('Holiday (2024)/a.png', 'dup (1).png', 'dup (1) small.png', 'dup1.png');
    expect(await runCli(['shine', pattern, RED, '--out-dir', 'out'], folder)).toMatchObject({ code: 0 });
    expect(await outputs()).toEqual(made);
  });

  it('a build leaves out a folder in parentheses, and takes one', async () => {
    const project = await makeProject();
    const config = { recipe: [RED], out: 'dist/{dir}/{name}.{ext}' };
    await project.write('images/(draft)/a.png', png);
    await project.write('images/final (2)/b.png', png);
    await project.write('colorshine.config.json', { ...config, inputs: ['images/**/*.png', '!images/(draft)/**'] });
    expect(await project.build()).toMatchObject({ code: 0 });
    expect([...(await project.contents('dist')).keys()].filter((name) => name.endsWith('.png'))).toEqual([
      expect.stringMatching(/final \(2\)\/b\.png$/),
    ]);
    await project.write('colorshine.config.json', {
      ...config,
      inputs: ['images/(draft)/*.png'],
      out: 'd/{dir}/{name}.{ext}',
    });
    expect(await project.build()).toMatchObject({ code: 0 });
    expect(await readdir(project.at('d'))).toContain('a.png');
  });
});

describe('names with semicolons', () => {
  it.each([[['photo;1.png']], [['./photo;1.png']], [['--', 'photo;1.png']], [['a;50;70/x.png']], [['a;50;70']]])(
    '%j is a file, or a folder',
    async (inputs) => {
      await put('photo;1.png', 'a;50;70/x.png');
      expect(await runCli(['shine', '--out-dir=out', RED, ...inputs], folder)).toMatchObject({ code: 0 });
      expect(await outputs()).toHaveLength(1);
    },
  );

  it.each(['./gone;1.png', '../gone;1.png', '/gone;1.png'])('%s is missed as a file', async (path) => {
    const { code, stderr } = await runCli(['shine', path, RED], folder);
    expect(stderr).toContain(`${path}: expected an image file, found nothing there`);
    expect(code).toBe(1);
  });

  it('patterns too', async () => {
    await put('photo;1.png', 'photo;2.png');
    expect(await runCli(['shine', 'photo;*.png', RED, '--out-dir=out'], folder)).toMatchObject({ code: 0 });
    expect(await outputs()).toEqual(['photo;1.png', 'photo;2.png']);
  });

  it('a token file', async () => {
    await writeFile(join(folder, 'a;b.json'), '{"red":{"$type":"color","$value":"#ff0000"}}');
    expect((await runCli(['tokens', 'a;b.json'], folder)).stdout.toString()).toContain('1 color');
  });
});

describe('folders', () => {
  const FILES = [
    'shots/b.PNG',
    'shots/a.png',
    'shots/notes.txt',
    'shots/.hidden.png',
    'shots/deep/c.png',
    'shots/deep/(er)/c.png',
  ];

  it('gives its images to --out-dir, in the order of their names', async () => {
    await put(...FILES);
    const { code, stderr } = await runCli(['shine', 'shots/', RED, '--out-dir', 'out', '--concurrency=1'], folder);
    expect(stderr.match(/shots\/\S+(?= ->)/g)).toEqual(['shots/a.png', 'shots/b.PNG']);
    expect(code).toBe(0);
    expect(await outputs()).toEqual(['a.png', 'b.PNG']);
  });

  it('keeps the tree with --recursive, also beside a file', async () => {
    await put('lone.png', ...FILES);
    const args = ['shine', 'lone.png', 'shots', RED, '--out-dir', 'out', '--recursive', '--format', 'webp'];
    expect(await runCli(args, folder)).toMatchObject({ code: 0 });
    expect(await outputs()).toEqual(['a.webp', 'b.webp', 'deep/(er)/c.webp', 'deep/c.webp', 'lone.webp']);
  });

  it('does not recolor what an earlier run wrote into the folder', async () => {
    await put(...FILES);
    const args = ['shine', 'shots', RED, '--out-dir', 'shots/out', '--recursive', '--dry-run', '--json'];
    const first = (await runCli(args, folder)).stdout.toString();
    await put('shots/out/a.png');
    expect((await runCli(args, folder)).stdout.toString()).toBe(
      first.replace('"action":"write"', '"action":"replace"'),
    );
  });

  it('takes the folder itself, and lut apply takes one too', async () => {
    await put(...FILES);
    expect(
      (await runCli(['shine', '.', RED, '--out-dir', '../x', '-n'], join(folder, 'shots'))).stdout.toString(),
    ).toBe('write    a.png -> ../x/a.png\nwrite    b.PNG -> ../x/b.PNG\n');
    await runCli(['lut', 'export', 'shots/a.png', RED, '-o', 'look.cube'], folder);
    expect(await runCli(['lut', 'apply', 'look.cube', 'shots', '--out-dir=out', '--recursive'], folder)).toMatchObject({
      code: 0,
    });
    expect(await outputs()).toHaveLength(4);
  });

  it('without --out-dir only the folder fails, and says what is missing', async () => {
    await put(...FILES, 'good.png');
    const { code, stderr } = await runCli(['shine', 'shots', 'good.png', RED], folder);
    expect(stderr).toContain('colorshine: shots: expected --out-dir DIR for the images of a folder, got none');
    expect(code).toBe(1);
    expect(await readdir(folder)).toContain('good_colorshine.png');
    expect((await runCli(['shine', 'shots', RED, '-o', 'x.png'], folder)).stderr).toContain('--out-dir DIR');
  });

  it('says so where there are no images, or only further below', async () => {
    await put('shots/deep/c.png');
    const { code, stderr } = await runCli(['shine', 'shots', RED, '--out-dir', 'out'], folder);
    expect(stderr).toBe(
      'colorshine: shots: expected images in the folder, found none; --recursive looks into its folders\n',
    );
    expect(code).toBe(1);
    await mkdir(join(folder, 'empty'));
    expect((await runCli(['shine', 'empty', RED, '--out-dir=out', '--recursive'], folder)).stderr).toBe(
      'colorshine: empty: expected images in the folder, found none\n',
    );
  });
});

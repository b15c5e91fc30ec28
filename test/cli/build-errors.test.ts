import { link, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type BuildProject,
  COLORS,
  CONFIG,
  MANIFEST,
  makeProject,
  summaryOf,
  THEMED,
  tokensOf,
} from '../support/build-project.js';
import { makeTempFolder } from '../support/temp-folder.js';

let project: BuildProject;

beforeEach(async () => {
  project = await makeProject();
  await project.write('tokens.json', tokensOf(COLORS));
});

describe('what is wrong is told in one line, and nothing is half written', () => {
  it.each<[string, () => Promise<unknown>, number, RegExp]>([
    [
      'an unknown key',
      () => project.write(CONFIG, { ...THEMED, theems: [] }),
      2,
      /unknown key "theems"; did you mean "themes"\?/,
    ],
    ['broken JSON', () => project.write(CONFIG, '{"inputs": }'), 2, /a syntax error at line 1, column 12/],
    [
      'no configuration',
      () => rm(project.at(CONFIG)),
      2,
      /colorshine\.config\.json: expected a build configuration, got nothing there/,
    ],
    [
      'outputs named for a format that is not written',
      () => project.write(CONFIG, { ...THEMED, formats: ['same'], out: 'dist/{name}.{theme}.bmp' }),
      2,
      /\.bmp: expected a name that ends in \.jpg, \.png, .*, got \.bmp/,
    ],
    ['a bad color', () => project.write(CONFIG, { ...THEMED, recipe: ['tael;1;1'] }), 2, /recipe: row 1: /],
    [
      'an unknown token',
      () => project.write(CONFIG, { ...THEMED, recipe: ['{barnd};1;1'] }),
      2,
      /token \{barnd\}.*did you mean \{brand\}\?/,
    ],
    [
      'a token of the wrong type',
      () =>
        project.write('tokens.json', {
          ...tokensOf(COLORS),
          brand: { $type: 'color', $value: 7, $extensions: { mode: { light: 7 } } },
        }),
      2,
      /tokens\.json: brand: /,
    ],
    [
      'a cycle of tokens',
      () =>
        project.write('tokens.json', {
          ...tokensOf({ ...COLORS, b: { light: '{brand}', dark: 'navy' } }),
          brand: { $type: 'color', $value: '{b}', $extensions: { mode: { light: '{b}' } } },
        }),
      2,
      /tokens\.json: .*cycle/,
    ],
    ['an unknown theme', () => project.write(CONFIG, { ...THEMED, themes: ['drak'] }), 2, /did you mean dark\?/],
    [
      'a missing token file',
      () => rm(project.at('tokens.json')),
      1,
      /tokens\.json: expected a token file, found nothing there/,
    ],
    [
      'a missing recipe',
      () => project.write(CONFIG, { ...THEMED, recipe: 'gone.json' }),
      1,
      /gone\.json: expected a recipe file, found nothing there/,
    ],
    [
      'an image of more pixels than it may have',
      () => project.write(CONFIG, { ...THEMED, maxPixels: 10 }),
      1,
      /i000\.png: expected at most 10 pixels, got \d+ \(.*\); raise it with maxPixels$/m,
    ],
    [
      'no images',
      () => project.write(CONFIG, { ...THEMED, inputs: 'photos/*' }),
      1,
      /inputs: expected files for "photos\/\*", found none/,
    ],
    [
      'a collision',
      () => project.write('images/I000.png', 'x'),
      2,
      /dist\/i000\.light\.png: expected one input for each output, got images\/I000\.png and images\/i000\.png/,
    ],
    [
      'an output that is an input',
      () => project.write(CONFIG, { ...THEMED, themes: ['dark'], out: 'images/{name}.{ext}' }),
      2,
      /images\/i000\.png: expected outputs that are no inputs/,
    ],
    [
      'an output that is a link to an input',
      () => mkdir(project.at('dist')).then(() => symlink('../images/i000.png', project.at('dist/i000.dark.png'))),
      2,
      /dist\/i000\.dark\.png: expected an output other than the inputs/,
    ],
    [
      'an output that is an input by hard link',
      () => mkdir(project.at('dist')).then(() => link(project.at('images/i000.png'), project.at('dist/i000.dark.png'))),
      2,
      /a link to images\/i000\.png/,
    ],
    [
      'outputs that a link leads away',
      async () => symlink(await makeTempFolder(), project.at('dist')),
      2,
      /expected a path inside the build's root/,
    ],
    [
      'outputs outside of the root',
      () => project.write(CONFIG, { ...THEMED, out: '../{name}.{theme}.{ext}' }),
      2,
      /expected a path inside the build's root/,
    ],
    [
      'a folder in the way',
      () => mkdir(project.at('dist/i000.dark.png'), { recursive: true }),
      1,
      /a folder of that name/,
    ],
    ['a file where a folder should be', () => writeFile(project.at('dist'), ''), 1, /a file where a folder should be/],
  ])('%s', async (_, spoil, code, message) => {
    await project.addImages(1);
    const image = await readFile(project.at('images/i000.png'));
    await project.write(CONFIG, THEMED);
    await spoil();
    const result = await project.build();
    expect(result.stderr).toMatch(message);
    expect(result.code).toBe(code);
    expect(result.stderr.split('\n').filter((line) => line.startsWith('colorshine:'))).not.toHaveLength(0);
    expect(await readFile(project.at('images/i000.png'))).toEqual(image);
    const written = [...(await project.contents('dist').catch(() => new Map<string, string>())).values()];
    expect(written.filter((content) => content !== image.toString('latin1') && content !== '')).toEqual([]);
  });

  it('a broken image fails alone: one line, exit 1, the others are made, the manifest stays as it was', async () => {
    await project.addImages(2);
    await project.write(CONFIG, THEMED);
    await project.build();
    const before = await readFile(project.at(MANIFEST), 'utf8');
    await project.write('images/bad.png', 'no image');
    await project.addImages(3);
    const { code, stderr } = await project.build();
    expect(code).toBe(1);
    expect(stderr.match(/images\/bad\.png/g)).toHaveLength(1);
    expect(stderr).toMatch(/3 outputs made .* 6 up to date, 3 failed/);
    expect(await readFile(project.at(MANIFEST), 'utf8')).toBe(before);
    const failFast = await project.build('--fail-fast', '--force', '--json', '--concurrency', '1');
    expect(failFast.code).toBe(1);
    expect(summaryOf(failFast)).toMatchObject({ made: 0, failed: 3, left: 9 });
  });

  it.each([
    [['more'], /expected no arguments, got "more"/],
    [['--shard', '3/2'], /--shard: expected i\/n such as 1\/4/],
    [['--concurrency', '0'], /--concurrency: expected a number from 1 to 64, got 0/],
    [['--watch', '--dry-run'], /--watch: expected no --dry-run beside it/],
    [['--wacth'], /did you mean --watch\?/],
  ])('%j', async (args, message) => {
    expect(await project.build(...args)).toMatchObject({ code: 2, stderr: expect.stringMatching(message) as string });
  });
});

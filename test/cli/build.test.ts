import { link, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/node/build/manifest.js';
import { recolorBuffer } from '../../src/node/recolor-buffer.js';
import { type BuildProject, makeProject, tokensOf } from '../support/build-project.js';
import { gradient, toSharp } from '../support/images.js';
import { type CliResult, runCli, startCli } from '../support/run-cli.js';

/** Far above what it takes, far below making anything again: a slow machine must not fail the test. */
const GENEROUS_MS = 20_000;
const CONFIG = 'colorshine.config.json';
const MANIFEST = 'dist/colorshine-manifest.json';
const themed = {
  inputs: 'images/*.png',
  recipe: ['{brand};60;90'],
  tokens: 'tokens.json',
  themes: ['light', 'dark', 'contrast'],
  formats: ['png'],
  out: 'dist/{name}.{theme}.{ext}',
};
const COLORS = {
  brand: { light: '#ff8800', dark: '#224466', contrast: '#ffffff' },
  accent: { light: 'teal', dark: 'navy', contrast: 'red' },
};

let project: BuildProject;
const build = (...args: string[]): Promise<CliResult> => runCli(['build', ...args], project.folder);
const lines = ({ stdout }: CliResult): Record<string, unknown>[] =>
  stdout
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const summaryOf = (result: CliResult): Record<string, unknown> =>
  lines(result).at(-1)?.summary as Record<string, unknown>;
const readManifest = async (path = MANIFEST): Promise<Manifest> =>
  JSON.parse(await readFile(project.at(path), 'utf8')) as Manifest;

/** What changed between two looks at a folder. */
function changes(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): string[] {
  const all = new Set([...before.keys(), ...after.keys()]);
  return [...all].filter((path) => before.get(path) !== after.get(path)).sort();
}

beforeEach(async () => {
  project = await makeProject();
  await project.write('tokens.json', tokensOf(COLORS));
});

describe('200 images x 3 themes', () => {
  it('are made once; the second run touches nothing; a changed token redoes only what uses it', async () => {
    await project.addImages(150, 'a');
    await project.addImages(50, 'b');
    const { recipe: _, inputs: __, ...shared } = themed;
    await project.write(CONFIG, {
      ...shared,
      builds: [
        { name: 'brand', inputs: 'images/a*.png', recipe: ['{brand};60;90'] },
        { name: 'accent', inputs: 'images/b*.png', recipe: ['{accent};60;90'] },
      ],
    });
    const first = await build('--json');
    expect(first.code).toBe(0);
    expect(summaryOf(first)).toMatchObject({ outputs: 600, made: 600, fresh: 0, failed: 0 });
    const times = await project.times('dist');
    expect(times.size).toBe(601);

    const second = await build('--json');
    expect(summaryOf(second)).toMatchObject({ outputs: 600, made: 0, fresh: 600 });
    expect(second.ms).toBeLessThan(GENEROUS_MS);
    expect(changes(times, await project.times('dist'))).toEqual([]);

    await project.write('tokens.json', tokensOf({ ...COLORS, accent: { ...COLORS.accent, dark: 'olive' } }));
    const third = await build('--json');
    expect(summaryOf(third)).toMatchObject({ made: 50, fresh: 550 });
    expect(
      new Set(
        lines(third)
          .slice(0, -1)
          .map(({ reason }) => reason),
      ),
    ).toEqual(new Set(['recipe or token changed']));
    const expected = Array.from({ length: 50 }, (_, k) => `dist/b${String(k).padStart(3, '0')}.dark.png`);
    expect(changes(times, await project.times('dist'))).toEqual([...expected, MANIFEST].sort());
  });
});

describe('a build killed at any moment', () => {
  it('ends, when run again, as if it had never been disturbed', async () => {
    await project.addImages(40);
    await project.write(CONFIG, { ...themed, snippets: { picture: 'dist/all.html', css: 'dist/all.css' } });
    expect((await build()).code).toBe(0);
    const undisturbed = await project.contents('dist');
    expect(undisturbed.size).toBe(123);

    let killedInTheMiddle = 0;
    for (let round = 0; round < 8; round++) {
      await rm(project.at('dist'), { recursive: true });
      if (round % 2 === 0) await rm(project.at('node_modules/.cache'), { recursive: true });
      const child = startCli(['build'], project.folder);
      const closed = new Promise((resolve) => child.on('close', resolve));
      // Killed after a number of outputs that grows, not after a time that fits one machine.
      const goal = 1 + round * 14;
      while (child.exitCode === null && (await project.times('dist')).size < goal) await sleep(1);
      child.kill('SIGKILL');
      await closed;
      const left = (await project.contents('dist')).size;
      if (left > 0 && left < undisturbed.size) killedInTheMiddle++;
      expect((await build()).code).toBe(0);
      expect(changes(undisturbed, await project.contents('dist'))).toEqual([]);
    }
    expect(killedInTheMiddle).toBeGreaterThan(3);
    const cache = [...(await project.contents('node_modules/.cache')).keys()];
    expect(cache.filter((path) => /session|\.tmp$/.test(path))).toEqual([]);
  });

  it('drains on SIGINT, exits with 130, and goes on where it was', async () => {
    await project.addImages(60);
    await project.write(CONFIG, themed);
    const child = startCli(['build', '--concurrency', '2'], project.folder);
    const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
    while (child.exitCode === null && (await project.times('dist')).size < 5) await sleep(1);
    child.kill('SIGINT');
    expect(await closed).toBe(130);
    const made = await project.contents('dist');
    expect(made.has(MANIFEST)).toBe(false);
    expect([...made.keys()].filter((path) => !path.endsWith('.png'))).toEqual([]);
    const rest = await build('--json');
    expect(summaryOf(rest)).toMatchObject({ made: 180 - made.size, fresh: made.size });
  });
});

describe('outputs', () => {
  it('have the bytes that the library makes, whatever the concurrency and the number of libvips’ threads', async () => {
    const input = await toSharp(gradient(120, 90)).png().toBuffer();
    await project.write('images/a.png', input);
    await project.write('images/b.png', input);
    const config = {
      inputs: 'images/*',
      recipe: ['teal;60;90'],
      formats: ['png', 'avif', 'webp'],
      out: 'dist/{name}.{ext}',
    };
    await project.write(CONFIG, config);
    await build('--concurrency', '1');
    const alone = await project.contents('dist');
    await build('--concurrency', '8', '--force');
    expect(changes(alone, await project.contents('dist'))).toEqual([]);
    expect(alone.get('dist/a.avif')).toBe(alone.get('dist/b.avif'));
    const { data } = await recolorBuffer(input, ['teal;60;90'], { backend: 'wasm' });
    expect(alone.get('dist/a.png')).toBe(data.toString('latin1'));
  });

  it('that were deleted or altered are made again, even when size and times look right', async () => {
    await project.addImages(2);
    await project.write(CONFIG, themed);
    await build();
    const before = await project.contents('dist');
    await rm(project.at('dist/i000.dark.png'));
    const altered = await readFile(project.at('dist/i001.light.png'));
    altered[altered.length - 20] = (altered[altered.length - 20] as number) ^ 1;
    await writeFile(project.at('dist/i001.light.png'), altered);
    const again = await build('--json');
    expect(
      lines(again)
        .slice(0, -1)
        .map(({ output, reason }) => [output, reason])
        .sort(),
    ).toEqual([
      ['dist/i000.dark.png', 'output missing'],
      ['dist/i001.light.png', 'output altered'],
    ]);
    expect(changes(before, await project.contents('dist'))).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['a size', { sizes: [12], out: 'dist/{name}.{theme}.{ext}' }, 'options changed'],
    ['a tolerance', { recipe: ['{brand};61;90'] }, 'recipe or token changed'],
    ['pooled radii', { pooled: true }, 'radii changed'],
  ])('are made again after a change of %s', async (_, change, reason) => {
    await project.addImages(2);
    await project.write(CONFIG, themed);
    await build();
    await project.write(CONFIG, { ...themed, ...change });
    const again = await build('--json');
    expect(summaryOf(again)).toMatchObject({ made: 6 });
    expect(
      new Set(
        lines(again)
          .slice(0, -1)
          .map((line) => line.reason),
      ),
    ).toEqual(new Set([reason]));
  });

  it('are not made again when the cache is garbage, but for those concerned', async () => {
    await project.addImages(3);
    await project.write(CONFIG, themed);
    await build();
    const records = [...(await project.contents('node_modules/.cache')).keys()];
    const [one, two] = records.filter((path) => /[0-9a-f]{32}\.json$/.test(path)) as [string, string];
    await project.write(one, 'garbage');
    await project.write(two, (await readFile(project.at(two), 'utf8')).replace('"width":', '"width":1'));
    await project.write(records.find((path) => path.endsWith('files.json')) as string, '[[[');
    expect(summaryOf(await build('--json'))).toMatchObject({ made: 2, fresh: 7 });
    expect((await readManifest()).sources[0]?.outputs[0]?.width).toBeLessThan(100);
  });

  it('of every size, with the widths in file names; images are never enlarged', async () => {
    await project.write('images/wide.png', await toSharp(gradient(100, 50)).png().toBuffer());
    await project.write(CONFIG, {
      inputs: 'images/*',
      recipe: ['teal;60;90'],
      formats: ['webp', 'jpeg'],
      sizes: [40, 'full', { name: 'thumb', width: 20, height: 5 }, 500],
      quality: { jpeg: 50 },
      out: 'dist/{name}-{size}.{ext}',
    });
    await build();
    const sizes = await Promise.all(
      ['40', 'full', 'thumb', '500'].map(async (size) => {
        const { width, height } = await sharp(project.at(`dist/wide-${size}.webp`)).metadata();
        return [size, width, height];
      }),
    );
    expect(sizes).toEqual([
      ['40', 40, 20],
      ['full', 100, 50],
      ['thumb', 10, 5],
      ['500', 100, 50],
    ]);
  });
});

describe('the manifest', () => {
  it('names sources, outputs, hashes and radii', async () => {
    await project.addImages(1);
    await project.write(CONFIG, { ...themed, themes: ['dark'] });
    await build();
    const { sources } = await readManifest();
    const bytes = await readFile(project.at('dist/i000.dark.png'));
    const { report } = await recolorBuffer(await readFile(project.at('images/i000.png')), ['#224466;60;90'], {
      backend: 'wasm',
    });
    const [attractor] = report.plan.attractors;
    expect(sources).toMatchObject([
      {
        path: 'images/i000.png',
        outputs: [
          {
            path: 'dist/i000.dark.png',
            theme: 'dark',
            format: 'png',
            width: 24,
            height: 16,
            bytes: bytes.length,
            attractors: [
              { color: '#224466', tolerance: 60, strength: 90, radius: attractor?.radius, share: attractor?.share },
            ],
          },
        ],
      },
    ]);
    const { createHash } = await import('node:crypto');
    expect(sources[0]?.outputs[0]?.hash).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it('of shards join to that of one build; shards are disjoint and whole', async () => {
    await project.addImages(9);
    await project.write(CONFIG, { ...themed, snippets: { picture: 'dist/all.html' } });
    await build();
    const whole = await project.contents('dist');
    await rm(project.at('dist'), { recursive: true });
    const made: string[] = [];
    for (const i of [1, 2, 3]) {
      const part = await build('--shard', `${i}/3`, '--json');
      expect(part.code).toBe(0);
      made.push(
        ...lines(part)
          .slice(0, -1)
          .map(({ output }) => output as string),
      );
      if (i < 3) {
        const early = await build('--merge-manifests');
        expect(early).toMatchObject({
          code: 1,
          stderr: expect.stringContaining(`colorshine-manifest.${i + 1}-of-3.json: expected`) as string,
        });
      }
    }
    expect(new Set(made).size).toBe(made.length);
    expect((await build('--merge-manifests')).code).toBe(0);
    const merged = await project.contents('dist');
    expect(changes(whole, merged)).toEqual([1, 2, 3].map((i) => `dist/colorshine-manifest.${i}-of-3.json`));
    // One build in one piece clears them away.
    await build();
    expect(changes(whole, await project.contents('dist'))).toEqual([]);
  });

  it('of a shard of another configuration is refused', async () => {
    await project.addImages(2);
    await project.write(CONFIG, themed);
    await build('--shard', '1/2');
    await build('--shard', '2/2');
    await project.write(CONFIG, { ...themed, recipe: ['{brand};10;10'] });
    const merged = await build('--merge-manifests');
    expect(merged).toMatchObject({ code: 2, stderr: expect.stringContaining('another configuration') as string });
  });
});

describe('pooled builds', () => {
  it('give all images one plan, that of all pixels together, also shard by shard', async () => {
    await project.addImages(6);
    await project.write(CONFIG, { ...themed, themes: ['dark'], pooled: true });
    await build();
    const radii = (await readManifest()).sources.map(({ outputs }) => outputs[0]?.attractors[0]?.radius);
    expect(new Set(radii).size).toBe(1);
    const whole = await project.contents('dist');
    await rm(project.at('dist'), { recursive: true });
    await rm(project.at('node_modules/.cache'), { recursive: true });
    for (const shard of ['1/2', '2/2']) await build('--shard', shard);
    await build('--merge-manifests');
    const parts = await project.contents('dist');
    expect(changes(whole, parts)).toEqual([1, 2].map((i) => `dist/colorshine-manifest.${i}-of-2.json`));
    expect(summaryOf(await build('--json'))).toMatchObject({ made: 0 });
    await project.addImages(7);
    expect(summaryOf(await build('--json'))).toMatchObject({ made: 7 });
  });

  it('fail as a whole when an image cannot be read: without it the plan would be another', async () => {
    await project.addImages(2);
    await project.write('images/bad.png', 'no image');
    await project.write(CONFIG, { ...themed, pooled: true });
    const { code, stderr } = await build();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^colorshine: images\/bad\.png: expected a JPEG[^\n]*\n$/);
    expect((await project.contents('dist')).size).toBe(0);
  });
});

describe('what is wrong is told in one line, and nothing is half written', () => {
  it.each<[string, () => Promise<unknown>, number, RegExp]>([
    [
      'an unknown key',
      () => project.write(CONFIG, { ...themed, theems: [] }),
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
    ['a bad color', () => project.write(CONFIG, { ...themed, recipe: ['tael;1;1'] }), 2, /recipe: attractor 1: /],
    [
      'an unknown token',
      () => project.write(CONFIG, { ...themed, recipe: ['{barnd};1;1'] }),
      2,
      /token \{barnd\}.*did you mean \{brand\}\?/,
    ],
    [
      'a token of the wrong type',
      () => project.write('tokens.json', { brand: { $type: 'color', $value: 7 } }),
      2,
      /tokens\.json: brand: /,
    ],
    [
      'a cycle of tokens',
      () =>
        project.write('tokens.json', {
          brand: { $type: 'color', $value: '{b}' },
          b: { $type: 'color', $value: '{brand}' },
        }),
      2,
      /tokens\.json: .*cycle/,
    ],
    ['an unknown theme', () => project.write(CONFIG, { ...themed, themes: ['drak'] }), 2, /did you mean dark\?/],
    [
      'a missing token file',
      () => rm(project.at('tokens.json')),
      1,
      /tokens\.json: expected a token file, found nothing there/,
    ],
    [
      'a missing recipe',
      () => project.write(CONFIG, { ...themed, recipe: 'gone.json' }),
      1,
      /gone\.json: expected a recipe file, found nothing there/,
    ],
    [
      'no images',
      () => project.write(CONFIG, { ...themed, inputs: 'photos/*' }),
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
      () => project.write(CONFIG, { ...themed, themes: ['dark'], out: 'images/{name}.{ext}' }),
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
      () => symlink('/tmp', project.at('dist')),
      2,
      /expected a path inside the build's root/,
    ],
    [
      'outputs outside of the root',
      () => project.write(CONFIG, { ...themed, out: '../{name}.{theme}.{ext}' }),
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
    await project.write(CONFIG, themed);
    await spoil();
    const result = await build();
    expect(result.stderr).toMatch(message);
    expect(result.code).toBe(code);
    expect(result.stderr.split('\n').filter((line) => line.startsWith('colorshine:'))).not.toHaveLength(0);
    expect(await readFile(project.at('images/i000.png'))).toEqual(image);
    const written = [...(await project.contents('dist').catch(() => new Map<string, string>())).values()];
    expect(written.filter((content) => content !== image.toString('latin1') && content !== '')).toEqual([]);
  });

  it('a broken image fails alone: one line, exit 1, the others are made, the manifest stays as it was', async () => {
    await project.addImages(2);
    await project.write(CONFIG, themed);
    await build();
    const before = await readFile(project.at(MANIFEST), 'utf8');
    await project.write('images/bad.png', 'no image');
    await project.addImages(3);
    const { code, stderr } = await build();
    expect(code).toBe(1);
    expect(stderr.match(/images\/bad\.png/g)).toHaveLength(1);
    expect(stderr).toMatch(/3 outputs made .* 6 up to date, 3 failed/);
    expect(await readFile(project.at(MANIFEST), 'utf8')).toBe(before);
    const failFast = await build('--fail-fast', '--force', '--json', '--concurrency', '1');
    expect(failFast.code).toBe(1);
    expect(summaryOf(failFast)).toMatchObject({ made: 0, failed: 1, left: 11 });
  });

  it.each([
    [['more'], /expected no arguments, got "more"/],
    [['--shard', '3/2'], /--shard: expected i\/n such as 1\/4/],
    [['--concurrency', '0'], /--concurrency: expected a number from 1 to 64, got 0/],
    [['--watch', '--dry-run'], /--watch: expected no --dry-run beside it/],
    [['--wacth'], /did you mean --watch\?/],
  ])('%j', async (args, message) => {
    expect(await build(...args)).toMatchObject({ code: 2, stderr: expect.stringMatching(message) as string });
  });
});

describe('inputs', () => {
  it('leave out what earlier builds wrote beside them, but never replace a stranger', async () => {
    await project.addImages(2);
    await project.write(CONFIG, {
      ...themed,
      themes: ['dark'],
      out: 'images/{name}.{theme}.{ext}',
      manifest: 'm.json',
    });
    expect((await build()).code).toBe(0);
    expect(summaryOf(await build('--json'))).toMatchObject({ outputs: 2, fresh: 2 });
    await project.write('images/i001.dark.dark.png', 'mine');
    await rm(project.at('node_modules/.cache'), { recursive: true });
    const { code, stderr } = await build();
    expect(code).toBe(2);
    expect(stderr).toContain('leave it out of "inputs" with "!images/i000.dark.png"');
    expect(await readFile(project.at('images/i001.dark.dark.png'), 'utf8')).toBe('mine');
  });

  it('that went leave outputs behind, which --prune deletes unless someone changed them', async () => {
    await project.addImages(3);
    await project.write(CONFIG, { ...themed, themes: ['dark'] });
    await build();
    await rm(project.at('images/i001.png'));
    await rm(project.at('images/i002.png'));
    await writeFile(project.at('dist/i002.dark.png'), 'mine now');
    expect((await build()).stderr).toMatch(
      /1 output of earlier builds is no longer made: dist\/i001\.dark\.png; --prune deletes/,
    );
    expect((await build('--prune')).stderr).toContain('1 output of earlier builds deleted');
    expect([...(await project.contents('dist')).keys()]).toEqual([
      MANIFEST,
      'dist/i000.dark.png',
      'dist/i002.dark.png',
    ]);
  });
});

describe('--dry-run', () => {
  it('says what would be made and why, and writes nothing', async () => {
    await project.addImages(1);
    await project.write(CONFIG, { ...themed, themes: ['dark', 'light'] });
    const { code, stdout, stderr } = await build('--dry-run');
    expect(code).toBe(0);
    expect(stdout.toString()).toBe(
      'make  dist/i000.dark.png  from images/i000.png  (new)\nmake  dist/i000.light.png  from images/i000.png  (new)\n',
    );
    expect(stderr).toBe('2 outputs to make, 0 up to date. Nothing was written.\n');
    expect(await project.contents('dist')).toEqual(new Map());
  });
});

describe('--watch', () => {
  it('follows images, tokens and the configuration, and goes on after an error', async () => {
    await project.addImages(2);
    await project.write(CONFIG, { ...themed, themes: ['dark'] });
    const child = startCli(['build', '--watch', '--json'], project.folder);
    let errors = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      errors += chunk;
    });
    const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
    const until = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
      for (let i = 0; i < 2000; i++) {
        if (await isSo().catch(() => false)) return;
        await sleep(10);
      }
      throw new Error(`waited in vain until ${what}; it said ${errors}`);
    };
    try {
      await until('the first build', async () => (await readManifest()).sources.length === 2);
      await project.addImages(1, 'new');
      await until('a new image', async () => (await readManifest()).sources.length === 3);
      await project.write('images/deep/er.png', await readFile(project.at('images/i000.png')));
      await project.write(CONFIG, { ...themed, themes: ['dark'], inputs: 'images/**/*.png' });
      await until('a new configuration', async () => (await readManifest()).sources.length === 4);
      await project.write('tokens.json', '{ broken');
      await until('the error', async () => errors.includes('tokens.json: expected design tokens as JSON'));
      await project.write('tokens.json', tokensOf({ ...COLORS, brand: { ...COLORS.brand, dark: 'lime' } }));
      await until(
        'new tokens',
        async () => (await readManifest()).sources[0]?.outputs[0]?.attractors[0]?.color === 'lime',
      );
      await project.write('images/deep/two.png', await readFile(project.at('images/i001.png')));
      await until('an image in a new folder', async () => (await readManifest()).sources.length === 5);
    } finally {
      child.kill('SIGINT');
    }
    expect(await closed).toBe(130);
  });
});

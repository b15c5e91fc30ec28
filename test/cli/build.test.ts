import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import { recolorBuffer } from '../../src/node/recolor-buffer.js';
import {
  type BuildProject,
  COLORS,
  CONFIG,
  changes,
  linesOf,
  MANIFEST,
  makeProject,
  summaryOf,
  THEMED,
  tokensOf,
} from '../support/build-project.js';
import { gradient, toSharp } from '../support/images.js';
import { leaveOrphan } from '../support/leave-orphan.js';
import { startCli } from '../support/run-cli.js';

let project: BuildProject;

beforeEach(async () => {
  project = await makeProject();
  await project.write('tokens.json', tokensOf(COLORS));
});

describe('200 images x 3 themes', () => {
  it('are made once; the second run touches nothing; a changed token redoes only what uses it', async () => {
    await project.addImages(150, 'a');
    await project.addImages(50, 'b');
    const { recipe: _, inputs: __, ...shared } = THEMED;
    await project.write(CONFIG, {
      ...shared,
      builds: [
        { name: 'brand', inputs: 'images/a*.png', recipe: ['{brand};60;90'] },
        { name: 'accent', inputs: 'images/b*.png', recipe: ['{accent};60;90'] },
      ],
    });
    const first = await project.build('--json');
    expect(first.code).toBe(0);
    expect(summaryOf(first)).toMatchObject({ outputs: 600, made: 600, fresh: 0, failed: 0 });
    const times = await project.times('dist');
    expect(times.size).toBe(601);

    const second = await project.build('--json');
    expect(summaryOf(second)).toMatchObject({ outputs: 600, made: 0, fresh: 600 });
    expect(changes(times, await project.times('dist'))).toEqual([]);

    await project.write('tokens.json', tokensOf({ ...COLORS, accent: { ...COLORS.accent, dark: 'olive' } }));
    const third = await project.build('--json');
    expect(summaryOf(third)).toMatchObject({ made: 50, fresh: 550 });
    expect(
      new Set(
        linesOf(third)
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
    await project.addImages(24);
    await project.write(CONFIG, { ...THEMED, snippets: { picture: 'dist/all.html', css: 'dist/all.css' } });
    expect((await project.build()).code).toBe(0);
    const undisturbed = await project.contents('dist');
    expect(undisturbed.size).toBe(75);

    let killedInTheMiddle = 0;
    for (let round = 0; round < 6; round++) {
      await rm(project.at('dist'), { recursive: true });
      if (round % 2 === 0) await rm(project.at('node_modules/.cache'), { recursive: true });
      const child = startCli(['build'], project.folder);
      const closed = new Promise((resolve) => child.on('close', resolve));
      // Killed after a number of outputs that grows, not after a time that fits one machine.
      const goal = 1 + round * 11;
      while (child.exitCode === null && (await project.times('dist')).size < goal) await sleep(1);
      child.kill('SIGKILL');
      await closed;
      const left = (await project.contents('dist')).size;
      if (left > 0 && left < undisturbed.size) killedInTheMiddle++;
      // What a build on a queue leaves when it is killed while it measures.
      const censuses = `.colorshine-queue/${String(round).repeat(16)}`;
      await project.write(`${censuses}/c0`, 'half');
      await leaveOrphan(project.at(censuses));
      await leaveOrphan(project.at('dist'));
      expect((await project.build()).code).toBe(0);
      expect(changes(undisturbed, await project.contents('dist'))).toEqual([]);
      expect(await readdir(project.folder)).not.toContain('.colorshine-queue');
    }
    expect(killedInTheMiddle).toBeGreaterThan(2);
    const cache = [...(await project.contents('node_modules/.cache')).keys()];
    expect(cache.filter((path) => /session|\.tmp$/.test(path))).toEqual([]);
  });

  it('drains on SIGINT, exits with 130, and goes on where it was', async () => {
    await project.addImages(60);
    await project.write(CONFIG, THEMED);
    const child = startCli(['build', '--concurrency', '2'], project.folder);
    const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
    while (child.exitCode === null && (await project.times('dist')).size < 5) await sleep(1);
    child.kill('SIGINT');
    expect(await closed).toBe(130);
    const made = await project.contents('dist');
    expect(made.has(MANIFEST)).toBe(false);
    expect([...made.keys()].filter((path) => !path.endsWith('.png'))).toEqual([]);
    const rest = await project.build('--json');
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
    await project.build('--concurrency', '1');
    const alone = await project.contents('dist');
    await project.build('--concurrency', '8', '--force');
    expect(changes(alone, await project.contents('dist'))).toEqual([]);
    expect(alone.get('dist/a.avif')).toBe(alone.get('dist/b.avif'));
    const { data } = await recolorBuffer(input, ['teal;60;90'], { backend: 'wasm' });
    expect(alone.get('dist/a.png')).toBe(data.toString('latin1'));
  });

  it('that were deleted or altered are made again, even when size and times look right', async () => {
    await project.addImages(2);
    await project.write(CONFIG, THEMED);
    await project.build();
    const before = await project.contents('dist');
    await rm(project.at('dist/i000.dark.png'));
    const altered = await readFile(project.at('dist/i001.light.png'));
    altered[altered.length - 20] = (altered[altered.length - 20] as number) ^ 1;
    await writeFile(project.at('dist/i001.light.png'), altered);
    const again = await project.build('--json');
    expect(
      linesOf(again)
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
    await project.write(CONFIG, THEMED);
    await project.build();
    await project.write(CONFIG, { ...THEMED, ...change });
    const again = await project.build('--json');
    expect(summaryOf(again)).toMatchObject({ made: 6 });
    expect(
      new Set(
        linesOf(again)
          .slice(0, -1)
          .map((line) => line.reason),
      ),
    ).toEqual(new Set([reason]));
  });

  it('are not made again when the cache is garbage, but for those concerned', async () => {
    await project.addImages(3);
    await project.write(CONFIG, THEMED);
    await project.build();
    const records = [...(await project.contents('node_modules/.cache')).keys()];
    const [one, two] = records.filter((path) => /[0-9a-f]{32}\.json$/.test(path)) as [string, string];
    await project.write(one, 'garbage');
    await project.write(two, (await readFile(project.at(two), 'utf8')).replace('"width":', '"width":1'));
    await project.write(records.find((path) => path.endsWith('files.json')) as string, '[[[');
    expect(summaryOf(await project.build('--json'))).toMatchObject({ made: 2, fresh: 7 });
    expect((await project.readManifest()).sources[0]?.outputs[0]?.width).toBeLessThan(100);
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
    await project.build();
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

describe('--dry-run', () => {
  it('says what would be made and why, and writes nothing', async () => {
    await project.addImages(1);
    await project.write(CONFIG, { ...THEMED, themes: ['dark', 'light'] });
    const { code, stdout, stderr } = await project.build('--dry-run');
    expect(code).toBe(0);
    expect(stdout.toString()).toBe(
      'make  dist/i000.dark.png  from images/i000.png  (new)\nmake  dist/i000.light.png  from images/i000.png  (new)\n',
    );
    expect(stderr).toBe('2 outputs to make, 0 up to date. Nothing was written.\n');
    expect(await project.contents('dist')).toEqual(new Map());
  });
});

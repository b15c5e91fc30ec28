import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
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
import { startCli } from '../support/run-cli.js';

let project: BuildProject;

beforeEach(async () => {
  project = await makeProject();
  await project.write('tokens.json', tokensOf(COLORS));
});

it('what was made is remembered elsewhere where node_modules cannot be written', async () => {
  await project.addImages(1);
  await project.write(CONFIG, THEMED);
  await project.write('node_modules/.cache', 'a file, into which not even root writes');
  vi.stubEnv('XDG_CACHE_HOME', project.at('elsewhere'));
  onTestFinished(() => void vi.unstubAllEnvs());
  expect((await project.build()).stderr).toContain('3 outputs made');
  expect((await project.build()).stderr).toContain('up to date: 3 outputs');
});

describe('the manifest', () => {
  it('names sources, outputs, hashes and radii', async () => {
    await project.addImages(1);
    await project.write(CONFIG, { ...THEMED, themes: ['dark'] });
    await project.build();
    const { sources } = await project.readManifest();
    const bytes = await readFile(project.at('dist/i000.dark.png'));
    const { report } = await recolorBuffer(await readFile(project.at('images/i000.png')), ['#224466;60;90'], {
      backend: 'wasm',
    });
    const [attractor] = report.plan.rows;
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
            rows: [
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
    await project.write(CONFIG, { ...THEMED, snippets: { picture: 'dist/all.html' } });
    await project.build();
    const whole = await project.contents('dist');
    await rm(project.at('dist'), { recursive: true });
    const made: string[] = [];
    for (const i of [1, 2, 3]) {
      const part = await project.build('--shard', `${i}/3`, '--json');
      expect(part.code).toBe(0);
      made.push(
        ...linesOf(part)
          .slice(0, -1)
          .map(({ output }) => output as string),
      );
      if (i < 3) {
        const early = await project.build('--merge-manifests');
        expect(early).toMatchObject({
          code: 1,
          stderr: expect.stringContaining(`colorshine-manifest.${i + 1}-of-3.json: expected`) as string,
        });
      }
    }
    expect(new Set(made).size).toBe(made.length);
    expect((await project.build('--merge-manifests')).code).toBe(0);
    const merged = await project.contents('dist');
    expect(changes(whole, merged)).toEqual([1, 2, 3].map((i) => `dist/colorshine-manifest.${i}-of-3.json`));
    // One build in one piece clears them away.
    await project.build();
    expect(changes(whole, await project.contents('dist'))).toEqual([]);
  });

  it('of a shard of another configuration is refused', async () => {
    await project.addImages(2);
    await project.write(CONFIG, THEMED);
    await project.build('--shard', '1/2');
    await project.build('--shard', '2/2');
    await project.write(CONFIG, { ...THEMED, recipe: ['{brand};10;10'] });
    const merged = await project.build('--merge-manifests');
    expect(merged).toMatchObject({ code: 2, stderr: expect.stringContaining('another configuration') as string });
  });
});

describe('pooled builds', () => {
  it('give all images one plan, that of all pixels together, also shard by shard', async () => {
    await project.addImages(6);
    await project.write(CONFIG, { ...THEMED, themes: ['dark'], pooled: true });
    await project.build();
    const radii = (await project.readManifest()).sources.map(({ outputs }) => outputs[0]?.rows[0]?.radius);
    expect(new Set(radii).size).toBe(1);
    const whole = await project.contents('dist');
    await rm(project.at('dist'), { recursive: true });
    await rm(project.at('node_modules/.cache'), { recursive: true });
    for (const shard of ['1/2', '2/2']) await project.build('--shard', shard);
    await project.build('--merge-manifests');
    const parts = await project.contents('dist');
    expect(changes(whole, parts)).toEqual([1, 2].map((i) => `dist/colorshine-manifest.${i}-of-2.json`));
    expect(summaryOf(await project.build('--json'))).toMatchObject({ made: 0 });
    await project.addImages(7);
    expect(summaryOf(await project.build('--json'))).toMatchObject({ made: 7 });
  });

  it('fail as a whole when an image cannot be read: without it the plan would be another', async () => {
    await project.addImages(2);
    await project.write('images/bad.png', 'no image');
    await project.write(CONFIG, { ...THEMED, pooled: true });
    const { code, stderr } = await project.build();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^colorshine: images\/bad\.png: expected a JPEG[^\n]*\n$/);
    expect((await project.contents('dist')).size).toBe(0);
  });
});

describe('inputs', () => {
  it('leave out what earlier builds wrote beside them, but never replace a stranger', async () => {
    await project.addImages(2);
    await project.write(CONFIG, {
      ...THEMED,
      themes: ['dark'],
      out: 'images/{name}.{theme}.{ext}',
      manifest: 'm.json',
    });
    expect((await project.build()).code).toBe(0);
    expect(summaryOf(await project.build('--json'))).toMatchObject({ outputs: 2, fresh: 2 });
    await project.write('images/i001.dark.dark.png', 'mine');
    await rm(project.at('node_modules/.cache'), { recursive: true });
    const { code, stderr } = await project.build();
    expect(code).toBe(2);
    expect(stderr).toContain('leave it out of "inputs" with "!images/i000.dark.png"');
    expect(await readFile(project.at('images/i001.dark.dark.png'), 'utf8')).toBe('mine');
  });

  it('that went leave outputs behind, which --prune deletes unless someone changed them', async () => {
    await project.addImages(3);
    await project.write(CONFIG, { ...THEMED, themes: ['dark'] });
    await project.build();
    await rm(project.at('images/i001.png'));
    await rm(project.at('images/i002.png'));
    await writeFile(project.at('dist/i002.dark.png'), 'mine now');
    expect((await project.build()).stderr).toMatch(
      /1 output of earlier builds is no longer made: dist\/i001\.dark\.png; --prune deletes/,
    );
    expect((await project.build('--prune')).stderr).toContain('1 output of earlier builds deleted');
    expect([...(await project.contents('dist')).keys()]).toEqual([
      MANIFEST,
      'dist/i000.dark.png',
      'dist/i002.dark.png',
    ]);
  });
});

describe('--watch', () => {
  it('follows images, tokens and the configuration, and goes on after an error', async () => {
    await project.addImages(2);
    await project.write(CONFIG, { ...THEMED, themes: ['dark'] });
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
      await until('the first build', async () => (await project.readManifest()).sources.length === 2);
      await project.addImages(1, 'new');
      await until('a new image', async () => (await project.readManifest()).sources.length === 3);
      await project.write('images/deep/er.png', await readFile(project.at('images/i000.png')));
      await project.write(CONFIG, { ...THEMED, themes: ['dark'], inputs: 'images/**/*.png' });
      await until('a new configuration', async () => (await project.readManifest()).sources.length === 4);
      await project.write('tokens.json', '{ broken');
      await until('the error', async () => errors.includes('tokens.json: expected design tokens as JSON'));
      await project.write('tokens.json', tokensOf({ ...COLORS, brand: { ...COLORS.brand, dark: 'lime' } }));
      await until(
        'new tokens',
        async () => (await project.readManifest()).sources[0]?.outputs[0]?.rows[0]?.color === 'lime',
      );
      await project.write('images/deep/two.png', await readFile(project.at('images/i001.png')));
      await until('an image in a new folder', async () => (await project.readManifest()).sources.length === 5);

      const isShown = (color: string) => async () =>
        (await project.readManifest()).sources[0]?.outputs[0]?.rows[0]?.color === color;
      await project.write('base/colors.json', { brand: { $type: 'color', $value: 'navy' } });
      await project.write('tokens.json', { brand: { $ref: 'base/colors.json#/brand' } });
      await project.write(CONFIG, { ...THEMED, themes: undefined, inputs: 'images/**/*.png' });
      await until('tokens of another file', isShown('navy'));
      await project.write('base/colors.json', { brand: { $type: 'color', $value: 'olive' } });
      await until('a change of that file', isShown('olive'));

      const image = await readFile(project.at('images/i000.png'));
      await rm(project.at('images'), { recursive: true });
      await project.write('images/i000.png', image);
      await until('a folder in place of another', async () => (await project.readManifest()).sources.length === 1);
      await project.write('images/later.png', image);
      await until('an image in it', async () => (await project.readManifest()).sources.length === 2);
    } finally {
      child.kill('SIGINT');
    }
    expect(await closed).toBe(130);
  });
});

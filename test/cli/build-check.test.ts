/** `colorshine build --check`: whether the outputs are those of the configuration, with and without a cache; it writes nothing. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { type BuildProject, COLORS, CONFIG, linesOf, makeProject, THEMED, tokensOf } from '../support/build-project.js';

const CACHE = 'node_modules/.cache';
const FIRST = 'dist/i000.dark.png';

let project: BuildProject;
beforeEach(async () => {
  project = await makeProject();
  await project.addImages(2);
  await project.write('tokens.json', tokensOf(COLORS));
  await project.write(CONFIG, { ...THEMED, snippets: { picture: 'dist/all.html', css: 'dist/all.css' } });
});

/** What is listed; the project is left as it was, to the byte. */
async function check(): Promise<{ code: number | null; lines: string[]; said: string }> {
  const before = await project.contents('.');
  const { code, stdout, stderr } = await project.build('--check');
  expect(await project.contents('.')).toEqual(before);
  return { code, lines: stdout.toString().trim().split('\n').filter(Boolean), said: String(stderr) };
}

async function append(path: string): Promise<void> {
  await writeFile(project.at(path), `${await readFile(project.at(path), 'latin1')}x`, 'latin1');
}

it('before the first build everything is missing', async () => {
  const { code, lines, said } = await check();
  expect(code).toBe(1);
  expect(lines).toHaveLength(6);
  expect(lines[0]).toBe('missing  dist/i000.contrast.png  (output missing)');
  expect(said).toContain('6 files not as the configuration says: 6 missing. Nothing was written.');
});

describe.each([
  ['with what this machine remembers', async () => undefined],
  ['in a fresh checkout, by the manifest', () => rm(project.at(CACHE), { recursive: true })],
])('%s', (_, forget) => {
  beforeEach(async () => {
    expect((await project.build()).code).toBe(0);
    await forget();
  });

  it('what was built is fine', async () => {
    expect(await check()).toEqual({ code: 0, lines: [], said: '6 outputs as the configuration says.\n' });
  });

  it('a deleted output is missing, an altered one foreign', async () => {
    await rm(project.at(FIRST));
    await append('dist/i001.light.png');
    const { code, lines } = await check();
    expect([code, lines]).toEqual([
      1,
      [`missing  ${FIRST}  (output missing)`, 'foreign  dist/i001.light.png  (output altered)'],
    ]);
  });

  it('outputs of another image, token or configuration are stale', async () => {
    await project.write('images/i001.png', await readFile(project.at('images/i000.png')));
    expect((await check()).lines).toEqual(
      ['contrast', 'dark', 'light'].map((theme) => `stale    dist/i001.${theme}.png  (image changed)`),
    );
    await project.write('tokens.json', tokensOf({ brand: { ...COLORS.brand, dark: 'olive' } }));
    const { code, lines } = await check();
    expect(code).toBe(1);
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^stale {4}dist\/i000\.dark\.png {2}\((?:recipe or token changed|the manifest is of another)/,
      ),
    );
  });

  it('snippets and manifest count as well', async () => {
    await append('dist/all.html');
    await rm(project.at('dist/all.css'));
    const { code, lines } = await check();
    expect([code, lines]).toEqual([
      1,
      ['missing  dist/all.css  (missing)', 'stale    dist/all.html  (says something else)'],
    ]);
  });

  it('in a pooled build an image counts for all', async () => {
    await project.write(CONFIG, { ...THEMED, themes: ['dark'], pooled: true });
    await rm(project.at('dist'), { recursive: true });
    expect((await project.build()).code).toBe(0);
    await forget();
    expect((await check()).code).toBe(0);
    await project.addImages(1, 'x');
    await project.write('images/i001.png', await readFile(project.at('images/x000.png')));
    await rm(project.at('images/x000.png'));
    const { lines } = await check();
    expect(lines.map((line) => line.slice(0, 27))).toContain(`stale    ${FIRST}`);
  });
});

it('what is no longer made is foreign', async () => {
  await project.build();
  await project.write(CONFIG, { ...THEMED, themes: ['light', 'contrast'] });
  expect((await check()).lines).toContain(`foreign  ${FIRST}  (no longer made)`);
});

it('is data with --json', async () => {
  await project.build();
  await rm(project.at(FIRST));
  expect(linesOf(await project.build('--check', '--json'))).toEqual([
    { status: 'missing', path: FIRST, reason: 'output missing' },
    { status: 'failed', summary: { outputs: 6, missing: 1, stale: 0, foreign: 0 } },
  ]);
});

it.each(['--watch', '--force', '--prune', '--dry-run', '--merge-manifests'])('does not go with %s', async (flag) => {
  const { code, stderr } = await project.build('--check', flag);
  expect(code).toBe(2);
  expect(String(stderr)).toMatch(/expected no --[\w-]+ beside it, got both/);
});

/** Nothing believed that comes back: records of a cache and manifests of shards that someone has changed. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Manifest, ManifestOutput } from '../../src/node/build/manifest.js';
import type { OutputRecord } from '../../src/node/build/records.js';
import { type BuildProject, CONFIG, changes, MANIFEST, makeProject, summaryOf } from '../support/build-project.js';
import { makeTempFolder } from '../support/temp-folder.js';

const SIMPLE = {
  inputs: 'images/*.png',
  recipe: ['teal;60;90'],
  formats: ['png'],
  out: 'dist/{name}.{ext}',
  snippets: { picture: 'dist/p.html', css: 'dist/p.css' },
};

let project: BuildProject;

beforeEach(async () => {
  project = await makeProject();
  await project.addImages(2);
  await project.write(CONFIG, SIMPLE);
});

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

const seal = (value: unknown): string => `${sha256(JSON.stringify(value))}\n${JSON.stringify(value)}`;

/** The records of a build, as someone who knows the form would change them. */
async function records(): Promise<{ folder: string; entries: { file: string; record: OutputRecord }[] }> {
  const builds = project.at('node_modules/.cache/colorshine/builds');
  const [id] = await readdir(builds);
  const folder = join(builds, id as string);
  const names = (await readdir(folder)).filter((name) => /^[0-9a-f]{32}\.json$/.test(name)).sort();
  const entries = names.map(async (name) => {
    const file = join(folder, name);
    return { file, record: JSON.parse((await readFile(file, 'utf8')).slice(65)) as OutputRecord };
  });
  return { folder, entries: await Promise.all(entries) };
}

describe('a record of the cache', () => {
  const spoiled: [string, (record: OutputRecord) => unknown][] = [
    ['without a recipe', (record) => ({ ...record, job: { ...record.job, recipe: null } })],
    ['without a job', (record) => ({ ...record, job: null })],
    ['without a report', (record) => ({ ...record, report: null })],
    ['that is a list', () => []],
    ['that is nothing', () => null],
    ['of another version', (record) => ({ ...record, version: 99 })],
    ['with markup for a width', (record) => ({ ...record, report: { ...record.report, width: '1" onerror="x' } })],
    ['with a format that is none', (record) => ({ ...record, report: { ...record.report, format: '"><script>' } })],
    ['with a plan that is none', (record) => ({ ...record, report: { ...record.report, plan: { attractors: 'x' } } })],
    ['of another output', (record) => ({ ...record, job: { ...record.job, output: 'dist/other.png' } })],
  ];
  it('that is damaged or forged leads to a rebuild', async () => {
    await project.build();
    const whole = await project.contents('dist');
    const { entries } = await records();
    const [{ file, record }] = entries as [(typeof entries)[number]];
    for (const [what, spoil] of spoiled) {
      await writeFile(file, seal(spoil(record)));
      const again = await project.build('--json');
      expect(again.code, `${what}: ${again.stderr}`).toBe(0);
      expect(summaryOf(again), what).toMatchObject({ made: 1, fresh: 1 });
      expect(changes(whole, await project.contents('dist'))).toEqual([]);
    }
  });

  it.each(['../victim.png', 'link/victim.png', 'dist/../../victim.png', '/ABSOLUTE/victim.png'])(
    'never makes --prune delete outside of the root: %s',
    async (place) => {
      const inner = 'site';
      const outside = await makeTempFolder();
      await mkdir(project.at(`${inner}/node_modules`), { recursive: true });
      await mkdir(project.at(`${inner}/images`));
      await project.write(`${inner}/images/a.png`, await readFile(project.at('images/i000.png')));
      await project.write(`${inner}/${CONFIG}`, SIMPLE);
      await symlink(outside, project.at(`${inner}/link`));
      const build = (...args: string[]) => project.build('-c', `${inner}/${CONFIG}`, ...args);
      expect((await build()).code).toBe(0);
      const builds = project.at(`${inner}/node_modules/.cache/colorshine/builds`);
      const folder = join(builds, (await readdir(builds))[0] as string);
      const [name] = (await readdir(folder)).filter((one) => /^[0-9a-f]{32}\.json$/.test(one));
      const record = JSON.parse((await readFile(join(folder, name as string), 'utf8')).slice(65)) as OutputRecord;

      const output = place.replace('/ABSOLUTE', outside);
      const victim = place.startsWith('link/') ? join(outside, 'victim.png') : join(project.at(inner), output);
      const victims = [victim, join(outside, 'victim.png'), project.at('victim.png')];
      for (const file of victims) {
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, 'precious');
      }
      const forged = {
        ...record,
        job: { ...record.job, output },
        report: { ...record.report, hash: sha256('precious'), byteLength: 8 },
      };
      await writeFile(join(folder, `${sha256(output).slice(0, 32)}.json`), seal(forged));
      expect((await build('--prune')).code).toBe(0);
      for (const file of victims) expect(existsSync(file), file).toBe(true);
    },
  );

  it('names images alone to --prune, and what it wrote itself is pruned', async () => {
    await project.build();
    const { folder, entries } = await records();
    await project.write('notes.txt', 'precious');
    const forged = {
      ...entries[0]?.record,
      job: { ...entries[0]?.record.job, output: 'notes.txt' },
      report: { ...entries[0]?.record.report, hash: sha256('precious') },
    };
    await writeFile(join(folder, `${sha256('notes.txt').slice(0, 32)}.json`), seal(forged));
    await project.write(CONFIG, { ...SIMPLE, inputs: 'images/i000.png' });
    expect((await project.build('--prune')).stderr).toContain('1 output of earlier builds deleted');
    expect(existsSync(project.at('notes.txt'))).toBe(true);
    expect(existsSync(project.at('dist/i001.png'))).toBe(false);
  });
});

describe('the manifest of a shard', () => {
  const spoilOutput =
    (parts: object) =>
    (manifest: Manifest): unknown => ({
      ...manifest,
      sources: manifest.sources.map((source) => ({
        ...source,
        outputs: source.outputs.map((output): ManifestOutput => ({ ...output, ...parts })),
      })),
    });
  const spoiled: [string, (manifest: Manifest) => unknown][] = [
    ['markup for a width', spoilOutput({ width: '1" onerror="alert(1)' })],
    ['markup for a format', spoilOutput({ format: 'png" onerror="x' })],
    ['a format that is none', spoilOutput({ format: '__proto__' })],
    ['a path out of the root', spoilOutput({ path: '../../etc/passwd' })],
    ['a path that nobody asked for', spoilOutput({ path: 'dist/evil.png' })],
    ['a theme that nobody asked for', spoilOutput({ theme: '\u001b[2J' })],
    ['a build that nobody asked for', spoilOutput({ build: 'x' })],
    ['a hash that is none', spoilOutput({ hash: 'x' })],
    ['a size without end', spoilOutput({ height: 1e300 })],
    [
      'a color that is none',
      spoilOutput({ rows: [{ color: '</style>', tolerance: 1, strength: 1, radius: 0, share: 0 }] }),
    ],
    [
      'a number that is none',
      spoilOutput({ rows: [{ color: 'red', tolerance: 1, strength: 1, radius: null, share: 0 }] }),
    ],
    ['a key of its own', spoilOutput({ script: 'x' })],
    ['an output twice', (manifest) => ({ ...manifest, sources: [...manifest.sources, ...manifest.sources] })],
    ['an output too few', (manifest) => ({ ...manifest, sources: [] })],
    ['sources that are none', (manifest) => ({ ...manifest, sources: [null] })],
    ['a list', () => []],
    ['nothing', () => null],
  ];
  it('is refused when anything in it is not the build’s, and nothing is written', async () => {
    await project.write(CONFIG, { ...SIMPLE, inputs: 'images/i000.png' });
    await project.build('--shard', '1/1');
    const shard = project.at('dist/colorshine-manifest.1-of-1.json');
    const manifest = JSON.parse(await readFile(shard, 'utf8')) as Manifest;
    for (const [what, spoil] of spoiled) {
      await writeFile(shard, JSON.stringify(spoil(manifest)));
      const { code, stderr } = await project.build('--merge-manifests');
      expect(code, what).toBe(1);
      expect(stderr).toMatch(
        /^colorshine: dist\/colorshine-manifest\.1-of-1\.json: [^\n]*(expected|unknown key)[^\n]*\n$/,
      );
      expect(stderr).not.toContain('\u001b');
      for (const path of [MANIFEST, 'dist/p.html', 'dist/p.css'])
        expect(existsSync(project.at(path)), what).toBe(false);
    }
    await writeFile(shard, JSON.stringify(manifest));
    expect((await project.build('--merge-manifests')).code).toBe(0);
    expect(await readFile(project.at('dist/p.html'), 'utf8')).toContain('src="i000.png" width="24" height="16"');
  });
});

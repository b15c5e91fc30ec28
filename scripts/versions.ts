/**
 * `npm run versions [-- PACKAGE...]`: tries each end of every peer range for real. The matching example is copied out, the packed
 * package installed with that version, built, and the pictures compared with those of the newest version and of this checkout.
 * It takes half an hour and the npm registry, so it is no part of `npm test`. Run `npm run build` first. Versions that want
 * another Node are named and left out: run it with that one.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { DOORS, type Door, UNTRIED } from './versions/doors.js';
import { runIn } from './versions/run.js';

interface Row {
  readonly name: string;
  readonly version: string;
  readonly result: 'ok' | 'FAILED' | 'left out';
  readonly why: string;
}

type Tried = Pick<Row, 'result' | 'why'> & { readonly pictures?: ReadonlySet<string> };
type Manifest = Record<string, Record<string, string>>;

const CLI = resolve('dist/cli.cjs');
if (!existsSync(CLI)) throw new Error('dist/cli.cjs is missing: npm run build');
const { peerDependencies = {} } = JSON.parse(await readFile('package.json', 'utf8')) as Manifest;

const asked = process.argv.slice(2);
const names = asked.length > 0 ? asked : [...Object.keys(peerDependencies), ...Object.keys(DOORS)];
for (const name of names) {
  if (Object.hasOwn(DOORS, name) || Object.hasOwn(UNTRIED, name)) continue;
  throw new Error(`scripts/versions/doors.ts: expected a way to try "${name}", got ${Object.keys(DOORS).join(', ')}`);
}
const work = await mkdtemp(join(tmpdir(), 'colorshine-versions-'));
const rows: Row[] = [];
try {
  const tarball = await pack();
  for (const name of new Set(names)) await tryPackage(name, tarball);
} finally {
  await rm(work, { recursive: true, force: true });
}
const wide = (key: 'name' | 'version' | 'result'): number => Math.max(...rows.map((row) => row[key].length));
for (const { name, version, result, why } of rows) {
  const cells = [name.padEnd(wide('name')), version.padEnd(wide('version')), result.padEnd(wide('result')), why];
  console.log(cells.join('  ').trimEnd());
}
process.exit(rows.some(({ result }) => result === 'FAILED') ? 1 : 0);

async function pack(): Promise<string> {
  const { code, text } = await runIn('.', 'npm', ['pack', '--ignore-scripts', '--pack-destination', work]);
  if (code !== 0) throw new Error(text);
  const [file] = (await readdir(work)).filter((path) => path.endsWith('.tgz'));
  return join(work, file as string);
}

async function tryPackage(name: string, tarball: string): Promise<void> {
  const untried = UNTRIED[name];
  if (untried !== undefined) {
    rows.push({ name, version: peerDependencies[name] ?? '', result: 'left out', why: untried });
    return;
  }
  const door = DOORS[name] as Door;
  const range = (door.range ?? peerDependencies[name]) as string;
  // The newest first: what it gives the others must give.
  let newest: ReadonlySet<string> | undefined;
  for (const version of (await endsOf(name, range)).reverse()) {
    const tried = await tryVersion(name, version, door, tarball, newest).catch(
      (error: Error): Tried => ({ result: 'FAILED', why: error.message }),
    );
    newest ??= tried.pictures;
    rows.push({ name, version, result: tried.result, why: tried.why });
    console.error(`${name}@${version}: ${tried.result} ${tried.why}`);
  }
}

/** Of each part of a range (`^6.0.0 || ^7.0.0`) the first version and the newest, in ascending order. */
async function endsOf(name: string, range: string): Promise<string[]> {
  const ends: string[] = [];
  for (const part of range.split('||').map((text) => text.trim())) {
    const { code, text } = await runIn(work, 'npm', ['view', `${name}@${part}`, 'version', '--json']);
    if (code !== 0) throw new Error(`${name}@${part}: ${text}`);
    const versions = [JSON.parse(text)].flat() as string[]; // in the order in which the registry has them
    versions.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    ends.push(/\d+\.\d+\.\d+/.exec(part)?.[0] ?? (versions[0] as string), versions.at(-1) as string);
  }
  return [...new Set(ends)];
}

async function tryVersion(
  name: string,
  version: string,
  door: Door,
  tarball: string,
  newest: ReadonlySet<string> | undefined,
): Promise<Tried> {
  const root = await mkdtemp(join(work, 'try-'));
  await cp(join('examples', door.example), root, {
    recursive: true,
    filter: (path) => !/[/\\](?:node_modules|dist|_site|package-lock\.json)$/.test(path),
  });
  for (const [path, text] of Object.entries(door.files ?? {})) await writeFile(join(root, path), text);
  await writeManifest(root, door, { colorshine: `file:${tarball}`, [name]: version });
  const install = await runIn(root, 'npm', ['install', '--include=dev', '--engine-strict', '--no-audit', '--no-fund']);
  if (install.code !== 0) {
    const [, node] = /Not compatible.*?Required: (\{[^\n]*\})/s.exec(install.text) ?? [];
    if (node) return { result: 'left out', why: `wants ${node}, this is Node ${process.versions.node}` };
    return { result: 'FAILED', why: `npm install: ${tail(install.text)}` };
  }
  const build = await (door.build ?? ((folder) => runIn(folder, 'npm', ['run', 'build'])))(root);
  if (build.code !== 0) return { result: 'FAILED', why: `build: ${tail(build.text)}` };
  const pictures = await readPictures(join(root, door.output));
  const wanted = await expectPictures(root, door);
  const missing = [...wanted].filter((hash) => !pictures.has(hash)).length;
  await rm(root, { recursive: true, force: true });
  if (missing > 0) return { result: 'FAILED', why: `${missing} of ${wanted.size} recolored pictures are not there` };
  if (newest && [...newest].sort().join() !== [...pictures].sort().join()) {
    return { result: 'FAILED', why: 'other pictures than by the newest version' };
  }
  return { result: 'ok', why: `${pictures.size} pictures`, pictures };
}

async function writeManifest(root: string, { without = [], beside }: Door, own: Record<string, string>): Promise<void> {
  const path = join(root, 'package.json');
  const before = existsSync(path) ? (JSON.parse(await readFile(path, 'utf8')) as Manifest) : {};
  const { dependencies, devDependencies, ...rest } = before;
  const packages = { ...dependencies, ...devDependencies, ...beside, ...own };
  for (const name of without) delete packages[name];
  await writeFile(path, JSON.stringify({ ...rest, private: true, devDependencies: packages }));
}

/** What this checkout makes of the same sources, by the command line. */
async function expectPictures(
  root: string,
  { format, output, source = 'src', recipe = `${source}/brand.json` }: Door,
): Promise<ReadonlySet<string>> {
  const folder = `${root}-expected`;
  if (format === undefined) {
    await cp(root, folder, {
      recursive: true,
      filter: (path) => path !== join(root, output) && !path.includes('node_modules'),
    });
    await mkdir(join(folder, 'node_modules')); // its cache lies there
    await runIn(folder, 'node', [CLI, 'build']);
    return readPictures(join(folder, output));
  }
  await mkdir(folder);
  for (const theme of ['light', 'dark']) {
    const args = [`${source}/hero.jpg`, '--recipe', recipe, '--tokens', 'tokens.json', '--theme', theme];
    const { code, text } = await runIn(root, 'node', [CLI, 'shine', ...args, '-o', join(folder, `${theme}.${format}`)]);
    if (code !== 0) throw new Error(text);
  }
  return readPictures(folder);
}

/** Hashes of the pixels of every picture in a folder. */
async function readPictures(folder: string): Promise<ReadonlySet<string>> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const pictures = names.filter((name) => /\.(?:jpe?g|png|webp)$/.test(name));
  const hashes = pictures.map(async (name) => {
    const pixels = await sharp(await readFile(join(folder, name)))
      .ensureAlpha()
      .raw()
      .toBuffer();
    return createHash('sha256').update(pixels).digest('hex');
  });
  return new Set(await Promise.all(hashes));
}

/** The lines of a log that tell most: those that speak of an error, else the last ones. */
function tail(text: string): string {
  const lines = text.trim().split('\n');
  const errors = lines.filter((line) => /error|expected/i.test(line));
  return (errors.length > 0 ? errors : lines.slice(-4)).slice(0, 4).join(' / ').slice(0, 600);
}

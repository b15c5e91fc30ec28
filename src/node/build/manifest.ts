/**
 * The manifest: what was made from what, for programs. It holds nothing that depends on the day or the machine, so that two
 * builds of the same things write the same bytes.
 */
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { ColorshineError, type PlanRow, parseColor, quote } from '../../core/index.js';
import { checkChoice, checkInteger, checkList, checkNumber, checkObject, MAX_ROWS } from '../../core/options.js';
import { checkRow, ROW_KEYS } from '../../core/row/check-row.js';
import { writeWhole } from '../files/output.js';
import { OUTPUT_FORMATS } from '../image/formats.js';
import { checkHash, FILE_SIZE_RANGE, PAGES_RANGE, SIDE_RANGE } from './check-report.js';
import { ENGINE } from './engine-id.js';
import { hashBytes } from './job.js';
import { named } from './paths.js';
import type { ExpectedOutput } from './plan-build.js';
import type { OutputRecord } from './records.js';
import { isInShard, type Shard } from './shard.js';

const MANIFEST_VERSION = 2;
/** Some hundred thousand outputs. */
const MAX_MANIFEST_BYTES = 256 * 1024 * 1024;

export interface ManifestOutput {
  /** From the build's root, with forward slashes. */
  readonly path: string;
  readonly build: string;
  readonly theme: string;
  readonly format: string;
  /** Pixels, of one page. */
  readonly width: number;
  readonly height: number;
  readonly pages: number;
  readonly bytes: number;
  /** SHA-256 of the file. */
  readonly hash: string;
  readonly gamut: string;
  /** The rows with their radii (Oklab distance) and the share of the source's visible pixels within, 0 to 1. */
  readonly rows: readonly ManifestRow[];
}

export type ManifestRow = Omit<PlanRow, 'oklab' | 'center' | 'powerlessHue'>;

export interface ManifestSource {
  readonly path: string;
  readonly hash: string;
  readonly outputs: readonly ManifestOutput[];
}

export interface Manifest {
  readonly version: typeof MANIFEST_VERSION;
  readonly engine: string;
  /** Of all jobs; two shards of one build have the same. */
  readonly build: string;
  /** `2/4`, in the manifest of a shard. */
  readonly shard?: string;
  /** By path. */
  readonly sources: readonly ManifestSource[];
}

/** @param outputs each with the name of its build, in the plan's order */
export function makeManifest(
  build: string,
  outputs: readonly { readonly record: OutputRecord; readonly build: string }[],
  shard?: Shard,
): Manifest {
  const sources = new Map<string, { hash: string; outputs: ManifestOutput[] }>();
  for (const { record, build: name } of outputs) {
    const { job, report } = record;
    const source = sources.get(job.input) ?? { hash: report.inputHash, outputs: [] };
    sources.set(job.input, source);
    source.outputs.push({
      path: job.output,
      build: name,
      theme: job.theme,
      format: report.format,
      width: report.width,
      height: report.height,
      pages: report.pages,
      bytes: report.byteLength,
      hash: report.hash,
      gamut: report.plan.gamut,
      rows: report.plan.rows.map(({ oklab, center, powerlessHue, ...row }) => row),
    });
  }
  return {
    version: MANIFEST_VERSION,
    engine: ENGINE,
    build,
    ...(shard && { shard: `${shard.index}/${shard.count}` }),
    sources: [...sources].map(([path, source]) => ({ path, ...source })).sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

export function formatManifest(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** Where a shard's manifest lies beside the whole one: `colorshine-manifest.2-of-4.json`. */
export function shardManifestPath(path: string, { index, count }: Shard): string {
  return path.replace(/(\.json)?$/i, `.${index}-of-${count}.json`);
}

/** Replaces a text file unless it already says so. @returns true when it was written; @throws OUTPUT_UNWRITABLE */
export async function writeText(path: string, text: string): Promise<boolean> {
  const before = await readFile(path).catch(() => undefined);
  if (before && hashBytes(before) === hashBytes(text)) return false;
  await writeWhole(named(path), (temp) => writeFile(temp, text));
  return true;
}

/**
 * Joins the manifests of all shards of a build. They come from other machines: every part is checked, and together they
 * must name each of the configuration's outputs once and nothing else.
 *
 * @param path absolute, of the whole manifest
 * @param build what the present configuration gives; shards of another one are refused
 * @param expected all of its outputs
 * @throws INPUT_NOT_FOUND when one is missing, INPUT_CORRUPT for what no build writes, INVALID_CONFIG for shards that do not
 *   belong together
 */
export async function mergeManifests(
  path: string,
  build: string,
  expected: readonly ExpectedOutput[],
): Promise<{ manifest: Manifest; shards: number }> {
  const folder = dirname(path);
  const stem = basename(path).replace(/\.json$/i, '');
  const parts = (await readdir(folder).catch(() => [])).flatMap((name) => {
    const [, index, count] = name.startsWith(`${stem}.`)
      ? (/^\.(\d+)-of-(\d+)\.json$/.exec(name.slice(stem.length)) ?? [])
      : [];
    return index === undefined ? [] : [{ name, index: Number(index), count: Number(count) }];
  });
  const [first] = parts;
  if (!first) {
    const example = shardManifestPath(named(path), { index: 1, count: 4 });
    throw new ColorshineError(
      'INPUT_NOT_FOUND',
      `${named(folder)}: expected manifests of shards such as ${example}, found none`,
    );
  }
  const odd = parts.find(({ count }) => count !== first.count);
  if (odd) {
    throw new ColorshineError(
      'INVALID_CONFIG',
      `${named(folder)}: expected the shards of one split, got ${first.name} and ${odd.name}; delete those of the earlier one`,
    );
  }
  const sources: ManifestSource[] = [];
  for (let index = 1; index <= first.count; index++) {
    const shard = { index, count: first.count };
    const mine = expected.filter(({ job }) => isInShard(job.input, shard));
    sources.push(...(await readShard(shardManifestPath(path, shard), build, mine)).sources);
  }
  sources.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { manifest: { version: MANIFEST_VERSION, engine: ENGINE, build, sources }, shards: first.count };
}

/**
 * A manifest that was written: of a shard, or of the whole build.
 *
 * @param build what the present configuration gives
 * @param expected all outputs that it must name
 * @throws INPUT_NOT_FOUND, INPUT_CORRUPT, INVALID_CONFIG for one of another configuration or version
 */
export async function readShard(path: string, build: string, expected: readonly ExpectedOutput[]): Promise<Manifest> {
  const name = named(path);
  const { version, engine, build: id, sources } = await readManifest(path, name);
  if (version !== MANIFEST_VERSION) {
    throw new ColorshineError(
      'INPUT_CORRUPT',
      `${name}: expected a manifest of version ${MANIFEST_VERSION}, got ${quote(version)}`,
    );
  }
  if (id !== build || engine !== ENGINE) {
    const what = engine === ENGINE ? 'another configuration or other inputs' : `another version (${quote(engine)})`;
    throw new ColorshineError(
      'INVALID_CONFIG',
      `${name}: expected a shard of this build, got one of ${what}; run it again`,
    );
  }
  return { version, engine, build, sources: checkSources(sources, name, expected) };
}

async function readManifest(path: string, name: string): Promise<Readonly<Record<string, unknown>>> {
  let value: unknown;
  try {
    const info = await stat(path); // opening a FIFO would hang
    if (!info.isFile() || info.size > MAX_MANIFEST_BYTES)
      throw new Error(`no file of at most ${MAX_MANIFEST_BYTES} bytes`);
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      throw new ColorshineError(
        'INPUT_NOT_FOUND',
        `${name}: expected the manifest of a shard, found nothing there; has that shard failed?`,
      );
    }
    throw new ColorshineError('INPUT_CORRUPT', `${name}: expected the manifest of a shard, got something unreadable`, {
      cause: error,
    });
  }
  return checkObject(value, name, ['version', 'engine', 'build', 'shard', 'sources'], CORRUPT);
}

const CORRUPT = 'INPUT_CORRUPT';
const NOT_NEGATIVE = { min: 0, max: Number.MAX_VALUE } as const;

/**
 * @param expected what the sources must name, once each: paths, builds and themes of a manifest are the configuration's
 * @throws INPUT_CORRUPT
 */
function checkSources(value: unknown, name: string, expected: readonly ExpectedOutput[]): readonly ManifestSource[] {
  const missing = new Map(expected.map((output) => [output.job.output, output]));
  const sources = checkList(value, `${name}: sources`, { min: 0, max: expected.length }, CORRUPT).map((item, i) => {
    const place = `${name}: sources[${i}]`;
    const source = checkObject(item, place, ['path', 'hash', 'outputs'], CORRUPT);
    const outputs = checkList(source.outputs, `${place}: outputs`, { min: 1, max: expected.length }, CORRUPT);
    const path = source.path as string; // that of the output's job, or it is refused
    return {
      path,
      hash: checkHash(source.hash, `${place}: hash`, CORRUPT),
      outputs: outputs.map((output, j) => {
        const checked = checkOutput(output, `${place}: outputs[${j}]`);
        const wanted = missing.get(checked.path);
        const isWanted =
          wanted?.job.input === path &&
          wanted.build === checked.build &&
          wanted.job.theme === checked.theme &&
          (wanted.job.format ?? checked.format) === checked.format;
        if (isWanted && missing.delete(checked.path)) return checked;
        throw new ColorshineError(
          CORRUPT,
          `${place}: expected outputs of this build, each once, got ${quote(checked.path)} of ${quote(path)}`,
        );
      }),
    };
  });
  const [left] = missing.keys();
  if (left === undefined) return sources;
  throw new ColorshineError(CORRUPT, `${name}: expected all outputs of the shard, got none for ${quote(left)}`);
}

/** Its words are compared with the configuration's by the caller. @throws INPUT_CORRUPT */
function checkOutput(value: unknown, name: string): ManifestOutput {
  const output = checkObject(value, name, OUTPUT_KEYS, CORRUPT);
  return {
    path: output.path as string,
    build: output.build as string,
    theme: output.theme as string,
    format: checkChoice(output.format, `${name}: format`, OUTPUT_FORMATS, CORRUPT),
    width: checkInteger(output.width, `${name}: width`, SIDE_RANGE, CORRUPT),
    height: checkInteger(output.height, `${name}: height`, SIDE_RANGE, CORRUPT),
    pages: checkInteger(output.pages, `${name}: pages`, PAGES_RANGE, CORRUPT),
    bytes: checkInteger(output.bytes, `${name}: bytes`, FILE_SIZE_RANGE, CORRUPT),
    hash: checkHash(output.hash, `${name}: hash`, CORRUPT),
    gamut: checkChoice(output.gamut, `${name}: gamut`, ['srgb', 'display-p3'], CORRUPT),
    rows: checkList(output.rows, `${name}: rows`, { min: 0, max: MAX_ROWS }, CORRUPT).map((row, i) =>
      checkManifestRow(row, `${name}: rows[${i}]`),
    ),
  };
}

const OUTPUT_KEYS = [
  ...['path', 'build', 'theme', 'format', 'width', 'height', 'pages', 'bytes', 'hash', 'gamut', 'rows'],
] as const;

function checkManifestRow(value: unknown, name: string): ManifestRow {
  const { radius, share, ...row } = checkObject(value, name, [...ROW_KEYS, 'radius', 'share'], CORRUPT);
  checkNumber(radius, `${name}: radius`, NOT_NEGATIVE, CORRUPT);
  if (share !== undefined) checkNumber(share, `${name}: share`, NOT_NEGATIVE, CORRUPT);
  try {
    checkRow(row);
    for (const color of [row.color, row.from]) if (color !== undefined) parseColor(color);
  } catch (error) {
    throw new ColorshineError(CORRUPT, `${name}: ${(error as Error).message}`, { cause: error });
  }
  return value as ManifestRow;
}

/**
 * The manifest: what was made from what, for programs. It holds nothing that depends on the day or the machine, so that two
 * builds of the same things write the same bytes.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { ColorshineError, type PlanRow, quote } from '../../core/index.js';
import { writeWhole } from '../files/output.js';
import { ENGINE } from './engine-id.js';
import { hashBytes } from './job.js';
import { named } from './paths.js';
import type { OutputRecord } from './records.js';
import type { Shard } from './shard.js';

const MANIFEST_VERSION = 1;

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
  readonly attractors: readonly ManifestAttractor[];
}

export type ManifestAttractor = Omit<PlanRow, 'oklab' | 'center' | 'powerlessHue'>;

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
      attractors: report.plan.rows.map(({ oklab, center, powerlessHue, ...row }) => row),
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
 * Joins the manifests of all shards of a build.
 *
 * @param path absolute, of the whole manifest
 * @param build what the present configuration gives; shards of another one are refused
 * @throws INPUT_NOT_FOUND when one is missing, INVALID_CONFIG for shards that do not belong together
 */
export async function mergeManifests(path: string, build: string): Promise<{ manifest: Manifest; shards: number }> {
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
    const part = await readShard(shardManifestPath(path, { index, count: first.count }), build);
    sources.push(...part.sources);
  }
  sources.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { manifest: { version: MANIFEST_VERSION, engine: ENGINE, build, sources }, shards: first.count };
}

/**
 * A manifest that was written: of a shard, or of the whole build.
 *
 * @param build what the present configuration gives
 * @throws INPUT_NOT_FOUND, INPUT_CORRUPT, INVALID_CONFIG for one of another configuration or version
 */
export async function readShard(path: string, build: string): Promise<Manifest> {
  const name = named(path);
  let value: Partial<Manifest>;
  try {
    value = JSON.parse(await readFile(path, 'utf8')) as Partial<Manifest>;
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
  if (value.version !== MANIFEST_VERSION || !Array.isArray(value.sources)) {
    throw new ColorshineError(
      'INPUT_CORRUPT',
      `${name}: expected a manifest of version ${MANIFEST_VERSION}, got ${quote(value.version)}`,
    );
  }
  if (value.build !== build || value.engine !== ENGINE) {
    const what =
      value.engine === ENGINE ? 'another configuration or other inputs' : `another version (${quote(value.engine)})`;
    throw new ColorshineError(
      'INVALID_CONFIG',
      `${name}: expected a shard of this build, got one of ${what}; run it again`,
    );
  }
  return value as Manifest;
}

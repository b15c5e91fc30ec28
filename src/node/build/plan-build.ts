import { join, resolve } from 'node:path';
import type { Cancel } from '../../core/index.js';
import { formatFromPath } from '../image/format-names.js';
import { buildCacheFolder } from './cache-place.js';
import { checkTargets } from './check-targets.js';
import { type ExpandedConfig, expandConfig } from './expand-config.js';
import { type FileHashes, openFileHashes } from './file-hashes.js';
import { hashBytes, jobKey, type RecolorJob } from './job.js';
import { type LoadedConfig, loadConfig } from './load-config.js';
import { mapLimited } from './map-limited.js';
import { resolveInRoot, toPosix } from './paths.js';
import { planPools } from './pools.js';
import { type OutputRecord, openRecords, type RecordStore } from './records.js';
import type { Remote } from './remote.js';
import { isInShard, type Shard } from './shard.js';

/** Why an output is made, or that it is not. */
export type StepReason =
  | 'up to date'
  | 'new'
  | 'image changed'
  | 'recipe or token changed'
  | 'options changed'
  | 'radii changed'
  | 'version changed'
  | 'output missing'
  | 'output altered'
  | 'forced';

/** One output of a build and what is to be done about it. */
export interface BuildStep {
  readonly job: RecolorJob;
  readonly build: string;
  /** Undefined when the input cannot be read: making it will tell. */
  readonly key: string | undefined;
  readonly inputHash?: string;
  readonly reason: StepReason;
  /** Of the output as it lies there, when it is up to date. */
  readonly record?: OutputRecord;
  /** What was made last under this name, when it is remembered and something else is due. */
  readonly before?: OutputRecord;
}

/** An output that a configuration asks for. */
export interface ExpectedOutput {
  readonly job: RecolorJob;
  /** The name of its build. */
  readonly build: string;
}

/** A build, settled: nothing has been written yet. */
export interface BuildPlan {
  readonly loaded: LoadedConfig;
  /** Of this shard. */
  readonly steps: readonly BuildStep[];
  /** Every output of the configuration, also of other shards. */
  readonly expected: readonly ExpectedOutput[];
  readonly leftOut: readonly string[];
  /** Outputs of earlier builds of this configuration that it does not make any more; whole as they were written. */
  readonly stale: readonly OutputRecord[];
  /** Tells shards of one configuration from those of another: a hash of all jobs. */
  readonly id: string;
  /** The configuration's path from the root. */
  readonly configPath: string;
  readonly records: RecordStore;
  readonly hashes: FileHashes;
  readonly manifestPath: string;
  readonly snippetPaths: { readonly picture?: string; readonly css?: string };
}

export interface PlanOptions {
  readonly config?: string;
  readonly shard?: Shard;
  /** Makes everything again. */
  readonly force?: boolean;
  /** Remembers nothing of what it measures. */
  readonly readOnly?: boolean;
  /** Only what manifests need: nothing is hashed or measured, and there are no steps. */
  readonly outlineOnly?: boolean;
  readonly signal?: Cancel;
  /** Called before each image that a pooled build measures. */
  readonly onMeasure?: (input: string) => void;
  /** Measures pools in place of this process. */
  readonly remote?: Remote;
}

/**
 * Reads the configuration and finds out what has to be done.
 *
 * @throws ColorshineError for whatever would make the whole build wrong; a broken image is told when its turn comes
 */
export async function planBuild(options: PlanOptions = {}): Promise<BuildPlan> {
  const loaded = await loadConfig(options.config);
  const { config, root, base, sources } = loaded;
  const cache = buildCacheFolder(root);
  const records = openRecords(cache);
  const [recorded, hashes] = await Promise.all([records.readAll(), openFileHashes(cache, !options.force)]);
  const expanded = expandConfig(config, sources, { base, isOwnOutput: (path) => recorded.has(path) });
  const fromRoot = (path: string): string => join(base, path).replaceAll('\\', '/');
  const manifestPath = fromRoot(config.manifest);
  const snippetPaths = {
    ...(config.snippets?.picture !== undefined && { picture: fromRoot(config.snippets.picture) }),
    ...(config.snippets?.css !== undefined && { css: fromRoot(config.snippets.css) }),
  };
  await checkTargets(root, expanded.jobs, [manifestPath, ...Object.values(snippetPaths)]);

  const configPath = toPosix(join(base, loaded.path.slice(loaded.folder.length + 1)));
  const wanted = new Set(expanded.jobs.map(({ output }) => output));
  const place = { loaded, configPath, hashes };
  const outline = {
    ...place,
    expected: expanded.jobs.map((job, i) => ({ job, build: expanded.builds[i] as string })),
    leftOut: expanded.leftOut,
    stale: options.shard ? [] : await findWritten(place, recorded, (output) => !wanted.has(output)),
    id: hashBytes(JSON.stringify(expanded.jobs)),
    records,
    manifestPath,
    snippetPaths,
  };
  if (options.outlineOnly) return { ...outline, steps: [] };

  const hashOf = rememberHashes(root, hashes);
  const jobs = await planPools(shardPools(expanded, options.shard), {
    root,
    hashOf,
    cacheFolder: options.force ? undefined : cache,
    signal: options.signal,
    remote: options.remote,
    readOnly: options.readOnly,
    ...(options.onMeasure && { onInput: options.onMeasure }),
  });
  const { shard } = options;
  const mine = jobs
    .map((job, i) => ({ job, build: expanded.builds[i] as string }))
    .filter(({ job }) => !shard || isInShard(job.input, shard));
  const steps = await mapLimited(mine, ({ job, build }) =>
    planStep(job, build, recorded.get(job.output), root, hashOf, hashes, options.force === true),
  );
  return { ...outline, steps };
}

/** Pools that no job of the shard needs are not measured. */
function shardPools(expanded: ExpandedConfig, shard: Shard | undefined): ExpandedConfig {
  if (!shard) return expanded;
  const isMine = (at: number): boolean => isInShard((expanded.jobs[at] as RecolorJob).input, shard);
  return { ...expanded, pools: expanded.pools.filter(({ jobs }) => jobs.some(isMine)) };
}

/** Each input is hashed once, however many outputs it has. */
function rememberHashes(root: string, hashes: FileHashes): (input: string) => Promise<string> {
  const known = new Map<string, Promise<string>>();
  return (input) => {
    let hash = known.get(input);
    if (!hash) known.set(input, (hash = hashes.ofInput(resolve(root, input))));
    return hash;
  };
}

async function planStep(
  job: RecolorJob,
  build: string,
  record: OutputRecord | undefined,
  root: string,
  hashOf: (input: string) => Promise<string>,
  hashes: FileHashes,
  isForced: boolean,
): Promise<BuildStep> {
  const inputHash = await hashOf(job.input).catch(() => undefined);
  if (inputHash === undefined) return { job, build, key: undefined, reason: 'new' };
  const key = jobKey(job, inputHash);
  const settle = (reason: StepReason): BuildStep => ({
    ...{ job, build, key, inputHash, reason },
    ...(record && { before: record }),
  });
  if (isForced) return settle('forced');
  if (!record) return settle('new');
  if (record.key !== key) return settle(whatChanged(job, inputHash, record));
  const found = await hashes.ofOutput(resolve(root, job.output));
  if (found === undefined) return settle('output missing');
  if (found !== record.report.hash) return settle('output altered');
  return { job, build, key, inputHash, reason: 'up to date', record };
}

function whatChanged(job: RecolorJob, inputHash: string, { job: before, report }: OutputRecord): StepReason {
  if (job.engine !== before.engine) return 'version changed';
  if (report.inputHash !== inputHash) return 'image changed';
  const same = { engine: '', input: '', output: '', theme: '', version: 1, recipe: job.recipe } as const;
  if (jobKey({ ...same, recipe: before.recipe }, '') !== jobKey(same, '')) return 'recipe or token changed';
  return JSON.stringify(job.plan) === JSON.stringify(before.plan) ? 'options changed' : 'radii changed';
}

/** Outputs of a configuration that lie there whole, as they were written. */
export async function findWritten(
  { loaded, configPath, hashes }: Pick<BuildPlan, 'loaded' | 'configPath' | 'hashes'>,
  recorded: ReadonlyMap<string, OutputRecord>,
  isAsked: (output: string) => boolean,
): Promise<OutputRecord[]> {
  const written: OutputRecord[] = [];
  for (const [output, record] of recorded) {
    if (!isAsked(output) || record.config !== configPath || !formatFromPath(output)) continue;
    const path = await resolveInRoot(loaded.root, output, 'INVALID_CONFIG').catch(() => undefined);
    if (path !== undefined && (await hashes.ofOutput(path)) === record.report.hash) written.push(record);
  }
  return written.sort((a, b) => (a.job.output < b.job.output ? -1 : 1));
}

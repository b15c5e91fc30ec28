/** Flags of what works on a project: builds, and the workers that make their outputs. */
import { DEFAULT_MAX_PIXELS, MAX_PIXELS_RANGE } from '../image/large-pixels.js';
import { COMMON_FLAGS, CONCURRENCY_RANGE, SHINE_FLAGS } from './flags.js';
import { type Flag, type FlagValues, pickFlags } from './parse-flags.js';

/** Seconds that an attempt may take: as of the queue's tasks, whose module `--help` does not need. */
const TIMEOUT_RANGE_S = { min: 1, max: 86_400 } as const;

/** Builds and workers on a queue share it. */
const QUEUE_NAME_FLAG = {
  name: 'queue-name',
  kind: 'text',
  value: 'NAME',
  help: 'queue in Redis; one for each shared folder (default colorshine)',
} as const satisfies Flag;

export const QUEUE_FLAGS = [
  {
    name: 'queue',
    kind: 'text',
    value: 'URL',
    help: 'let workers make the outputs: redis://host:6379, or rediss:// with TLS',
  },
  QUEUE_NAME_FLAG,
  {
    name: 'retries',
    kind: 'number',
    range: { min: 0, max: 100 },
    value: 'N',
    help: 'further attempts of a job that failed, with --queue (default 2)',
  },
  {
    name: 'job-timeout',
    kind: 'number',
    range: TIMEOUT_RANGE_S,
    value: 'S',
    help: 'seconds that an attempt may take, with --queue (default 300)',
  },
] as const satisfies readonly Flag[];

export const WORKER_FLAGS = [
  { name: 'root', kind: 'text', value: 'DIR', help: 'the build’s folder as this machine sees it (default: here)' },
  QUEUE_NAME_FLAG,
  {
    name: 'concurrency',
    kind: 'number',
    range: CONCURRENCY_RANGE,
    value: 'N',
    help: 'images in work at once (default 2)',
  },
  {
    name: 'takeover',
    kind: 'number',
    range: { min: 1, max: 3600 },
    value: 'S',
    help: 'seconds without a sign of life after which a worker’s jobs go to others (default 15)',
  },
  {
    name: 'max-pixels',
    kind: 'number',
    range: MAX_PIXELS_RANGE,
    value: 'N',
    help: `refuse larger images, whatever a build allows (default ${DEFAULT_MAX_PIXELS})`,
  },
  {
    name: 'job-timeout',
    kind: 'number',
    range: TIMEOUT_RANGE_S,
    value: 'S',
    help: 'seconds that an attempt may take at most, whatever a build allows (default 300)',
  },
  ...COMMON_FLAGS,
] as const satisfies readonly Flag[];

export const BUILD_FLAGS = [
  {
    name: 'config',
    kind: 'text',
    short: 'c',
    value: 'FILE',
    help: 'configuration to build (default: colorshine.config.json)',
  },
  {
    name: 'watch',
    kind: 'boolean',
    short: 'w',
    help: 'build again whenever images, recipes, tokens or the config change',
  },
  ...pickFlags(SHINE_FLAGS, 'dry-run', 'fail-fast'),
  {
    name: 'check',
    kind: 'boolean',
    help: 'list outputs that are missing, stale or foreign, and exit with 1 if there are any; write nothing',
  },
  { name: 'force', kind: 'boolean', short: 'f', help: 'make every output again, whatever the cache says' },
  {
    name: 'concurrency',
    kind: 'number',
    range: CONCURRENCY_RANGE,
    value: 'N',
    help: 'images in work at once (default: one for each core, 2 to 8)',
  },
  {
    name: 'shard',
    kind: 'text',
    value: 'I/N',
    help: 'build one of N disjoint parts, so that N machines share the work',
  },
  ...QUEUE_FLAGS,
  { name: 'merge-manifests', kind: 'boolean', help: 'join the manifests of all shards; touches no image' },
  { name: 'prune', kind: 'boolean', help: 'delete outputs of earlier builds that are no longer made' },
  ...COMMON_FLAGS,
] as const satisfies readonly Flag[];

export type BuildValues = FlagValues<typeof BUILD_FLAGS>;
export type WorkerValues = FlagValues<typeof WORKER_FLAGS>;
export type QueueValues = FlagValues<typeof QUEUE_FLAGS>;

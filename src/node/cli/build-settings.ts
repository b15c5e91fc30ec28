import { type Cancel, ColorshineError } from '../../core/index.js';
import { DEFAULT_CONCURRENCY } from '../build/run-build.js';
import { parseShard, type Shard } from '../build/shard.js';
import { valueName } from './parse-flags.js';
import type { BuildValues } from './project-flags.js';
import { type QueueSettings, readQueueSettings } from './queue-options.js';

/** What the flags of `colorshine build` say. */
export interface BuildSettings {
  readonly config?: string;
  readonly shard?: Shard;
  readonly force: boolean;
  readonly failFast: boolean;
  readonly dryRun: boolean;
  readonly check: boolean;
  readonly prune: boolean;
  readonly merge: boolean;
  readonly concurrency: number;
  readonly showsProgress: boolean;
  readonly queue?: QueueSettings;
  readonly signal: Cancel;
}

/** @throws INVALID_OPTION for arguments, or flags that do not go together */
export function readBuildSettings(values: BuildValues, positionals: readonly string[], signal: Cancel): BuildSettings {
  const queue = readQueueSettings(values);
  if (positionals.length > 0) {
    throw new ColorshineError(
      'INVALID_OPTION',
      `build: expected no arguments, got "${positionals.join(' ')}"; images stand in the configuration (--config FILE)`,
    );
  }
  const alone: readonly [string, readonly string[]][] = [
    ['merge-manifests', ['watch', 'dry-run', 'shard', 'force', 'prune', 'queue']],
    ['watch', ['dry-run', 'shard']],
    ['prune', ['shard']],
    ['check', ['watch', 'dry-run', 'shard', 'force', 'prune', 'merge-manifests', 'queue']],
  ];
  const given = (name: string): unknown => values[valueName(name) as keyof BuildValues];
  for (const [name, others] of alone) {
    const other = given(name) && others.find((word) => given(word));
    if (other) throw new ColorshineError('INVALID_OPTION', `--${name}: expected no --${other} beside it, got both`);
  }
  const { config, shard, concurrency = DEFAULT_CONCURRENCY, quiet, json } = values;
  const { force = false, failFast = false, dryRun = false, check = false, prune = false } = values;
  return {
    ...{ config, force, failFast, dryRun, check, prune, concurrency, queue, signal },
    ...(shard !== undefined && { shard: parseShard(shard) }),
    merge: values.mergeManifests === true,
    showsProgress: !quiet && !json,
  };
}

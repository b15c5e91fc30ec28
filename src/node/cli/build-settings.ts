import { type Cancel, ColorshineError } from '../../core/index.js';
import { DEFAULT_CONCURRENCY } from '../build/run-build.js';
import { parseShard, type Shard } from '../build/shard.js';
import type { ParsedFlags } from './parse-flags.js';
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
export function readBuildSettings(flags: ParsedFlags, signal: Cancel): BuildSettings {
  const { values, positionals } = flags;
  const queue = readQueueSettings(flags);
  const on = (name: string): boolean => values.get(name) === true;
  if (positionals.length > 0) {
    throw new ColorshineError(
      'INVALID_OPTION',
      `build: expected no arguments, got "${positionals.join(' ')}"; images stand in the configuration (--config FILE)`,
    );
  }
  const shard = values.get('shard') as string | undefined;
  const alone: readonly [string, readonly string[]][] = [
    ['merge-manifests', ['watch', 'dry-run', 'shard', 'force', 'prune', 'queue']],
    ['watch', ['dry-run', 'shard']],
    ['prune', ['shard']],
    ['check', ['watch', 'dry-run', 'shard', 'force', 'prune', 'merge-manifests', 'queue']],
  ];
  for (const [name, others] of alone) {
    const other = on(name) && others.find((word) => values.get(word) !== undefined && values.get(word) !== false);
    if (other) throw new ColorshineError('INVALID_OPTION', `--${name}: expected no --${other} beside it, got both`);
  }
  return {
    ...(values.has('config') && { config: values.get('config') as string }),
    ...(shard !== undefined && { shard: parseShard(shard) }),
    force: on('force'),
    failFast: on('fail-fast'),
    dryRun: on('dry-run'),
    check: on('check'),
    prune: on('prune'),
    merge: on('merge-manifests'),
    concurrency: (values.get('concurrency') as number | undefined) ?? DEFAULT_CONCURRENCY,
    showsProgress: !on('quiet') && !on('json'),
    ...(queue && { queue }),
    signal,
  };
}

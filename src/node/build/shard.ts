import { ColorshineError, quote } from '../../core/index.js';
import { hashBytes } from './job.js';

/** One part of a build that several machines share. */
export interface Shard {
  /** 1 to `count`. */
  readonly index: number;
  readonly count: number;
}

const MAX_SHARDS = 1000;

/** Reads `2/4`. @throws INVALID_OPTION */
export function parseShard(text: string): Shard {
  const [, index, count] = /^(\d{1,4})\/(\d{1,4})$/.exec(text.trim()) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  if (shard.index >= 1 && shard.index <= shard.count && shard.count <= MAX_SHARDS) return shard;
  throw new ColorshineError(
    'INVALID_OPTION',
    `--shard: expected i/n such as 1/4, i from 1 to n, n up to ${MAX_SHARDS}, got ${quote(text)}`,
  );
}

/**
 * Whether an input belongs to a shard. By a hash of its path alone: adding an image moves no other one, and all outputs of
 * one image are made where it is decoded.
 */
export function isInShard(input: string, { index, count }: Shard): boolean {
  return Number.parseInt(hashBytes(input.normalize('NFC')).slice(0, 12), 16) % count === index - 1;
}

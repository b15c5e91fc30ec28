import { lstat, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Checks, checkOptions, text, whole } from '../core/check-options.js';
import { messageOf } from '../core/errors.js';
import type { Lut, LutRequest, LutStore } from '../core/index.js';
import { gridAxis } from '../core/lut/build.js';
import { lutFolder } from './cache-folder.js';
import { makeFolder } from './files/folder.js';
import { writeWhole } from './files/output.js';
import { decodeEntry, encodeEntry, maxEntryBytes, readEntryParts } from './lut-cache-file.js';
import { differences, isRadiusDifference, type KeyParts, keyOf, keyParts } from './lut-cache-key.js';

const DEFAULT_CACHE_BYTES = 256 * 1024 * 1024;
const ENTRY_NAME = /^[0-9a-f]{64}\.lut$/;
/** A miss is explained by the nearest of this many entries, the latest used ones. */
const EXPLAINED_ENTRIES = 64;

export interface LutCacheOptions {
  /** Default: see `lutFolder`. */
  readonly folder?: string;
  /** Upper bound of all entries together. Default 256 MiB. */
  readonly maxBytes?: number;
}

const CHECKS: Checks<LutCacheOptions> = { folder: text, maxBytes: whole({ min: 0, max: Number.MAX_SAFE_INTEGER }) };

/** A file of the cache. */
export interface LutCacheEntry {
  /** Absolute path of its file. */
  readonly path: string;
  /** Size of the file. */
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly lastUsed: number;
}

/** Lookup tables on disk, shared by all processes of a user. */
export interface LutCache extends LutStore {
  readonly folder: string;
  readonly maxBytes: number;
  /** Latest used first. */
  list(): Promise<LutCacheEntry[]>;
  /** Deletes every entry. @returns how many, and their bytes */
  clear(): Promise<{ entries: number; bytes: number }>;
}

/**
 * A cache that needs no locks: an entry is written under a temporary name and renamed, so that readers see all of it or
 * nothing, and two processes that build the same table write the same bytes. An entry that is not whole is deleted and
 * built again. A cache that cannot be read or written costs time, never the result.
 */
export function createLutCache(options: LutCacheOptions = {}): LutCache {
  checkOptions(options, CHECKS);
  const { folder = lutFolder(), maxBytes = DEFAULT_CACHE_BYTES } = options;
  // Images of a batch come one after the other with the same plan: the last table stays in memory.
  let last: { readonly key: string; readonly lut: Promise<Lut> } | undefined;

  async function fetch(request: LutRequest, build: () => Promise<Lut>): ReturnType<LutStore['fetch']> {
    const parts = keyParts(request);
    const key = keyOf(parts);
    const name = key.toString('hex');
    if (last?.key === name) {
      const lut = await last.lut.catch(() => undefined);
      if (lut) return { lut, hit: true, explanation: `entry ${name.slice(0, 8)} is in memory` };
    }
    let finish: Awaited<ReturnType<LutStore['fetch']>> | undefined;
    const work = (async () => {
      finish = await fetchFromDisk(name, key, parts, request, build);
      return finish.lut;
    })();
    last = { key: name, lut: work };
    await work;
    return finish as NonNullable<typeof finish>;
  }

  async function fetchFromDisk(
    name: string,
    key: Buffer,
    parts: KeyParts,
    { size, precision }: LutRequest,
    build: () => Promise<Lut>,
  ): ReturnType<LutStore['fetch']> {
    const path = join(folder, `${name}.lut`);
    const { nodes, damaged } = await readEntry(path, key, size ** 3 * 3);
    if (nodes) {
      const axis = gridAxis(size, precision);
      return { lut: { size, axes: [axis, axis, axis], nodes }, hit: true, explanation: `entry ${name.slice(0, 8)}` };
    }
    const why = damaged ? `entry ${name.slice(0, 8)} was damaged and is built anew` : await explainMiss(parts);
    const lut = await build();
    const trouble = await keep(path, encodeEntry(key, parts, lut.nodes));
    return { lut, hit: false, explanation: trouble ? `${why}; not kept: ${trouble}` : why };
  }

  async function explainMiss(parts: KeyParts): Promise<string> {
    const entries = await list();
    if (entries.length === 0) return 'the cache is empty';
    let nearest: string[] | undefined;
    for (const { path } of entries.slice(0, EXPLAINED_ENTRIES)) {
      const other = await readEntryParts(path);
      const found = other && differences(parts, other);
      if (found && found.length > 0 && (!nearest || found.length < nearest.length)) nearest = found;
    }
    if (!nearest) return 'no entry is like it';
    const what = `against the nearest entry: ${nearest.slice(0, 4).join(', ')}${nearest.length > 4 ? ', ...' : ''}`;
    return nearest.every(isRadiusDifference) ? `${what}; ${SAME_SETTINGS}` : what;
  }

  /** @returns what went wrong, in a few words */
  async function keep(path: string, bytes: Buffer): Promise<string | undefined> {
    if (bytes.length > maxBytes) return `larger than the cache's bound of ${maxBytes} bytes`;
    try {
      await makeFolder(folder, 0o700);
      // For the user's eyes only: a recipe may be confidential.
      await writeWhole(path, (temp) => writeFile(temp, bytes), 0o600);
      await evict(path);
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }

  /** Deletes the entries that have gone unused for longest until the rest fits. @param fresh is spared */
  async function evict(fresh: string): Promise<void> {
    const entries = await list();
    let total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { path, bytes } of entries.reverse()) {
      if (total <= maxBytes) return;
      if (path === fresh) continue;
      await rm(path, { force: true });
      total -= bytes;
    }
  }

  async function list(): Promise<LutCacheEntry[]> {
    const names = await readdir(folder).catch(() => []);
    const entries: LutCacheEntry[] = [];
    for (const name of names) {
      if (!ENTRY_NAME.test(name)) continue;
      const path = join(folder, name);
      // Another process may have deleted it meanwhile.
      const info = await lstat(path).catch(() => undefined);
      if (info?.isFile()) entries.push({ path, bytes: info.size, lastUsed: info.mtimeMs });
    }
    return entries.sort((p, q) => q.lastUsed - p.lastUsed || (p.path < q.path ? -1 : 1));
  }

  async function clear(): Promise<{ entries: number; bytes: number }> {
    const entries = await list();
    for (const { path } of entries) await rm(path, { force: true });
    return { entries: entries.length, bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0) };
  }

  return { folder, maxBytes, fetch, list, clear };
}

/** For who expects the second image to find the first one's table. */
const SAME_SETTINGS =
  'the settings are the same but a tolerance is a share of each image’s own pixels; radii measured once let images share one table: analyze(), --reference IMAGE or --pooled';

/** An entry's nodes; one that is not whole is deleted. */
async function readEntry(
  path: string,
  key: Buffer,
  count: number,
): Promise<{ nodes?: Float32Array; damaged: boolean }> {
  const info = await lstat(path).catch(() => undefined);
  if (!info) return { damaged: false };
  // A FIFO would hang, and neither a link nor a huge file is ours.
  const file =
    info.isFile() && info.size <= maxEntryBytes(count) ? await readFile(path).catch(() => undefined) : undefined;
  const nodes = file && decodeEntry(file, key, count);
  if (!nodes) {
    await rm(path, { force: true }).catch(() => undefined);
    return { damaged: true };
  }
  const now = new Date();
  await utimes(path, now, now).catch(() => undefined); // it was used now: see `evict`
  return { nodes, damaged: false };
}

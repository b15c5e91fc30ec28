/**
 * Content hashes of files, remembered by what the file system says about them, so that a build without changes reads
 * nothing. A file counts as unchanged when size, times and inode are the same, and when it was already old as it was hashed:
 * the clocks of file systems tick in up to two seconds.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkList } from '../../core/options.js';
import { hashFile } from '../files/hash-file.js';
import { statInput, unreadable } from '../files/input.js';
import { readSealed, writeSealed } from '../files/sealed.js';
import { HASH } from './job.js';
import { mapLimited } from './map-limited.js';

const INDEX_FILE = 'files.json';
const CLOCK_TICK_MS = 2000;
const ENTRIES_RANGE = { min: 0, max: 1_000_000 } as const;

type Entry = readonly [signature: string, hash: string, hashedAt: number];

export interface FileHashes {
  /** SHA-256 of an input. @throws INPUT_NOT_FOUND, INPUT_NOT_A_FILE, INPUT_UNREADABLE */
  ofInput(path: string): Promise<string>;
  /** SHA-256 of an output, undefined where there is no such file. */
  ofOutput(path: string): Promise<string | undefined>;
  /** Remembers for the next run; failures are swallowed. */
  save(): Promise<void>;
}

/** @param folder of the build's records; @param isTrusting false hashes every file anew */
export async function openFileHashes(folder: string, isTrusting = true): Promise<FileHashes> {
  const path = join(folder, INDEX_FILE);
  const known = isTrusting ? await readIndex(path) : new Map<string, Entry>();
  const found = new Map<string, Entry>();
  let isChanged = false;

  async function hash(file: string): Promise<string> {
    const before = await sign(file);
    const entry = known.get(file);
    if (before && entry && entry[0] === before.signature && before.changedAt + CLOCK_TICK_MS < entry[2]) {
      found.set(file, entry);
      return entry[1];
    }
    const value = await hashFile(file);
    if (before) {
      found.set(file, [before.signature, value, Date.now()]);
      isChanged = true;
    }
    return value;
  }

  return {
    async ofInput(file) {
      await statInput(file);
      return hash(file).catch((error: unknown) => {
        throw unreadable(file, error);
      });
    },
    async ofOutput(file) {
      try {
        return await hash(file);
      } catch {
        return undefined;
      }
    },
    async save() {
      if (!isChanged) return;
      const others = [...known].filter(([file]) => !found.has(file));
      // Another shard or configuration may want them still; what is gone is forgotten.
      const there = await mapLimited(others, async ([file]) => (await sign(file)) !== undefined);
      const kept = others.filter((_, i) => there[i]);
      await writeSealed(path, [...kept, ...found]).catch(() => undefined); // the next run reads the files again
    },
  };
}

async function sign(path: string): Promise<{ signature: string; changedAt: number } | undefined> {
  const info = await stat(path, { bigint: true }).catch(() => undefined);
  if (!info) return undefined;
  const { size, mtimeNs, ctimeNs, ino } = info;
  return {
    signature: [size, mtimeNs, ctimeNs, ino].join(' '),
    changedAt: Number((mtimeNs > ctimeNs ? mtimeNs : ctimeNs) / 1_000_000n),
  };
}

async function readIndex(path: string): Promise<Map<string, Entry>> {
  const items = await readSealed(path, (value) => checkList(value, 'index', ENTRIES_RANGE, 'INVALID_JOB'));
  return new Map((items ?? []).filter(isItem));
}

function isItem(item: unknown): item is [file: string, entry: Entry] {
  if (!Array.isArray(item) || item.length !== 2) return false;
  const [file, entry] = item as readonly unknown[];
  if (typeof file !== 'string' || !Array.isArray(entry) || entry.length !== 3) return false;
  const [signature, hash, hashedAt] = entry as readonly unknown[];
  return typeof signature === 'string' && typeof hash === 'string' && HASH.test(hash) && Number.isFinite(hashedAt);
}

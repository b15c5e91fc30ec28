/**
 * Content hashes of files, remembered by what the file system says about them, so that a build without changes reads
 * nothing. A file counts as unchanged when size, times and inode are the same, and when it was already old as it was hashed:
 * the clocks of file systems tick in up to two seconds.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../files/folder.js';
import { hashFile } from '../files/hash-file.js';
import { statInput, unreadable } from '../files/input.js';
import { replaceFile, seal, unseal } from './records.js';

const INDEX_FILE = 'files.json';
const CLOCK_TICK_MS = 2000;

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
      try {
        await makeFolder(folder, 0o700);
        await replaceFile(path, seal(JSON.stringify([...known, ...found])));
      } catch {
        // The next run reads the files again.
      }
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
  const value = unseal(await readFile(path, 'utf8').catch(() => ''));
  const index = new Map<string, Entry>();
  if (!Array.isArray(value)) return index;
  for (const item of value as readonly unknown[]) {
    if (!Array.isArray(item)) continue;
    const [file, entry] = item as [unknown, unknown];
    if (typeof file !== 'string' || !Array.isArray(entry)) continue;
    const [signature, hash, hashedAt] = entry as readonly unknown[];
    if (typeof signature === 'string' && typeof hash === 'string' && typeof hashedAt === 'number') {
      index.set(file, [signature, hash, hashedAt]);
    }
  }
  return index;
}

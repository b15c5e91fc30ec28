/**
 * Finished images on disk, found by the hash of all that decides their bytes. Each lies in a folder of its own under the name
 * that the bundler shall see, so that the asset's name in the bundle starts with the image's.
 */
import { readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashBytes } from '../build/job.js';
import { writeWhole } from '../files/output.js';

/** An entry that no build asked for in this time is deleted. */
const KEEP_DAYS = 30;
/** Hex digits of the key in a folder's name: 80 bits. */
const FOLDER_DIGITS = 20;
const ENTRY = 'entry.json';

export interface StoredImage {
  /** Absolute path. */
  readonly file: string;
  readonly format: string;
  readonly width: number;
  readonly height: number;
}

/** What `entry.json` holds. */
interface Entry {
  readonly version: 1;
  readonly key: string;
  readonly name: string;
  /** SHA-256 of the file. */
  readonly hash: string;
  readonly format: string;
  readonly width: number;
  readonly height: number;
}

/** @returns undefined when there is none, or when anything about it is not as it should be; it is then deleted */
export async function findStored(cacheDir: string, key: string): Promise<StoredImage | undefined> {
  const folder = folderOf(cacheDir, key);
  try {
    const entry = JSON.parse(await readFile(join(folder, ENTRY), 'utf8')) as Entry;
    const { name, hash, format, width, height } = entry;
    const file = join(folder, name);
    if (entry.version !== 1 || entry.key !== key || /[/\\]/.test(name)) throw new Error('another entry');
    if (hashBytes(await readFile(file)) !== hash) throw new Error('a damaged file');
    const now = new Date();
    await utimes(join(folder, ENTRY), now, now).catch(() => undefined); // a read-only cache serves as well
    return { file, format, width, height };
  } catch {
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    return undefined;
  }
}

/** @throws OUTPUT_UNWRITABLE */
export async function storeImage(
  cacheDir: string,
  key: string,
  name: string,
  bytes: Uint8Array,
  about: Pick<Entry, 'format' | 'width' | 'height'>,
): Promise<StoredImage> {
  const folder = folderOf(cacheDir, key);
  const file = join(folder, name);
  const { format, width, height } = about;
  const entry: Entry = { version: 1, key, name, hash: hashBytes(bytes), format, width, height };
  await writeWhole(file, (temp) => writeFile(temp, bytes));
  // Last: an entry stands for a whole file.
  await writeWhole(join(folder, ENTRY), (temp) => writeFile(temp, `${JSON.stringify(entry)}\n`));
  return { file, format, width, height };
}

/** Deletes what nobody asked for in a month. Errors are ignored: sweeping is a courtesy. */
export async function sweepStore(cacheDir: string): Promise<void> {
  const oldest = Date.now() - KEEP_DAYS * 24 * 60 * 60 * 1000;
  for (const name of await readdir(cacheDir).catch(() => [])) {
    if (!/^[0-9a-f]{20}$/.test(name)) continue;
    const info = await stat(join(cacheDir, name, ENTRY)).catch(() => undefined);
    if (info && info.mtimeMs < oldest) await rm(join(cacheDir, name), { recursive: true, force: true }).catch(() => {});
  }
}

function folderOf(cacheDir: string, key: string): string {
  return join(cacheDir, key.slice(0, FOLDER_DIGITS));
}

/**
 * Finished images on disk, found by the hash of all that decides their bytes. Each lies in a folder of its own under the name
 * that the bundler shall see, so that the asset's name in the bundle starts with the image's.
 */
import { readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ColorshineError } from '../../core/errors.js';
import { checkChoice, checkInteger, checkObject, checkText } from '../../core/options.js';
import { checkHash, SIDE_RANGE } from '../build/check-report.js';
import { hashBytes } from '../build/job.js';
import { hashFile } from '../files/hash-file.js';
import { writeWhole } from '../files/output.js';
import { readSealed, writeSealed } from '../files/sealed.js';
import { sweepOrphans } from '../files/temp.js';
import { formatFromPath } from '../image/format-names.js';
import { OUTPUT_FORMATS } from '../image/formats.js';

/** An entry that no build asked for in this time is deleted. */
const KEEP_DAYS = 30;
/** Hex digits of the key in a folder's name: 80 bits. */
const FOLDER_DIGITS = 20;
const ENTRY = 'entry.json';
const ENTRY_VERSION = 2;

export interface StoredImage {
  /** Absolute path. */
  readonly file: string;
  readonly format: string;
  readonly width: number;
  readonly height: number;
}

/** What `entry.json` holds. */
interface Entry extends Omit<StoredImage, 'file'> {
  readonly version: typeof ENTRY_VERSION;
  readonly key: string;
  readonly name: string;
  /** SHA-256 of the file. */
  readonly hash: string;
}

/**
 * Deletes nothing: what is not whole may be another process's, which is filling the folder, and whoever makes the image
 * replaces it file by file.
 *
 * @returns undefined when there is none, or when anything about it is not as it should be
 */
export async function findStored(cacheDir: string, key: string): Promise<StoredImage | undefined> {
  const folder = folderOf(cacheDir, key);
  const entry = await readSealed(join(folder, ENTRY), (value) => checkEntry(value, key));
  if (!entry) return undefined;
  const { name, hash, format, width, height } = entry;
  const file = join(folder, name);
  if ((await hashFile(file).catch(() => undefined)) !== hash) return undefined;
  const now = new Date();
  await utimes(join(folder, ENTRY), now, now).catch(() => undefined); // a read-only cache serves as well
  return { file, format, width, height };
}

/** @throws ColorshineError */
function checkEntry(value: unknown, key: string): Entry {
  const entry = checkObject(value, 'entry', ENTRY_KEYS, BAD);
  const name = checkText(entry.name, 'entry: name', /^[^/\\\0]+$/, 'a file name', BAD);
  if (entry.version !== ENTRY_VERSION || entry.key !== key || formatFromPath(name) === undefined) {
    throw new ColorshineError(BAD, `entry: expected an image of ${key}, got another file`);
  }
  return {
    version: ENTRY_VERSION,
    key,
    name,
    hash: checkHash(entry.hash, 'entry: hash', BAD),
    format: checkChoice(entry.format, 'entry: format', OUTPUT_FORMATS, BAD),
    width: checkInteger(entry.width, 'entry: width', SIDE_RANGE, BAD),
    height: checkInteger(entry.height, 'entry: height', SIDE_RANGE, BAD),
  };
}

const BAD = 'INVALID_JOB';
const ENTRY_KEYS = ['version', 'key', 'name', 'hash', 'format', 'width', 'height'] as const;

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
  const entry: Entry = { version: ENTRY_VERSION, key, name, hash: hashBytes(bytes), format, width, height };
  await writeWhole(file, (temp) => writeFile(temp, bytes));
  // Last: an entry stands for a whole file.
  await writeSealed(join(folder, ENTRY), entry).catch(() => undefined); // made again next time
  return { file, format, width, height };
}

/**
 * Deletes what nobody asked for in a month, what nobody finished in one, and temp files of processes that are gone. Errors are
 * ignored: sweeping is a courtesy.
 */
export async function sweepStore(cacheDir: string): Promise<void> {
  const oldest = Date.now() - KEEP_DAYS * 24 * 60 * 60 * 1000;
  for (const name of await readdir(cacheDir).catch(() => [])) {
    if (!/^[0-9a-f]{20}$/.test(name)) continue;
    const folder = join(cacheDir, name);
    const info = await stat(join(folder, ENTRY)).catch(() => stat(folder).catch(() => undefined));
    if (info && info.mtimeMs < oldest) await rm(folder, { recursive: true, force: true }).catch(() => {});
    else await sweepOrphans(folder);
  }
}

function folderOf(cacheDir: string, key: string): string {
  return join(cacheDir, key.slice(0, FOLDER_DIGITS));
}

/**
 * The one form of our caches' files: the SHA-256 of a JSON in hex, a line feed, the JSON. What does not fit is no file of ours.
 * The hash finds damage, it is no signature: who reads looks at every part of the value as well.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from './folder.js';
import { keepTemp, releaseTemp, reserveTemp } from './temp.js';

const HASH_DIGITS = 64;
/** The index of a build's files is the largest: some 200 bytes a file. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Replaces a file in one step, for its user's eyes only. No fsync: what a power cut mangles is found out by its hash. */
export async function writeSealed(path: string, value: unknown): Promise<void> {
  await makeFolder(dirname(path), 0o700);
  const temp = reserveTemp(dirname(path));
  try {
    const json = JSON.stringify(value);
    await writeFile(temp, `${hash(json)}\n${json}`);
    await rename(temp, path);
    keepTemp(temp);
  } catch (error) {
    await releaseTemp(temp);
    throw error;
  }
}

/**
 * @param check throws for what is not as it should be; what it returns is the answer
 * @returns undefined for whatever `writeSealed` has not written, or that is not whole; nothing is deleted
 */
export async function readSealed<T>(path: string, check: (value: unknown) => T): Promise<T | undefined> {
  let file: FileHandle | undefined;
  try {
    // A FIFO is opened without waiting for its other end, and is no file.
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const info = await file.stat();
    if (!info.isFile() || info.size > MAX_BYTES) return undefined;
    const text = await file.readFile('utf8');
    const json = text.slice(HASH_DIGITS + 1);
    if (text[HASH_DIGITS] !== '\n' || hash(json) !== text.slice(0, HASH_DIGITS)) return undefined;
    return check(JSON.parse(json));
  } catch {
    return undefined;
  } finally {
    await file?.close().catch(() => undefined);
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

import { access, constants, stat, statfs } from 'node:fs/promises';
import { ColorshineError } from '../../core/index.js';
import { tempTrouble } from '../files/temp-trouble.js';

/** Linux's number for a file system that lives in memory. */
const TMPFS_MAGIC = 0x01021994;
/** Left free beside the file, for whoever else writes there. */
const SPARE_BYTES = 64e6;

/**
 * Checks the disk before a large file is written.
 *
 * @param name how errors call the input
 * @returns what the user should know about the place, if anything
 * @throws DISK_FULL, OUTPUT_UNWRITABLE when the folder is none
 */
export async function checkFreeSpace(name: string, folder: string, bytes: number): Promise<string | undefined> {
  const { bavail, bsize, type } = await lookAt(folder).catch((cause: NodeJS.ErrnoException) => {
    throw tempTrouble(folder, cause);
  });
  const free = bavail * bsize;
  if (free < bytes + SPARE_BYTES) throw diskFull(name, folder, bytes + SPARE_BYTES, `${size(free)} free`);
  return type === TMPFS_MAGIC
    ? `the temporary file lies in ${folder}, which is in memory: choose a folder on a disk with TMPDIR, tempDir or --temp-dir`
    : undefined;
}

/** libvips would not say what is wrong: for it, a file that cannot be made is a picture that cannot be decoded. */
async function lookAt(folder: string) {
  if (!(await stat(folder)).isDirectory()) throw Object.assign(new Error('no folder'), { code: 'ENOTDIR' });
  await access(folder, constants.W_OK | constants.X_OK);
  return statfs(folder);
}

export function diskFull(name: string, folder: string, bytes: number, found: string, cause?: unknown): ColorshineError {
  return new ColorshineError(
    'DISK_FULL',
    `${name}: expected ${size(bytes)} free in ${folder} for a temporary file, got ${found}; choose another folder with TMPDIR, tempDir or --temp-dir`,
    { cause },
  );
}

function size(bytes: number): string {
  return bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(Math.ceil(bytes / 1e8) / 10).toFixed(1)} GB`;
}

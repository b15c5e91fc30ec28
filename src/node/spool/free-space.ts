import { statfs } from 'node:fs/promises';
import { ColorshineError } from '../../core/index.js';

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
  const { bavail, bsize, type } = await statfs(folder).catch((cause: NodeJS.ErrnoException) => {
    throw new ColorshineError(
      'OUTPUT_UNWRITABLE',
      `${folder}: expected a folder for temporary files, got ${cause.code === 'ENOENT' ? 'none of that name' : (cause.code ?? cause.message)}; choose one with TMPDIR or --temp-dir`,
      { cause },
    );
  });
  const free = bavail * bsize;
  if (free < bytes + SPARE_BYTES) throw diskFull(name, folder, bytes + SPARE_BYTES, `${size(free)} free`);
  return type === TMPFS_MAGIC
    ? `the temporary file lies in ${folder}, which is in memory: choose a folder on a disk with TMPDIR or --temp-dir`
    : undefined;
}

export function diskFull(name: string, folder: string, bytes: number, found: string, cause?: unknown): ColorshineError {
  return new ColorshineError(
    'DISK_FULL',
    `${name}: expected ${size(bytes)} free in ${folder} for a temporary file, got ${found}; choose another folder with TMPDIR or --temp-dir`,
    { cause },
  );
}

function size(bytes: number): string {
  return bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(Math.ceil(bytes / 1e8) / 10).toFixed(1)} GB`;
}

import { dirname } from 'node:path';
import { ColorshineError } from '../../core/index.js';
import { isOutOfFiles, OUT_OF_FILES } from './input.js';

const TROUBLES: Readonly<Record<string, string>> = {
  ENOENT: 'none of that name',
  ENOTDIR: 'a file',
  EACCES: 'no permission to write there',
  EROFS: 'a read-only file system',
  ENOSPC: 'a full disk',
};

/** Says which folder for temporary files cannot be used, and why. @returns OUTPUT_UNWRITABLE, DISK_FULL */
export function tempTrouble(folder: string, cause: NodeJS.ErrnoException): ColorshineError {
  const found = isOutOfFiles(cause) ? OUT_OF_FILES : (TROUBLES[cause.code ?? ''] ?? cause.code ?? cause.message);
  return new ColorshineError(
    cause.code === 'ENOSPC' ? 'DISK_FULL' : 'OUTPUT_UNWRITABLE',
    `${folder}: expected a folder for temporary files, got ${found}; choose one with TMPDIR, tempDir or --temp-dir`,
    { cause },
  );
}

/** Does work on a temporary file; what the system refuses is then said of its folder, not of the output. */
export async function onTempFile<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { syscall } = error as NodeJS.ErrnoException;
    throw syscall === undefined ? error : tempTrouble(dirname(path), error as NodeJS.ErrnoException);
  }
}

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/** SHA-256 of a file, read piece by piece. @returns 64 hex digits. @throws what reading throws; also for what is no file */
export async function hashFile(path: string): Promise<string> {
  if (!(await stat(path)).isFile()) throw new Error(`${path}: no file`); // opening a FIFO would hang
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpoolFile } from './spool-file.js';

/**
 * How far the encoder has read a spool, as a share: it says nothing itself, but Linux shows where its file descriptor stands.
 *
 * @returns undefined on other systems, and where the file is mapped rather than read
 */
export async function readPosition({ path, file, bytes }: SpoolFile): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  for (const fd of await readdir('/proc/self/fd')) {
    if (Number(fd) === file.fd) continue;
    const target = await readlink(join('/proc/self/fd', fd)).catch(() => undefined);
    if (target === undefined || !target.endsWith(path)) continue;
    const info = await readFile(join('/proc/self/fdinfo', fd), 'utf8').catch(() => '');
    const [, position] = /^pos:\s+(\d+)$/m.exec(info) ?? [];
    if (position) return Math.min(1, Number(position) / bytes);
  }
  return undefined;
}

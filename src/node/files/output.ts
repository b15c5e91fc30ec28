import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, lstat, open, realpath, rename, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ColorshineError } from '../../core/index.js';
import { makeFolder } from './folder.js';
import { isOutOfFiles, kindOf, OUT_OF_FILES } from './input.js';
import { keepTemp, releaseTemp, reserveScratch, reserveTemp, sweepOrphans } from './temp.js';

/** Of a new file, less what the umask takes. */
const NEW_FILE_MODE = 0o666;
const PERMISSION_BITS = 0o777;

const sweptFolders = new Set<string>();

/** Links in these lead to what a process has open, such as /dev/stdout. */
const SYSTEM_FOLDERS = /^\/(dev|proc)\//;

/**
 * Writes a file so that its name never stands for half a file: temp file in the same folder, fsync, rename. A file that is
 * replaced keeps its permissions; where the name is a link, the link stays and the file that it leads to is replaced. A device
 * or a FIFO, such as /dev/null or a shell's `>(command)`, is written to and stays what it is.
 *
 * @param fill writes the temp file at the path it gets; the file is there, empty
 * @param mode of a file that is new; default: what the umask leaves
 * @throws OUTPUT_UNWRITABLE; an existing file is then as it was
 */
export async function writeWhole(
  path: string,
  fill: (tempPath: string) => Promise<void>,
  mode = NEW_FILE_MODE & ~process.umask(),
): Promise<void> {
  let temp: string | undefined;
  try {
    const there = await lookAt(path);
    if (there === 'stream') return await writeInto(path, fill);
    if (typeof there === 'string') throw notWritable(path, there);
    const target = there?.target ?? path;
    const folder = dirname(target);
    await makeFolder(folder);
    for (const each of [folder, tmpdir()].filter((one) => !sweptFolders.has(one))) {
      sweptFolders.add(each);
      await sweepOrphans(each);
    }
    temp = reserveTemp(folder);
    await fill(temp);
    // A disk without permissions refuses; what is left is the user's alone.
    await chmod(temp, there?.mode ?? mode).catch(() => undefined);
    await flush(temp);
    await rename(temp, target);
    keepTemp(temp);
  } catch (error) {
    if (temp) await releaseTemp(temp);
    throw unwritable(path, error);
  }
}

/** A file that is to be replaced. */
interface Present {
  /** Links followed. */
  readonly target: string;
  readonly mode: number;
}

/** What lies where a file is to be: nothing, a file, a stream, or a word for what cannot be written to. */
async function lookAt(path: string): Promise<Present | string | undefined> {
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => error.code);
  if (info === 'ENAMETOOLONG') return 'a name that is too long for it';
  if (typeof info !== 'object') {
    const link = await lstat(path).catch(() => undefined);
    return link?.isSymbolicLink() ? 'a link that leads nowhere' : undefined;
  }
  if (info.isDirectory()) return 'a folder of that name';
  if (info.isCharacterDevice() || info.isFIFO()) return 'stream';
  if (!info.isFile()) return kindOf(info);
  const isSystemLink = SYSTEM_FOLDERS.test(resolve(path)) && (await lstat(path)).isSymbolicLink();
  return isSystemLink ? 'stream' : { target: await realpath(path), mode: info.mode & PERMISSION_BITS };
}

/** Renaming would put a file in the place of the device. */
async function writeInto(path: string, fill: (tempPath: string) => Promise<void>): Promise<void> {
  const temp = reserveScratch();
  try {
    await fill(temp);
    await pipeline(createReadStream(temp), createWriteStream(path));
  } finally {
    await releaseTemp(temp);
  }
}

/** The same for all paths that lead to one file, also through links; undefined for a missing one. */
export async function fileKey(path: string): Promise<string | undefined> {
  const info = await stat(path, { bigint: true }).catch(() => undefined);
  return info && `${info.dev}:${info.ino}`;
}

/** True when both paths lead to the same file. A missing file equals nothing. */
export async function isSameFile(a: string, b: string): Promise<boolean> {
  const [p, q] = await Promise.all([fileKey(a), fileKey(b)]);
  return p !== undefined && p === q;
}

/**
 * @param hint how it may after all, in the words of who asks
 * @throws OUTPUT_IS_INPUT when both are one file, also through links
 */
export async function refuseInput(output: string, input: string, hint = '; force: true allows it'): Promise<void> {
  if (await isSameFile(input, output)) throw refusal(output, hint);
}

/** The error of an output that would replace an input. @param hint how it may after all; `''` where it may not */
export function refusal(output: string, hint: string): ColorshineError {
  const message = `${output}: expected an output other than the input, got the same file${hint}`;
  return new ColorshineError('OUTPUT_IS_INPUT', message);
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function unwritable(path: string, error: unknown): unknown {
  if (error instanceof ColorshineError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  // libvips reports a full disk or a missing right in words of its own.
  const text = `${code ?? ''} ${message}`;
  const reason = /ENOSPC|no space left/i.test(text)
    ? 'a full disk'
    : /EACCES|EPERM|EROFS|permission denied|read-only/i.test(text)
      ? 'no permission to write there'
      : /EISDIR/.test(text)
        ? 'a folder of that name'
        : /ENOTDIR|EEXIST/.test(text)
          ? 'a file where a folder should be'
          : /ENOENT|no such file/i.test(text)
            ? 'a folder that cannot be made'
            : isOutOfFiles(text)
              ? OUT_OF_FILES
              : undefined;
  return reason ? notWritable(path, reason, error) : error;
}

function notWritable(path: string, reason: string, cause?: unknown): ColorshineError {
  return new ColorshineError('OUTPUT_UNWRITABLE', `${path}: expected a place to write to, got ${reason}`, { cause });
}

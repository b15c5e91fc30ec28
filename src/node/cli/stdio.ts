import { fstatSync, writeSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { ColorshineError } from '../../core/index.js';
import { readStream } from '../files/input.js';
import { writeWhole } from '../files/output.js';
import { STDIO } from './batch.js';
import { printJson } from './say.js';

/** How messages call it. */
export const STDIN_NAME = 'standard input';

/** @throws INPUT_UNREADABLE on a terminal, where nothing will come; INPUT_UNSUPPORTED, INPUT_TOO_LARGE */
export async function readStdin(): Promise<Buffer> {
  if (process.stdin.isTTY) {
    throw new ColorshineError('INPUT_UNREADABLE', 'standard input: expected an image, got a terminal');
  }
  return readStream(process.stdin, STDIN_NAME);
}

/**
 * Writes an image to a file, or to standard output for `-`.
 *
 * @param make is called when it is clear that there is a place for it
 * @throws INVALID_OPTION on a terminal, which image bytes would wreck; OUTPUT_UNWRITABLE
 */
export async function writeOutput(output: string, make: () => Promise<Uint8Array>): Promise<void> {
  if (output !== STDIO) return writeWhole(output, async (temp) => writeFile(temp, await make()));
  if (process.stdout.isTTY) {
    throw new ColorshineError('INVALID_OPTION', '-o: expected a file or a redirected standard output, got a terminal');
  }
  await printWhole(await make());
}

/**
 * Writes all of it to standard output. Where that is a file, Node's own stream writes once and does not look how much of it
 * found room.
 *
 * @throws OUTPUT_UNWRITABLE
 */
export async function printWhole(data: Uint8Array): Promise<void> {
  const { fd } = process.stdout;
  if (fstatSync(fd).isFile()) {
    try {
      for (let done = 0; done < data.length; ) done += writeSync(fd, data, done);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const reason = code === 'ENOSPC' ? 'a full disk' : code;
      const message = `standard output: expected a place to write to, got ${reason}`;
      throw new ColorshineError('OUTPUT_UNWRITABLE', message, { cause: error });
    }
    return;
  }
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(data, (error) => (error ? reject(unread(error)) : resolve()));
  });
}

/** A reader that has seen enough of some lines is no trouble; one that goes away before the end of an image is. */
function unread(cause: Error): ColorshineError {
  const message = 'standard output: expected a reader to its end, got one that went away';
  return new ColorshineError('OUTPUT_UNWRITABLE', message, { cause });
}

/**
 * One object a line, for programs.
 *
 * @param isImageOnStdout the object then goes to standard error
 */
export function writeJson(value: object, isImageOnStdout = false): void {
  printJson(value, isImageOnStdout ? process.stderr : process.stdout);
}

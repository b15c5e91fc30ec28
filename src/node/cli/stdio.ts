import { ColorshineError } from '../../core/index.js';

/** How messages call it. */
export const STDIN_NAME = 'standard input';

/** @throws INPUT_UNREADABLE on a terminal, where nothing will come */
export async function readStdin(): Promise<Buffer> {
  if (process.stdin.isTTY) {
    throw new ColorshineError('INPUT_UNREADABLE', 'standard input: expected an image, got a terminal');
  }
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** @throws INVALID_OPTION on a terminal, which image bytes would wreck */
export async function writeStdout(data: Buffer): Promise<void> {
  if (process.stdout.isTTY) {
    throw new ColorshineError('INVALID_OPTION', '-o: expected a file or a redirected standard output, got a terminal');
  }
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(data, (error) => (error ? reject(error) : resolve()));
  });
}

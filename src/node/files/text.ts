import { createReadStream } from 'node:fs';
import { ColorshineError } from '../../core/index.js';

/** Of recipes, plans, tokens and configurations; what is larger is another file, or a device without end. */
export const MAX_TEXT_BYTES = 64 * 1024 * 1024;

/**
 * The text of a file: UTF-8, or UTF-16 where a byte order mark says so. The mark is not part of it. What is amiss becomes U+FFFD.
 *
 * @throws INPUT_TOO_LARGE, and the system's error
 */
export async function readText(path: string, maxBytes = MAX_TEXT_BYTES): Promise<string> {
  const chunks: Buffer[] = [];
  // One byte more than there may be tells that there are more; nobody waits for the end of /dev/zero.
  for await (const chunk of createReadStream(path, { end: maxBytes })) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  if (bytes.length > maxBytes) {
    throw new ColorshineError('INPUT_TOO_LARGE', `${path}: expected a text of at most ${maxBytes} bytes, got more`);
  }
  const mark = bytes.length < 2 ? 0 : bytes.readUInt16BE(0);
  const encoding = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

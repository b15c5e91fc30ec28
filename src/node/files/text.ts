import { readFile } from 'node:fs/promises';

/** The text of a file: UTF-8, or UTF-16 where a byte order mark says so. The mark is not part of it. What is amiss becomes U+FFFD. */
export async function readText(path: string): Promise<string> {
  const bytes = await readFile(path);
  const mark = bytes.length < 2 ? 0 : bytes.readUInt16BE(0);
  const encoding = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

/** A kind of text, or of bytes, that comes from outside, and who reads it. */
export interface Reader {
  readonly kind: string;
  /** Whole ones; what they are broken from. */
  readonly makeSeeds: () => Promise<readonly (string | Uint8Array)[]> | readonly (string | Uint8Array)[];
  /** @param folder an empty one, for what is read from the disk. @throws an error of ours, or the reader has a fault */
  readonly read: (bytes: Buffer, folder: string) => unknown;
}

/** Of caches, stored settings and plugin data: what cannot be read is as if it were not there. */
export async function readsAnything(read: () => unknown): Promise<void> {
  try {
    await read();
  } catch (error) {
    throw new Error(`expected it to be ignored, got ${(error as Error).stack}`);
  }
}

export function expectThat(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(`expected ${what}`);
}

/** What is no JSON is a matter of who reads the text. @returns null for it */
export function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return null;
  }
}

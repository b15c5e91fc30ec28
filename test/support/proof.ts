/**
 * Answers for all 2^24 colors that have been compared with a reference once, known again by their hash: to compute the
 * reference takes up to a minute a recipe. scripts/make-exactness.ts compares and writes the fixture; where a hash is another one, the
 * test compares anew.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { build } from 'esbuild';
import type { Known } from './conformance.js';

export const PROOF_FILE = 'test/fixtures/exactness.json';

/** What the comparison found, and the hash of what was compared. */
export interface Finding extends Known {
  /** Hash of the answers to every 61st color; of js alone. */
  readonly thinned?: string;
}

/** Code that answers are compared with; another one may give other colors, so that nothing is proven by it. */
export const REFERENCES = { pull: 'src/core/pull.ts', js: 'src/backends/js/pull-bytes.ts' } as const;
export type Reference = keyof typeof REFERENCES;

export interface Proof {
  readonly about: string;
  /** Hashes of the references' code. */
  readonly references: Readonly<Record<Reference, string>>;
  /** By reference, then by backend and case. */
  readonly findings: Readonly<Record<Reference, Readonly<Record<string, Finding>>>>;
}

export const hashOf = (data: Uint8Array | string): string =>
  createHash('sha256').update(data).digest('hex').slice(0, 32);

/** Hash of a reference's code with all that it uses, without comments. Short names would depend on code that is not used, too. */
export async function hashCode(reference: Reference): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [REFERENCES[reference]],
    bundle: true,
    minifySyntax: true,
    minifyWhitespace: true,
    format: 'esm',
    write: false,
    logLevel: 'error',
  });
  return hashOf(outputFiles[0]?.text ?? '');
}

/** What has been found against a reference as it is now, by backend and case. */
export async function readFindings(reference: Reference): Promise<Readonly<Record<string, Finding>>> {
  const { references, findings } = JSON.parse(await readFile(PROOF_FILE, 'utf8')) as Proof;
  if (references[reference] === (await hashCode(reference))) return findings[reference];
  console.warn(`${REFERENCES[reference]} has changed: all colors are compared anew; see npm run exactness`);
  return {};
}

/**
 * Answers for all 2^24 colors, compared with a reference once by scripts/make-exactness.ts, which takes up to a minute a recipe and
 * backend, and writes the fixture with hashes of the code that it ran. A test sees that the code is still that. wasm, which gives the same
 * everywhere, is asked for all colors by every path in every test run besides, and known by the hash of its answers.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { kernelPlugin } from '../../scripts/build/kernel-source.mjs';
import type { Known } from './conformance.js';

export const PROOF_FILE = 'test/fixtures/exactness.json';

/** Code whose answers were compared: the definition, js, and what wasm and the GPU modes compute with. Another one may give other colors. */
export const CODE = {
  pull: ['src/core/pull.ts'],
  js: ['src/backends/js/pull-bytes.ts'],
  wasm: ['src/backends/wasm/kernels.generated.ts', 'src/backends/wasm/parameters.ts'],
  gpu: ['parameters.ts', 'pull.kernel.js?source', 'verify.ts', 'webgl2-tile.ts', 'webgpu-tile.ts'].map(
    (name) => `src/backends/gpu/${name}`,
  ),
} as const;
export type Code = keyof typeof CODE;
/** What was compared with: js with `pull`, every other backend with js. */
export type Reference = 'pull' | 'js';

export interface Proof {
  readonly about: string;
  /** Hashes of the code. */
  readonly code: Readonly<Partial<Record<Code, string>>>;
  /** What the comparisons found, and the hash of what was compared: by reference, then by backend and case. */
  readonly findings: Readonly<Record<Reference, Readonly<Record<string, Known>>>>;
}

export const readProof = async (): Promise<Proof> => JSON.parse(await readFile(PROOF_FILE, 'utf8'));

export const hashOf = (data: Uint8Array | string): string =>
  createHash('sha256').update(data).digest('hex').slice(0, 32);

/** Hash of code with all that it uses, without comments. Short names would depend on code that is not used, too. */
export async function hashCode(code: Code): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [...CODE[code]],
    outdir: '.',
    bundle: true,
    minifySyntax: true,
    minifyWhitespace: true,
    format: 'esm',
    write: false,
    logLevel: 'error',
    plugins: [kernelPlugin()],
  });
  return hashOf(outputFiles.map(({ text }) => text).join(''));
}

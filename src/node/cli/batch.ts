import { existsSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { ColorshineError } from '../../core/index.js';
import { refuseInput } from '../files/output.js';
import { OUTPUT_EXTENSIONS, type OutputFormat } from '../image/format-names.js';

/** Standard input as an input, standard output as an output. */
export const STDIO = '-';

export interface BatchOptions {
  readonly output?: string;
  readonly outDir?: string;
  readonly format?: OutputFormat;
  readonly force: boolean;
  readonly clobber: boolean;
}

/** One image of a batch, decided before any is touched. */
export interface BatchItem {
  readonly input: string;
  readonly output: string;
  readonly action: 'write' | 'replace' | 'skip';
  /** Why it is skipped. */
  readonly reason?: string;
}

/**
 * Expands globs and settles every output before anything is written.
 *
 * @throws INVALID_OPTION, OUTPUT_COLLISION, OUTPUT_IS_INPUT, INPUT_NOT_FOUND for a glob without a match
 */
export async function planBatch(patterns: readonly string[], options: BatchOptions): Promise<BatchItem[]> {
  const inputs = await expandInputs(patterns);
  if (options.output !== undefined && inputs.length > 1) {
    throw new ColorshineError(
      'INVALID_OPTION',
      `--output-image: expected one input, got ${inputs.length}; use --out-dir`,
    );
  }
  if (options.output !== undefined && options.outDir !== undefined) {
    throw new ColorshineError('INVALID_OPTION', '--output-image: expected no --out-dir beside it, got both');
  }
  const drafts = inputs.map((input) => ({ input, output: outputFor(input, options) }));
  const ownOutputs = new Map(drafts.map(({ input, output }) => [pathKey(output), input]));
  const items: BatchItem[] = [];
  for (const { input, output } of drafts) {
    const maker = ownOutputs.get(pathKey(input));
    if (maker !== undefined && maker !== input && options.outDir === undefined && !options.force) {
      items.push({ input, output, action: 'skip', reason: `it is the output of ${maker}` });
      continue;
    }
    items.push(await decide(input, output, options));
  }
  checkCollisions(items);
  return items;
}

async function decide(input: string, output: string, { force, clobber }: BatchOptions): Promise<BatchItem> {
  if (output === STDIO || !existsSync(output)) return { input, output, action: 'write' };
  if (input !== STDIO && !force) await refuseInput(output, input);
  return clobber
    ? { input, output, action: 'replace' }
    : { input, output, action: 'skip', reason: 'the output exists' };
}

async function expandInputs(patterns: readonly string[]): Promise<string[]> {
  const inputs: string[] = [];
  for (const pattern of patterns) {
    if (pattern === '') throw new ColorshineError('INVALID_OPTION', 'INPUT: expected an image file, got ""');
    if (pattern === STDIO || existsSync(pattern) || !/[*?[\]{}!]/.test(pattern)) {
      inputs.push(pattern);
      continue;
    }
    const { glob } = await import('tinyglobby');
    const found = await glob([pattern], { expandDirectories: false, dot: false });
    if (found.length === 0) {
      throw new ColorshineError('INPUT_NOT_FOUND', `${pattern}: expected a pattern that matches files, got no match`);
    }
    inputs.push(...found.sort());
  }
  if (inputs.length === 0)
    throw new ColorshineError('INVALID_OPTION', 'INPUT: expected at least one image file, got 0');
  return [...new Map(inputs.map((input) => [input === STDIO ? input : resolve(input), input])).values()];
}

function outputFor(input: string, { output, outDir, format }: BatchOptions): string {
  if (output !== undefined) return output;
  if (input === STDIO) {
    if (outDir === undefined) return STDIO;
    throw new ColorshineError('INVALID_OPTION', '--out-dir: expected named inputs, got standard input; use -o');
  }
  const extension = extname(input);
  const name = basename(input, extension);
  const isHeic = /^\.(heic|heif)$/i.test(extension);
  const newExtension = format ? keepSpelling(extension, format) : isHeic ? '.avif' : extension;
  return outDir === undefined
    ? join(dirname(input), `${name}_colorshine${newExtension}`)
    : join(outDir, `${name}${newExtension}`);
}

/** `.jpeg` stays `.jpeg` when the format stays JPEG. */
function keepSpelling(extension: string, format: OutputFormat): string {
  const same: Partial<Record<OutputFormat, RegExp>> = { jpeg: /^\.(jpe?g|jpe|jfif)$/i, tiff: /^\.tiff?$/i };
  return same[format]?.test(extension) ? extension : `.${OUTPUT_EXTENSIONS[format]}`;
}

/** Two outputs that some file system takes for one: by letter case or Unicode form. */
function checkCollisions(items: readonly BatchItem[]): void {
  const seen = new Map<string, string>();
  for (const { input, output, action } of items) {
    if (action === 'skip' || output === STDIO) continue;
    const key = pathKey(output);
    const other = seen.get(key);
    if (other !== undefined) {
      throw new ColorshineError(
        'OUTPUT_COLLISION',
        `${output}: expected one input for each output, got ${other} and ${input}`,
      );
    }
    seen.set(key, input);
  }
}

function pathKey(path: string): string {
  return resolve(path).normalize('NFC').toLowerCase();
}

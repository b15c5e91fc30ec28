import { existsSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { ColorshineError } from '../../core/index.js';
import { isInside, pathKey, toPosix } from '../build/paths.js';
import { findFiles, isPattern } from '../files/glob.js';
import { refuseInput } from '../files/output.js';
import { INPUT_WORDS, OUTPUT_EXTENSIONS, type OutputFormat } from '../image/format-names.js';

/** Standard input as an input, standard output as an output. */
export const STDIO = '-';
/** How an input may be replaced. */
export const FORCE_HINT = '; use --force to replace it';

export interface BatchOptions {
  readonly output?: string;
  readonly outDir?: string;
  readonly format?: OutputFormat;
  /** Default false. */
  readonly force?: boolean;
  /** Default true. */
  readonly clobber?: boolean;
  /** Folders among the inputs stand for the images below them, not only for those in them. Default false. */
  readonly recursive?: boolean;
}

/** One image of a batch, decided before any is touched. */
export interface BatchItem {
  readonly input: string;
  readonly output: string;
  readonly action: 'write' | 'replace' | 'skip' | 'refuse';
  /** Why it is skipped or refused. */
  readonly reason?: string;
}

/** Whether there is work to do for it. */
export function isWanted({ action }: BatchItem): boolean {
  return action === 'write' || action === 'replace';
}

/** Fails for an image that cannot be made, in its turn. @throws INPUT_NOT_A_FILE */
export function checkItem({ input, action, reason }: BatchItem): void {
  if (action === 'refuse') throw new ColorshineError('INPUT_NOT_A_FILE', `${input}: ${reason}`);
}

interface Input {
  readonly path: string;
  /** Its folder below the one that was given; `''` for a file that was given itself. */
  readonly below: string;
}

/**
 * Expands patterns and folders, and settles every output before anything is written.
 *
 * @throws INVALID_OPTION, OUTPUT_COLLISION, OUTPUT_IS_INPUT, INPUT_NOT_FOUND for a pattern or a folder without images
 */
export async function planBatch(patterns: readonly string[], options: BatchOptions): Promise<BatchItem[]> {
  const inputs = await expandInputs(patterns, options);
  if (options.output !== undefined && inputs.length > 1) {
    throw new ColorshineError(
      'INVALID_OPTION',
      `--output-image: expected one input, got ${inputs.length}; use --out-dir`,
    );
  }
  if (options.output !== undefined && options.outDir !== undefined) {
    throw new ColorshineError('INVALID_OPTION', '--output-image: expected no --out-dir beside it, got both');
  }
  const drafts = inputs.map((input) => ({ input: input.path, output: outputFor(input, options) }));
  const ownOutputs = new Map(drafts.map(({ input, output }) => [pathKey(resolve(output)), input]));
  const items: BatchItem[] = [];
  for (const { input, output } of drafts) {
    const maker = ownOutputs.get(pathKey(resolve(input)));
    if (maker !== undefined && maker !== input && options.outDir === undefined && !options.force) {
      items.push({ input, output, action: 'skip', reason: `it is the output of ${maker}` });
      continue;
    }
    items.push(await decide(input, output, options));
  }
  checkCollisions(items);
  return items;
}

async function decide(input: string, output: string, { force, clobber = true }: BatchOptions): Promise<BatchItem> {
  // A folder that nothing says where to put the images of.
  if (isFolder(input)) {
    return { input, output, action: 'refuse', reason: 'expected --out-dir DIR for the images of a folder, got none' };
  }
  if (output === STDIO || !existsSync(output)) return { input, output, action: 'write' };
  if (input !== STDIO && !force) await refuseInput(output, input, FORCE_HINT);
  return clobber
    ? { input, output, action: 'replace' }
    : { input, output, action: 'skip', reason: 'the output exists' };
}

async function expandInputs(patterns: readonly string[], options: BatchOptions): Promise<Input[]> {
  const inputs: Input[] = [];
  for (const pattern of patterns) {
    if (pattern === '') throw new ColorshineError('INVALID_OPTION', 'INPUT: expected an image file, got ""');
    if (pattern !== STDIO && options.outDir !== undefined && isFolder(pattern)) {
      inputs.push(...(await listImages(pattern, options.outDir, options.recursive)));
    } else if (pattern === STDIO || !isPattern(pattern)) {
      inputs.push({ path: pattern, below: '' });
    } else {
      const found = await findFiles(pattern);
      if (found.length === 0) {
        throw new ColorshineError('INPUT_NOT_FOUND', `${pattern}: expected a pattern that matches files, got no match`);
      }
      inputs.push(...found.map((path) => ({ path, below: '' })));
    }
  }
  if (inputs.length === 0)
    throw new ColorshineError('INVALID_OPTION', 'INPUT: expected at least one image file, got 0');
  return [...new Map(inputs.map((input) => [input.path === STDIO ? STDIO : resolve(input.path), input])).values()];
}

/** The images of a folder by their names, without hidden ones and without those of earlier runs in `outDir`. */
async function listImages(folder: string, outDir: string, recursive = false): Promise<Input[]> {
  const own = toPosix(relative(folder, outDir));
  const hasOwn = own !== '' && isInside(folder, outDir);
  const ignore = ['**/node_modules/**', ...(hasOwn ? [`${own}/**`] : [])];
  const found = await findFiles(recursive ? '**' : '*', { cwd: folder, ignore });
  const images = found.filter((name) => INPUT_WORDS.includes(extname(name).slice(1).toLowerCase()));
  if (images.length > 0) return images.map((name) => ({ path: join(folder, name), below: dirname(name) }));
  const hint = recursive ? '' : '; --recursive looks into its folders';
  throw new ColorshineError('INPUT_NOT_FOUND', `${folder}: expected images in the folder, found none${hint}`);
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

function outputFor({ path: input, below }: Input, { output, outDir, format }: BatchOptions): string {
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
    : join(outDir, below, `${name}${newExtension}`);
}

/** `.jpeg` stays `.jpeg` when the format stays JPEG. */
function keepSpelling(extension: string, format: OutputFormat): string {
  const same: Partial<Record<OutputFormat, RegExp>> = { jpeg: /^\.(jpe?g|jpe|jfif)$/i, tiff: /^\.tiff?$/i };
  return same[format]?.test(extension) ? extension : `.${OUTPUT_EXTENSIONS[format]}`;
}

/** Two outputs that some file system takes for one: by letter case or Unicode form. */
function checkCollisions(items: readonly BatchItem[]): void {
  const seen = new Map<string, string>();
  for (const item of items) {
    const { input, output } = item;
    if (!isWanted(item) || output === STDIO) continue;
    const key = pathKey(resolve(output));
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

/**
 * READ FIRST. One output of a build as plain JSON with everything resolved, so that any machine can make it: no token
 * references, no globs, no defaults that could differ.
 */
import { createHash } from 'node:crypto';
import {
  ColorshineError,
  checkPlan,
  type ErrorCode,
  makeRecipe,
  type Plan,
  quote,
  type Recipe,
  type RecipeInput,
} from '../../core/index.js';
import { checkChoice, checkInteger, checkObject, checkText } from '../../core/options.js';
import { kindOf } from '../../core/row/kind.js';
import { formatRow } from '../../core/row/parse.js';
import { type OutputFormat, QUALITY_RANGE } from '../image/format-names.js';
import { OUTPUT_FORMATS } from '../image/formats.js';
import { lookOfReading, READING_KEYS, type Reading, readingOf } from '../image/reading-options.js';
import { ENGINE } from './engine-id.js';

/** Version of the job format. A job of another one is refused. */
const JOB_VERSION = 1;
/** Pixels a side; more than any format but PNG and TIFF holds. */
export const SIZE_RANGE = { min: 1, max: 65535 } as const;

/** A box that the picture, as it is seen, is shrunk into. Never enlarges. At least one side is given. */
export interface JobSize {
  readonly width?: number;
  readonly height?: number;
}

export interface RecolorJob extends Reading {
  /** Version of the format of jobs. */
  readonly version: typeof JOB_VERSION;
  /** What must compute it, `ENGINE`: another version could give other bytes. */
  readonly engine: string;
  /** Path of the image from the build's root, with forward slashes, inside the root. */
  readonly input: string;
  /** Path of what is made of it, likewise. */
  readonly output: string;
  /** `default` where the build names none. */
  readonly theme: string;
  /** Its colors are CSS colors: tokens are resolved. */
  readonly recipe: Recipe;
  /** Radii frozen elsewhere (a plan file, a pooled build); else they are measured on the input. */
  readonly plan?: Plan;
  /** Default: the input's own; HEIC becomes AVIF. */
  readonly format?: OutputFormat;
  /** Default: the input's. */
  readonly size?: JobSize;
  /** 1 to 100 for lossy formats. Default: as `recolorFile`. */
  readonly quality?: number;
}

/** What a job is made of; what is undefined is left out of its JSON. */
export interface JobParts extends Pick<RecolorJob, 'input' | 'output' | 'theme' | 'recipe'> {
  readonly reading?: Reading;
  readonly plan?: Plan | undefined;
  readonly format?: OutputFormat | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly quality?: number | undefined;
}

/** The one maker of jobs: equal parts give equal JSON, and with it equal keys, whoever asks. */
export function makeJob({ plan, format, width, height, quality, reading, ...named }: JobParts): RecolorJob {
  return {
    version: JOB_VERSION,
    engine: ENGINE,
    ...named,
    ...(plan && { plan }),
    ...(format && { format }),
    ...((width !== undefined || height !== undefined) && {
      size: { ...(width !== undefined && { width }), ...(height !== undefined && { height }) },
    }),
    ...(quality !== undefined && { quality }),
    ...reading,
  };
}

const JOB_KEYS = [
  ...['version', 'engine', 'input', 'output', 'theme', 'recipe', 'plan', 'format', 'size', 'quality'],
  ...READING_KEYS,
] as const;

/** `hashBytes` in writing. */
export const HASH = /^[0-9a-f]{64}$/;
/** No file system has longer ones; a path is used in many messages. */
const MAX_PATH_LENGTH = 4096;
const MAX_WORD_LENGTH = 256;

/**
 * A path from the build's root as jobs and manifests hold it: forward slashes, and by its letters inside the root. Where links
 * lead is seen where it is used, by `resolveInRoot`.
 *
 * @throws the code
 */
export function checkRootPath(value: unknown, name: string, code: ErrorCode): string {
  const path = checkText(value, name, /^[^\0]+$/, 'a path', code);
  const isInRoot = !/^([/\\]|[a-z]:[/\\])/i.test(path) && !path.split('/').some((part) => part === '..' || part === '');
  if (isInRoot && path.length <= MAX_PATH_LENGTH) return path;
  throw new ColorshineError(code, `${name}: expected a path inside the build's root, got ${quote(path)}`);
}

/** The name of a theme or a build. @throws the code */
export function checkWord(value: unknown, name: string, code: ErrorCode): string {
  const word = checkText(value, name, /^[^\0]+$/, 'text', code);
  if (word.length <= MAX_WORD_LENGTH) return word;
  throw new ColorshineError(code, `${name}: expected at most ${MAX_WORD_LENGTH} characters, got ${word.length}`);
}

/**
 * Checks a job that came from outside, such as a queue or a cache. Where links lead is checked where its paths are used.
 *
 * @throws INVALID_JOB, INVALID_RECIPE, INVALID_PLAN, INVALID_OPTION
 */
export function checkJob(value: unknown): RecolorJob {
  const job = checkObject(value, 'job', JOB_KEYS, 'INVALID_JOB') as unknown as RecolorJob;
  if (job.version !== JOB_VERSION) throw invalid('version', String(JOB_VERSION), job.version);
  for (const key of ['engine', 'theme'] as const) checkWord(job[key], `job: ${key}`, 'INVALID_JOB');
  for (const key of ['input', 'output'] as const) checkRootPath(job[key], `job: ${key}`, 'INVALID_JOB');
  if (job.format !== undefined) checkChoice(job.format, 'job: format', OUTPUT_FORMATS, 'INVALID_JOB');
  if (job.size !== undefined) {
    const { width, height } = checkObject(job.size, 'job: size', ['width', 'height'], 'INVALID_JOB');
    if (width === undefined && height === undefined) throw invalid('size', 'a width or a height', job.size);
    for (const side of [width, height]) if (side !== undefined) checkInteger(side, 'job: size', SIZE_RANGE);
  }
  if (job.quality !== undefined) checkInteger(job.quality, 'job: quality', QUALITY_RANGE);
  readingOf(job, 'job: ');
  const recipe = makeRecipe(job.recipe as RecipeInput);
  return { ...job, recipe, ...(job.plan !== undefined && { plan: checkPlan(job.plan) }) };
}

/** @throws INVALID_JOB when this machine would not give the bytes that the job's maker expects */
export function checkEngine({ engine }: RecolorJob): void {
  if (engine === ENGINE) return;
  throw new ColorshineError(
    'INVALID_JOB',
    `job: engine: expected this machine's (${ENGINE}), got a job for ${quote(engine)}; install the same versions on both`,
  );
}

/**
 * Names a job's bytes: SHA-256 over all that decides them. Where input and output lie, the theme's and the recipe's name
 * do not.
 *
 * @param inputHash `hashBytes` of the input file
 * @returns 64 hex digits
 */
export function jobKey(
  { engine, recipe, plan, format, size, quality, ...reading }: RecolorJob,
  inputHash: string,
): string {
  const look = lookOfReading(reading);
  const canonical = [
    JOB_VERSION,
    engine,
    inputHash,
    canonicalRecipe(recipe),
    plan ? canonicalPlan(plan) : null,
    [format ?? null, size?.width ?? null, size?.height ?? null, quality ?? null],
    ...(look ? [look] : []),
  ];
  return hashBytes(JSON.stringify(canonical));
}

/** SHA-256. @returns 64 hex digits */
export function hashBytes(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** True for a plan of that very recipe, whatever its radii, and whichever reach a row got for `auto`. */
export function isPlanOf(plan: Plan, recipe: Recipe): boolean {
  const active = recipe.rows.filter(({ enabled }) => enabled !== false);
  const rows = plan.rows.map((row, i) => (active[i]?.reach === 'auto' ? { ...row, reach: 'auto' as const } : row));
  return JSON.stringify(canonicalRecipe({ ...plan, rows })) === JSON.stringify(canonicalRecipe(recipe));
}

/** Recipes that version 1 could say have its keys, so that an output keeps its name. */
function canonicalRecipe({ rows, channels: { luminance, saturation, hue }, blend }: Recipe | Plan) {
  const active = rows
    .filter(({ enabled }) => enabled !== false)
    .map((row) =>
      kindOf(row) === 'attractor' && row.reach === undefined
        ? [row.color, row.tolerance, row.strength]
        : [formatRow(row)],
    );
  return [[luminance, saturation, hue], active, ...(blend === 'oklch' ? [] : [blend])];
}

function canonicalPlan(plan: Plan) {
  const rows = plan.rows.map(({ oklab, powerlessHue, radius, center = [] }) => [
    ...oklab,
    powerlessHue,
    radius,
    ...center,
  ]);
  return [plan.gamut, canonicalRecipe(plan), rows];
}

function invalid(key: string, expected: string, given: unknown): ColorshineError {
  return new ColorshineError('INVALID_JOB', `job: ${key}: expected ${expected}, got ${quote(given)}`);
}

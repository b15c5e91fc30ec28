import { posix } from 'node:path';
import { anything, callback, checkOptions } from '../../core/check-options.js';
import { ColorshineError, type Plan, quote, type Recipe } from '../../core/index.js';
import { isPlan, recipeOf } from '../../core/plan-file.js';
import { colorsOf, resolveRecipe, type TokenSet } from '../../tokens/index.js';
import { formatForOutput, formatFromPath, OUTPUT_EXTENSIONS, type OutputFormat } from '../image/format-names.js';
import type { Reading } from '../image/reading-options.js';
import { type BuildConfig, type BuildEntry, SAME_FORMAT, type SizeEntry, type ThemeEntry } from './config-shape.js';
import { makeJob, type RecolorJob } from './job.js';
import { checkCollisions, leaveOutOwn } from './output-names.js';

export interface InputFile {
  /** From the root, with forward slashes. */
  readonly path: string;
  /** Its folder from the fixed part of its glob, `''` when it lies there: what {dir} stands for. */
  readonly dir: string;
}

/** What a build's configuration names, read. */
export interface BuildSources {
  /** Sorted by path. */
  readonly files: readonly InputFile[];
  /** Of the build's token files, read; undefined where it names none. */
  readonly tokens?: TokenSet;
  /** One for each theme, in their order; token references not yet resolved. */
  readonly recipes: readonly (Recipe | Plan)[];
}

export interface ExpandOptions {
  /** Folder of the configuration from the root, with forward slashes; `''` when it is the root. */
  readonly base?: string;
  /**
   * True for a path that an earlier build wrote: such a file may match the inputs and is left out of them. Default: none.
   */
  readonly isOwnOutput?: (path: string) => boolean;
}

/** Jobs that take their radii from all their inputs together. */
export interface Pool {
  /** What is measured on the inputs together. */
  readonly recipe: Recipe;
  /** Paths from the root, sorted. */
  readonly inputs: readonly string[];
  /** How the inputs are read. */
  readonly reading: Reading;
  /** Indexes into `jobs`. */
  readonly jobs: readonly number[];
}

export interface ExpandedConfig {
  /** In the order of builds, inputs, themes, sizes, formats. Those of pools have no plan yet. */
  readonly jobs: readonly RecolorJob[];
  /** Jobs that share their radii; none unless a build is `pooled`. */
  readonly pools: readonly Pool[];
  /** Which build each job belongs to, beside `jobs`. */
  readonly builds: readonly string[];
  /** Files that match the inputs but were made by an earlier build. */
  readonly leftOut: readonly string[];
}

/**
 * Settles every output before anything is written: a configuration and what it names become jobs. Pure.
 *
 * @param sources one for each of `config.builds`
 * @throws INVALID_CONFIG for a template that cannot tell its outputs apart, UNKNOWN_TOKEN, UNKNOWN_THEME;
 *   OUTPUT_COLLISION, also by letter case or Unicode form; OUTPUT_IS_INPUT
 */
export function expandConfig(
  config: BuildConfig,
  sources: readonly BuildSources[],
  options: ExpandOptions = {},
): ExpandedConfig {
  checkOptions(options, { base: anything, isOwnOutput: callback });
  const { base = '', isOwnOutput = () => false } = options;
  const looks = config.builds.map((build, i) => resolveLooks(config, build, sources[i] as BuildSources));
  for (const build of config.builds) checkTemplate(config, build);
  const drafts = config.builds.flatMap((build, i) =>
    expandBuild(build, (sources[i] as BuildSources).files, looks[i] as readonly Look[], base),
  );
  const { kept, leftOut } = leaveOutOwn(drafts, isOwnOutput);
  checkCollisions(kept);
  return {
    jobs: kept.map(({ job }) => job),
    pools: collectPools(kept),
    builds: kept.map(({ build }) => build.name),
    leftOut,
  };
}

interface Look {
  readonly theme: ThemeEntry;
  readonly recipe: Recipe;
  readonly plan?: Plan;
}

interface Draft {
  readonly job: RecolorJob;
  readonly build: BuildEntry;
}

const TOKENS_ADVICE = 'list token files under "tokens"';

function resolveLooks(config: BuildConfig, build: BuildEntry, { recipes, tokens }: BuildSources): Look[] {
  return build.themes.map((theme, i) => {
    const place = `${config.file}: ${placeOf(config, build)}theme ${quote(theme.name)}`;
    try {
      if (theme.theme !== undefined && tokens) colorsOf(tokens, theme.theme); // a misspelled theme is told even where no token is used
      if (theme.theme !== undefined && !tokens && !theme.recipe) {
        throw new ColorshineError(
          'INVALID_CONFIG',
          'expected "tokens" files that have it, or a "recipe" of its own, got neither',
        );
      }
      const recipe = recipes[i] as Recipe | Plan;
      if (!isPlan(recipe)) return { theme, recipe: resolveRecipe(recipe, tokens, theme.theme, TOKENS_ADVICE) };
      if (build.pooled) {
        throw new ColorshineError(
          'INVALID_CONFIG',
          'expected a recipe to measure for "pooled", got a plan with frozen radii',
        );
      }
      return { theme, recipe: recipeOf(recipe), plan: recipe };
    } catch (error) {
      if (!(error instanceof ColorshineError)) throw error;
      const message = error.message.replace(/^theme: /, '');
      throw new ColorshineError(error.code, `${place}: ${message}`, { cause: error });
    }
  });
}

function expandBuild(build: BuildEntry, files: readonly InputFile[], looks: readonly Look[], base: string): Draft[] {
  return files.flatMap((file) =>
    looks.flatMap((look) =>
      build.sizes.flatMap((size) =>
        build.formats.map((format) => ({ build, job: jobFor(build, file, look, size, format, base) })),
      ),
    ),
  );
}

function jobFor(
  build: BuildEntry,
  file: InputFile,
  { theme, recipe, plan }: Look,
  size: SizeEntry,
  asked: OutputFormat | undefined,
  base: string,
): RecolorJob {
  const extension = asked ? OUTPUT_EXTENSIONS[asked] : sameExtension(file.path);
  const words: Record<string, string> = {
    dir: file.dir,
    name: posix.basename(file.path, posix.extname(file.path)),
    theme: theme.name,
    size: size.name,
    format: asked ?? SAME_FORMAT,
    ext: extension,
    build: build.name,
  };
  const filled = build.out.replaceAll('\\', '/').replaceAll(/\{(\w+)\}/g, (_, word: string) => words[word] as string);
  const output = posix.join(base, filled);
  const format = asked ?? formatForOutput(output, file.path);
  const { width, height } = size;
  const quality = format && build.quality[format];
  const { reading } = build;
  return makeJob({
    input: file.path,
    output,
    theme: theme.name,
    recipe,
    plan,
    format,
    width,
    height,
    quality,
    reading,
  });
}

/** The input's extension as it is spelled; HEIC, which cannot be written, becomes AVIF. */
function sameExtension(path: string): string {
  const extension = posix.extname(path).slice(1);
  return /^(heic|heif)$/i.test(extension) ? 'avif' : extension;
}

/** Says which placeholder is missing, before the collisions that it would cause. */
function checkTemplate(config: BuildConfig, build: BuildEntry): void {
  const { out, themes, sizes, formats } = build;
  const needs = [
    { what: 'themes', count: themes.length, by: ['{theme}'] },
    { what: 'sizes', count: sizes.length, by: ['{size}'] },
    { what: 'formats', count: formats.length, by: ['{ext}', '{format}'] },
  ];
  const place = `${config.file}: ${placeOf(config, build)}out`;
  for (const { what, count, by } of needs) {
    if (count < 2 || by.some((word) => out.includes(word))) continue;
    throw new ColorshineError(
      'INVALID_CONFIG',
      `${place}: expected ${by[0]} in it for ${count} ${what}, got ${quote(out)}`,
    );
  }
  const fixed = formatFromPath(out);
  const other = fixed && formats.find((format) => format !== undefined && format !== fixed);
  if (other)
    throw new ColorshineError(
      'INVALID_CONFIG',
      `${place}: expected {ext} at its end for the format ${other}, got ${quote(out)}`,
    );
}

function collectPools(drafts: readonly Draft[]): Pool[] {
  const pools = new Map<string, { build: BuildEntry; recipe: Recipe; inputs: Set<string>; jobs: number[] }>();
  for (const [i, { job, build }] of drafts.entries()) {
    if (!build.pooled) continue;
    const id = JSON.stringify([build.name, job.recipe]);
    const pool = pools.get(id) ?? { build, recipe: job.recipe, inputs: new Set<string>(), jobs: [] };
    pools.set(id, pool);
    pool.inputs.add(job.input);
    pool.jobs.push(i);
  }
  return [...pools.values()].map(({ build: { reading }, recipe, inputs, jobs }) => ({
    recipe,
    inputs: [...inputs].sort(),
    reading,
    jobs,
  }));
}

/** `build "hero": `, or nothing where there is only one. */
function placeOf({ builds }: BuildConfig, { name }: BuildEntry): string {
  return builds.length > 1 ? `build ${quote(name)}: ` : '';
}

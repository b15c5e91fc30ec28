// Straight from the modules: the core's index loads culori, which --help does not need.
import { ColorshineError, quote } from '../../core/errors.js';
import {
  BACKENDS,
  BLENDS,
  DEFAULT_LUT_SIZE,
  HOW_FAR_RANGE,
  INTERPOLATIONS,
  LUT_SIZE_RANGE,
  parseDecimal,
  STRATEGIES,
  THREADS_RANGE,
} from '../../core/options.js';
import { formatFromName, OUTPUT_EXTENSIONS, type OutputFormat, QUALITY_RANGE } from '../image/format-names.js';
import { DEFAULT_MAX_PIXELS, MAX_PIXELS_RANGE } from '../image/large-pixels.js';
import { FAIL_ON, PROFILES } from '../image/reading-options.js';
import { DEFAULT_SPOOL_ABOVE, TILE_RANGE } from '../spool/options.js';
import { type Flag, type FlagValues, pickFlags } from './parse-flags.js';

const LUT_NODES = `${LUT_SIZE_RANGE.min} to ${LUT_SIZE_RANGE.max}`;

/** Images in work at once. */
export const CONCURRENCY_RANGE = { min: 1, max: 64 } as const;

export const COMMON_FLAGS = [
  { name: 'verbose', kind: 'boolean', short: 'v', help: 'say what is done, with sizes, radii and times' },
  { name: 'quiet', kind: 'boolean', short: 'q', help: 'say nothing but errors' },
  { name: 'json', kind: 'boolean', help: 'one JSON object a line on standard output' },
  { name: 'help', kind: 'boolean', short: 'h', help: 'show this help' },
] as const satisfies readonly Flag[];

const TOKEN_FLAGS = [
  {
    name: 'tokens',
    kind: 'text',
    value: 'FILE',
    repeats: true,
    help: 'design tokens for {color.brand.primary}; repeat it, or list files with commas',
  },
  { name: 'theme', kind: 'text', value: 'NAME', help: 'theme or mode of the tokens (default: the first)' },
] as const satisfies readonly Flag[];

const RECIPE_FLAGS = [
  { name: 'luminance', kind: 'boolean', defaultsOn: true, help: 'leave lightness alone' },
  { name: 'saturation', kind: 'boolean', defaultsOn: true, help: 'leave chroma alone' },
  { name: 'hue', kind: 'boolean', defaultsOn: true, help: 'leave hue alone' },
  { name: 'recipe', kind: 'text', value: 'FILE', help: 'read rows, channels and blend from a recipe or plan (JSON)' },
  {
    name: 'blend',
    kind: 'text',
    value: 'SPACE',
    choices: BLENDS,
    help: 'how attractors blend: oklch, or straight through grey with oklab (default oklch)',
  },
  ...TOKEN_FLAGS,
  {
    name: 'max-pixels',
    kind: 'number',
    range: MAX_PIXELS_RANGE,
    value: 'N',
    help: `refuse larger images, all pages counted (default ${DEFAULT_MAX_PIXELS})`,
  },
  {
    name: 'fail-on',
    kind: 'text',
    value: 'W',
    choices: FAIL_ON,
    help: `flaws that refuse a file: ${FAIL_ON.join(', ')} (default: damage, not what browsers pass over)`,
  },
] as const satisfies readonly Flag[];

export const SHINE_FLAGS = [
  {
    name: 'output-image',
    kind: 'text',
    short: 'o',
    aliases: ['output'],
    value: 'FILE',
    help: 'output file, or - for standard output (one input)',
  },
  { name: 'out-dir', kind: 'text', value: 'DIR', help: 'folder for the outputs, under the inputs’ names' },
  { name: 'recursive', kind: 'boolean', short: 'r', help: 'take the images of folders and of all folders in them' },
  {
    name: 'format',
    kind: 'text',
    value: 'F',
    read: readFormat,
    help: `output format: ${Object.keys(OUTPUT_EXTENSIONS).join(', ')} (default: the input’s)`,
  },
  {
    name: 'quality',
    kind: 'number',
    range: QUALITY_RANGE,
    value: 'N',
    help: 'quality of lossy formats, 1 to 100 (default: that of a JPEG or WebP input)',
  },
  ...RECIPE_FLAGS,
  {
    name: 'profile',
    kind: 'text',
    value: 'P',
    choices: PROFILES,
    help: `color space to recolor and write in: ${PROFILES.join(', ')} (default: sRGB or Display P3, as the input)`,
  },
  { name: 'strip', kind: 'boolean', help: 'leave metadata out, for the web; colors and orientation stay right' },
  { name: 'save-recipe', kind: 'text', value: 'FILE', help: 'write the recipe of this command line as JSON' },
  { name: 'force', kind: 'boolean', short: 'f', help: 'allow an output to replace an input' },
  { name: 'clobber', kind: 'boolean', defaultsOn: true, help: 'skip images whose output exists' },
  { name: 'dry-run', kind: 'boolean', short: 'n', help: 'show what would be written, write nothing' },
  { name: 'fail-fast', kind: 'boolean', help: 'stop at the first image that fails' },
  {
    name: 'concurrency',
    kind: 'number',
    range: CONCURRENCY_RANGE,
    value: 'N',
    help: 'images in work at once (default: threads + 2, at most 16)',
  },
  {
    name: 'threads',
    kind: 'number',
    range: THREADS_RANGE,
    value: 'N',
    help: 'threads an image may use (default: all cores)',
  },
  {
    name: 'backend',
    kind: 'text',
    value: 'B',
    choices: BACKENDS,
    help: `where colors are computed: ${BACKENDS.join(', ')}`,
  },
  {
    name: 'strategy',
    kind: 'text',
    value: 'S',
    choices: STRATEGIES,
    help: `how they reach the pixels: ${STRATEGIES.join(', ')}`,
  },
  { name: 'gpu', kind: 'boolean', help: 'let a GPU compete too; says why where there is none' },
  {
    name: 'lut-size',
    kind: 'number',
    range: { min: 0, max: LUT_SIZE_RANGE.max },
    value: 'N',
    help: `interpolate in a 3D lookup table of N nodes an axis, ${LUT_NODES}; approximate (0: none)`,
  },
  {
    name: 'approximate',
    kind: 'boolean',
    help: 'let the choice take a lookup table where it expects that to be faster',
  },
  { name: 'explain', kind: 'boolean', help: 'print how backend and strategy were chosen, and the numbers behind it' },
  {
    name: 'interpolation',
    kind: 'text',
    value: 'I',
    choices: INTERPOLATIONS,
    help: `between the nodes of the table: ${INTERPOLATIONS.join(', ')}`,
  },
  { name: 'reference', kind: 'text', value: 'IMAGE', help: 'measure the radii on this image, for all inputs' },
  { name: 'pooled', kind: 'boolean', help: 'measure the radii on all inputs together: one plan for the batch' },
  { name: 'cache', kind: 'boolean', defaultsOn: true, help: 'build lookup tables anew, keep none' },
  {
    name: 'tile-size',
    kind: 'number',
    range: TILE_RANGE,
    value: 'N',
    help: 'rows in work at once of an image that goes through a file; the result is the same',
  },
  {
    name: 'spool-above',
    kind: 'number',
    range: { min: 0, max: Number.MAX_SAFE_INTEGER },
    value: 'N',
    help: `recolor images of more pixels in a file on disk, in little memory (default ${DEFAULT_SPOOL_ABOVE})`,
  },
  { name: 'temp-dir', kind: 'text', value: 'DIR', help: 'folder of that file (default: TMPDIR)' },
  { name: 'fused-kernel', kind: 'boolean', help: 'compute every pixel in one pass: the direct strategy' },
  {
    name: 'hierarchical',
    kind: 'boolean',
    aliases: ['fast-hierar'],
    help: 'measure the radii on a shrunken copy: sooner, but not exact; --verbose says how far off',
  },
  { name: 'preview', kind: 'text', value: 'FILE', help: 'write a small recolored copy at once (one input)' },
  {
    name: 'fast-spatial',
    kind: 'boolean',
    aliases: ['spatial-accel'],
    help: 'accepted for imgcolorshine; the census does its work',
  },
  ...COMMON_FLAGS,
] as const satisfies readonly Flag[];

export const DOCTOR_FLAGS = pickFlags(COMMON_FLAGS, 'json', 'help');

export const CACHE_FLAGS = DOCTOR_FLAGS;

export const LUT_FLAGS = [
  ...pickFlags(
    SHINE_FLAGS,
    ...(['threads', 'tile-size', 'spool-above', 'temp-dir', 'output-image', 'out-dir', 'recursive', 'format'] as const),
    ...(['quality', 'strip', 'force', 'clobber', 'backend', 'gpu', 'interpolation'] as const),
  ),
  ...RECIPE_FLAGS,
  {
    name: 'size',
    kind: 'number',
    range: LUT_SIZE_RANGE,
    aliases: ['lut-size'],
    value: 'N',
    help: `export: nodes an axis, ${LUT_NODES} (default ${DEFAULT_LUT_SIZE}; Hald: 64)`,
  },
  {
    name: 'bits',
    kind: 'text',
    value: 'N',
    read: readBits,
    help: 'export: bits of a Hald image, 8 or 16 (default 16)',
  },
  ...pickFlags(COMMON_FLAGS, 'quiet', 'json', 'help'),
] as const satisfies readonly Flag[];

const GROUP_FLAG = {
  name: 'group',
  kind: 'text',
  value: 'PATH',
  help: 'only the colors of one group, such as color.brand',
} as const satisfies Flag;

export const TOKENS_FLAGS = [
  { ...TOKEN_FLAGS[0], help: 'a further token file' },
  TOKEN_FLAGS[1],
  GROUP_FLAG,
  ...pickFlags(COMMON_FLAGS, 'json', 'help'),
] as const satisfies readonly Flag[];

export const PALETTE_FLAGS = [
  ...TOKEN_FLAGS,
  GROUP_FLAG,
  {
    name: 'how-far',
    kind: 'number',
    range: HOW_FAR_RANGE,
    fraction: true,
    value: 'N',
    help: '0 keeps the image, 100 is on the palette (default), 200 flat',
  },
  ...pickFlags(SHINE_FLAGS, 'output-image', 'max-pixels', 'save-recipe', 'force'),
  ...pickFlags(COMMON_FLAGS, 'quiet', 'json', 'help'),
] as const satisfies readonly Flag[];

export const ANALYZE_FLAGS = [
  {
    name: 'suggest',
    kind: 'text',
    value: 'COLOR',
    help: 'say which reach the image suggests for a surface of this color, and the share of pixels within',
  },
  ...RECIPE_FLAGS,
  ...pickFlags(SHINE_FLAGS, 'threads', 'profile', 'tile-size', 'spool-above', 'temp-dir'),
  ...COMMON_FLAGS,
] as const satisfies readonly Flag[];

export const BENCH_FLAGS = [
  {
    name: 'sizes',
    kind: 'text',
    value: 'N,N',
    help: 'longest sides to scale the image to, in pixels (default: as it is)',
  },
  { name: 'backends', kind: 'text', value: 'B,B', help: 'some of js, wasm, gpu (default: all)' },
  { name: 'strategies', kind: 'text', value: 'S,S', help: 'some of table, direct, lut, hierarchical (default: all)' },
  { name: 'lut-sizes', kind: 'text', value: 'N,N', help: 'nodes an axis of the lookup tables (default 33,65)' },
  { name: 'threads', kind: 'text', value: 'N,N', help: 'thread counts for wasm (default: all cores)' },
  { name: 'runs', kind: 'number', range: { min: 1, max: 1000 }, value: 'N', help: 'measured runs of each (default 5)' },
  {
    name: 'warmup',
    kind: 'number',
    range: { min: 0, max: 100 },
    value: 'N',
    help: 'runs before them that do not count (default 1)',
  },
  { name: 'chart', kind: 'text', value: 'FILE', help: 'draw the result as .svg or .png' },
  ...RECIPE_FLAGS,
  ...pickFlags(COMMON_FLAGS, 'quiet', 'json', 'help'),
] as const satisfies readonly Flag[];

export type ShineValues = FlagValues<typeof SHINE_FLAGS>;
export type LutValues = FlagValues<typeof LUT_FLAGS>;
export type BenchValues = FlagValues<typeof BENCH_FLAGS>;
/** Of every command that reads a recipe. */
export type RecipeValues = FlagValues<typeof RECIPE_FLAGS>;
/** Of every command that reads an image. */
export type ImageValues = Pick<
  ShineValues,
  'maxPixels' | 'failOn' | 'profile' | 'strip' | 'spoolAbove' | 'tileSize' | 'tempDir'
>;

/** A format as people name it. @throws INVALID_OPTION */
function readFormat(text: string, name: string): OutputFormat {
  const format = formatFromName(text);
  if (format) return format;
  const known = Object.keys(OUTPUT_EXTENSIONS).join(', ');
  throw new ColorshineError('INVALID_OPTION', `${name}: expected one of ${known}, got ${quote(text)}`);
}

/** @throws INVALID_OPTION */
function readBits(text: string, name: string): 8 | 16 {
  const bits = parseDecimal(text);
  if (bits === 8 || bits === 16) return bits;
  const given = quote(Number.isNaN(bits) ? text : bits);
  throw new ColorshineError('INVALID_OPTION', `${name}: expected 8 or 16, got ${given}`);
}

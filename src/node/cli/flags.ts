// Straight from the modules: the core's index loads culori, which --help does not need.
import {
  BACKENDS,
  BLENDS,
  DEFAULT_LUT_SIZE,
  HOW_FAR_RANGE,
  INTERPOLATIONS,
  LUT_SIZE_RANGE,
  STRATEGIES,
  THREADS_RANGE,
} from '../../core/options.js';
import { OUTPUT_EXTENSIONS, QUALITY_RANGE } from '../image/format-names.js';
import { DEFAULT_MAX_PIXELS, MAX_PIXELS_RANGE } from '../image/large-pixels.js';
import { FAIL_ON, PROFILES } from '../image/reading-options.js';
import { DEFAULT_SPOOL_ABOVE, TILE_RANGE } from '../spool/options.js';
import type { Flag } from './parse-flags.js';

const LUT_NODES = `${LUT_SIZE_RANGE.min} to ${LUT_SIZE_RANGE.max}`;

/** Images in work at once. */
const CONCURRENCY_RANGE = { min: 1, max: 64 } as const;

const COMMON_FLAGS: readonly Flag[] = [
  { name: 'verbose', kind: 'boolean', short: 'v', help: 'say what is done, with sizes, radii and times' },
  { name: 'quiet', kind: 'boolean', short: 'q', help: 'say nothing but errors' },
  { name: 'json', kind: 'boolean', help: 'one JSON object a line on standard output' },
  { name: 'help', kind: 'boolean', short: 'h', help: 'show this help' },
];

const TOKEN_FLAGS: readonly Flag[] = [
  {
    name: 'tokens',
    kind: 'text',
    value: 'FILE',
    repeats: true,
    help: 'design tokens for {color.brand.primary}; repeat it, or list files with commas',
  },
  { name: 'theme', kind: 'text', value: 'NAME', help: 'theme or mode of the tokens (default: the first)' },
];

const RECIPE_FLAGS: readonly Flag[] = [
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
];

export const SHINE_FLAGS: readonly Flag[] = [
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
];

export const DOCTOR_FLAGS: readonly Flag[] = COMMON_FLAGS.filter(({ name }) => name === 'json' || name === 'help');

export const CACHE_FLAGS: readonly Flag[] = DOCTOR_FLAGS;

/** Flags of shine that `lut` has too, with the same meaning. */
const LUT_SHARED = [
  'threads',
  'tile-size',
  'spool-above',
  'temp-dir',
  'output-image',
  'out-dir',
  'recursive',
  'format',
  'quality',
  'strip',
  'force',
  'clobber',
  'backend',
  'gpu',
  'interpolation',
  'tile-size',
  'spool-above',
  'temp-dir',
];

export const LUT_FLAGS: readonly Flag[] = [
  ...SHINE_FLAGS.filter(({ name }) => LUT_SHARED.includes(name)),
  ...RECIPE_FLAGS,
  {
    name: 'size',
    kind: 'number',
    range: LUT_SIZE_RANGE,
    aliases: ['lut-size'],
    value: 'N',
    help: `export: nodes an axis, ${LUT_NODES} (default ${DEFAULT_LUT_SIZE}; Hald: 64)`,
  },
  { name: 'bits', kind: 'number', value: 'N', help: 'export: bits of a Hald image, 8 or 16 (default 16)' },
  ...COMMON_FLAGS.filter(({ name }) => name !== 'verbose'),
];

const GROUP_FLAG: Flag = {
  name: 'group',
  kind: 'text',
  value: 'PATH',
  help: 'only the colors of one group, such as color.brand',
};

export const TOKENS_FLAGS: readonly Flag[] = [
  ...TOKEN_FLAGS.map((flag) => (flag.name === 'tokens' ? { ...flag, help: 'a further token file' } : flag)),
  GROUP_FLAG,
  ...COMMON_FLAGS.filter(({ name }) => name === 'json' || name === 'help'),
];

const PALETTE_SHINE_FLAGS = ['output-image', 'max-pixels', 'save-recipe', 'force'];

export const PALETTE_FLAGS: readonly Flag[] = [
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
  ...SHINE_FLAGS.filter(({ name }) => PALETTE_SHINE_FLAGS.includes(name)),
  ...COMMON_FLAGS.filter(({ name }) => name !== 'verbose'),
];

/** Builds and workers on a queue share it. */
const QUEUE_NAME_FLAG: Flag = {
  name: 'queue-name',
  kind: 'text',
  value: 'NAME',
  help: 'queue in Redis; one for each shared folder (default colorshine)',
};

export const QUEUE_FLAGS: readonly Flag[] = [
  {
    name: 'queue',
    kind: 'text',
    value: 'URL',
    help: 'let workers make the outputs: redis://host:6379, or rediss:// with TLS',
  },
  QUEUE_NAME_FLAG,
  {
    name: 'retries',
    kind: 'number',
    value: 'N',
    help: 'further attempts of a job that failed, with --queue (default 2)',
  },
  {
    name: 'job-timeout',
    kind: 'number',
    value: 'S',
    help: 'seconds that an attempt may take, with --queue (default 300)',
  },
];

export const WORKER_FLAGS: readonly Flag[] = [
  { name: 'root', kind: 'text', value: 'DIR', help: 'the build’s folder as this machine sees it (default: here)' },
  QUEUE_NAME_FLAG,
  {
    name: 'concurrency',
    kind: 'number',
    range: CONCURRENCY_RANGE,
    value: 'N',
    help: 'images in work at once (default 2)',
  },
  {
    name: 'takeover',
    kind: 'number',
    value: 'S',
    help: 'seconds without a sign of life after which a worker’s jobs go to others (default 15)',
  },
  {
    name: 'max-pixels',
    kind: 'number',
    value: 'N',
    help: `refuse larger images, whatever a build allows (default ${DEFAULT_MAX_PIXELS})`,
  },
  {
    name: 'job-timeout',
    kind: 'number',
    value: 'S',
    help: 'seconds that an attempt may take at most, whatever a build allows (default 300)',
  },
  ...COMMON_FLAGS,
];

const BUILD_SHINE_FLAGS = ['dry-run', 'fail-fast'];

export const BUILD_FLAGS: readonly Flag[] = [
  {
    name: 'config',
    kind: 'text',
    short: 'c',
    value: 'FILE',
    help: 'configuration to build (default: colorshine.config.json)',
  },
  {
    name: 'watch',
    kind: 'boolean',
    short: 'w',
    help: 'build again whenever images, recipes, tokens or the config change',
  },
  ...SHINE_FLAGS.filter(({ name }) => BUILD_SHINE_FLAGS.includes(name)),
  {
    name: 'check',
    kind: 'boolean',
    help: 'list outputs that are missing, stale or foreign, and exit with 1 if there are any; write nothing',
  },
  { name: 'force', kind: 'boolean', short: 'f', help: 'make every output again, whatever the cache says' },
  {
    name: 'concurrency',
    kind: 'number',
    range: CONCURRENCY_RANGE,
    value: 'N',
    help: 'images in work at once (default: one for each core, 2 to 8)',
  },
  {
    name: 'shard',
    kind: 'text',
    value: 'I/N',
    help: 'build one of N disjoint parts, so that N machines share the work',
  },
  ...QUEUE_FLAGS,
  { name: 'merge-manifests', kind: 'boolean', help: 'join the manifests of all shards; touches no image' },
  { name: 'prune', kind: 'boolean', help: 'delete outputs of earlier builds that are no longer made' },
  ...COMMON_FLAGS,
];

/** How many threads there are and how an image goes through a file on disk, with the same meaning as for `shine`. */
const ANALYZE_SHINE_FLAGS = ['threads', 'profile', 'tile-size', 'spool-above', 'temp-dir'];

export const ANALYZE_FLAGS: readonly Flag[] = [
  {
    name: 'suggest',
    kind: 'text',
    value: 'COLOR',
    help: 'say which reach the image suggests for a surface of this color, and the share of pixels within',
  },
  ...RECIPE_FLAGS,
  ...SHINE_FLAGS.filter(({ name }) => ANALYZE_SHINE_FLAGS.includes(name)),
  ...COMMON_FLAGS,
];

export const BENCH_FLAGS: readonly Flag[] = [
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
  ...COMMON_FLAGS.filter(({ name }) => name !== 'verbose'),
];

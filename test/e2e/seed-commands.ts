/**
 * Every form of command line in the seed document (its chapter on performance), and the effect that it states, in our own
 * words. `attractor` there stands for any color. They run in a shell, in a folder with the images of `IMAGES`.
 */

export interface SeedCommand {
  /** What the document uses it for. */
  readonly what: string;
  /** Shell text. */
  readonly run: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Files that are there afterwards, images all. */
  readonly writes: readonly string[];
  /** What it says on standard error. */
  readonly says?: readonly RegExp[];
  readonly neverSays?: readonly RegExp[];
  /** `writes[0]` has the same pixels as this line's output `out.jpg`: the exact result of flags that only buy speed. */
  readonly sameAs?: string;
}

/** Name, width, height. The first two differ in content too. */
export const IMAGES: readonly (readonly [string, number, number])[] = [
  ['photo.jpg', 700, 460],
  ['other.jpg', 500, 380],
  ['small.jpg', 90, 60],
];

const EXACT = 'imgcolorshine shine photo.jpg "blue;50;70" -o out.jpg';
const WHICH_BACKEND = /^INFO: Backend: Using (webgpu|wasm|js)\b.*\.$/m;
/** A GPU either computes or its absence is explained. */
const WHY_NO_GPU = /^INFO: Backend: Using webgpu|^INFO: Note: gpu: \w{3}/m;

const GPU: readonly SeedCommand[] = [
  {
    what: 'a large image on the GPU, memory managed by itself',
    run: 'imgcolorshine shine photo.jpg "blue;50;70" --gpu=True',
    writes: ['photo_colorshine.jpg'],
  },
  {
    what: 'the same, watched',
    run: 'imgcolorshine shine photo.jpg "blue;50;70" --gpu=True --verbose=True',
    writes: ['photo_colorshine.jpg'],
    says: [WHICH_BACKEND, WHY_NO_GPU, /^INFO: Peak memory usage: [\d.]+[MG]B$/m],
  },
  {
    what: 'GPU and large tiles',
    run: 'imgcolorshine shine photo.jpg "teal;50;70" --gpu=True --tile_size=2048 --verbose=True',
    writes: ['photo_colorshine.jpg'],
    says: [WHICH_BACKEND, /^INFO: Using tile size: 2048x2048\b/m],
  },
  {
    what: 'a shell loop over many small images on the GPU',
    run: 'for img in *.jpg; do imgcolorshine shine "$img" "teal;50;70" --gpu=True; done',
    writes: ['photo_colorshine.jpg', 'other_colorshine.jpg', 'small_colorshine.jpg'],
  },
  {
    what: 'three attractors',
    run: `imgcolorshine shine photo.jpg \\
  "red;40;60" "blue;40;60" "green;40;60" \\
  --gpu=True --verbose=True`,
    writes: ['photo_colorshine.jpg'],
    says: [/^INFO: Attractor 1: red;40;60 /m, /^INFO: Attractor 3: green;40;60 .* touches 40\.\d % of the pixels$/m],
  },
];

const LUT: readonly SeedCommand[] = [
  ...[17, 33, 65, 129].map(
    (size): SeedCommand => ({
      what: `a lookup table of ${size}`,
      run: `imgcolorshine shine small.jpg "blue;50;70" --lut_size=${size} --verbose=True`,
      writes: ['small_colorshine.jpg'],
      says: [
        /^INFO: Strategy: lut /m,
        new RegExp(`^INFO: Lookup table: ${size}x${size}x${size}, `, 'm'),
        /^INFO: Lookup table cache: miss, /m,
        /^INFO: Lookup table error against the exact pull, in 1\/255: max [\d.]+/m,
      ],
    }),
  ),
  {
    what: 'the second run with the same settings takes the table from the cache',
    run: `imgcolorshine shine photo.jpg "blue;50;70" --lut_size=65 --quiet
imgcolorshine shine photo.jpg "blue;50;70" --lut_size=65 --verbose=True`,
    writes: ['photo_colorshine.jpg'],
    says: [/^INFO: Lookup table cache: hit, /m],
    neverSays: [/cache: miss/],
  },
  {
    what: 'another strength does not share it, and is told why',
    run: `imgcolorshine shine photo.jpg "blue;50;70" --lut_size=65 --quiet
imgcolorshine shine photo.jpg "blue;50;75" --lut_size=65 --verbose=True`,
    writes: ['photo_colorshine.jpg'],
    says: [/^INFO: Lookup table cache: miss, .*strength 75 instead of 70 \(blue\)/m],
    neverSays: [/cache: hit/],
  },
  {
    // The original's tables ignored the image; ours freeze radii measured on it, so a batch names whose.
    what: 'images of a batch share one table when they share the radii',
    run: `imgcolorshine shine photo.jpg "blue;50;70" --lut_size=65 --reference photo.jpg --quiet
imgcolorshine shine other.jpg "blue;50;70" --lut_size=65 --reference photo.jpg --verbose=True
imgcolorshine shine small.jpg "blue;50;70" --lut_size=65 --verbose=True`,
    writes: ['photo_colorshine.jpg', 'other_colorshine.jpg', 'small_colorshine.jpg'],
    says: [
      /^INFO: Image: other\.jpg [\s\S]*?^INFO: Lookup table cache: hit, /m,
      /^INFO: Image: small\.jpg [\s\S]*?^INFO: Lookup table cache: miss, .*radius .* measured on other pixels/m,
    ],
  },
  {
    what: 'the batch script: a reference first, then the rest into a folder',
    run: `ATTRACTOR="oklch(70% 0.1 50);60;70"
LUT_SIZE=65
mkdir batch && mv other.jpg small.jpg batch
imgcolorshine shine photo.jpg "$ATTRACTOR" \\
    --lut_size=$LUT_SIZE --output_image=reference_processed.jpg
for img in batch/*.jpg; do
    filename=$(basename "$img")
    imgcolorshine shine "$img" "$ATTRACTOR" \\
        --lut_size=$LUT_SIZE \\
        --output_image="output/\${filename}"
done`,
    writes: ['reference_processed.jpg', 'output/other.jpg', 'output/small.jpg'],
  },
];

const SPEED: readonly SeedCommand[] = [
  {
    what: 'timing a first and a second run',
    run: `time imgcolorshine shine photo.jpg "blue;50;70"
time imgcolorshine shine other.jpg "blue;50;70"`,
    writes: ['photo_colorshine.jpg', 'other_colorshine.jpg'],
    says: [/real\s+0m[0-9]/],
  },
  {
    what: 'the fused kernel: every pixel in one pass, the same pixels',
    run: 'imgcolorshine shine photo.jpg "blue;50;70" --fused_kernel=True --verbose=True --output_image=fused.jpg',
    writes: ['fused.jpg'],
    says: [/^INFO: Strategy: direct /m],
    sameAs: EXACT,
  },
  {
    what: 'profiling through the environment',
    run: 'imgcolorshine shine photo.jpg "blue;50;70" --verbose=True',
    env: { NUMBA_DISABLE_JIT: '0', NUMBA_DEBUG_CACHE: '1' },
    writes: ['photo_colorshine.jpg'],
    says: [/^INFO: Total processing time: \d+\.\d\ds$/m],
  },
  {
    what: 'memory and threads through the environment',
    run: 'imgcolorshine shine photo.jpg "blue;50;70"',
    env: { MALLOC_ARENA_MAX: '2', OMP_NUM_THREADS: '2' },
    writes: ['photo_colorshine.jpg'],
  },
  {
    what: 'warming up into nothing',
    run: 'imgcolorshine shine small.jpg "blue;50;70" >/dev/null 2>&1',
    writes: ['small_colorshine.jpg'],
  },
  {
    what: 'the form that the Python script calls',
    run: 'imgcolorshine shine photo.jpg "oklch(70% 0.1 50);60;70" --output_image bench_0.jpg',
    writes: ['bench_0.jpg'],
  },
];

const MEMORY: readonly SeedCommand[] = [
  {
    what: 'tiles by themselves',
    run: 'imgcolorshine shine photo.jpg "blue;50;70" --verbose=True',
    writes: ['photo_colorshine.jpg'],
    says: [
      /^INFO: Image size: 700x460 \(0\.3M pixels\)$/m,
      /^INFO: Using tile size: 1024x1024\b/m,
      /^INFO: .*[Tt]iles\b.*\b1\b|\b1 tile\b/m,
      /^INFO: Peak memory usage: [\d.]+[MG]B$/m,
      ...['Decode', 'Census', 'Radii', 'Pull', 'Repaint', 'Encode'].map(
        (stage) => new RegExp(`^INFO: ${stage}: \\d`, 'm'),
      ),
    ],
  },
  ...[512, 2048].map(
    (size): SeedCommand => ({
      what: `tiles of ${size}: less or more memory, the same pixels`,
      run: `imgcolorshine shine photo.jpg "blue;50;70" --tile_size=${size} --verbose=True --output_image=tiled.jpg`,
      writes: ['tiled.jpg'],
      says: [
        new RegExp(`^INFO: Using tile size: ${size}x${size}\\b`, 'm'),
        size === 512 ? /^INFO: .*([Tt]iles\b.*\b2\b|\b2 tiles\b)/m : /^INFO: .*([Tt]iles?\b.*\b1\b|\b1 tile\b)/m,
      ],
      sameAs: EXACT,
    }),
  ),
  {
    what: 'the hierarchical way',
    run: 'imgcolorshine shine photo.jpg "blue;50;70" --hierarchical=True --verbose=True',
    writes: ['photo_colorshine.jpg'],
    says: [/hierarchical/i, /radi(us|i)/i],
  },
  {
    what: 'the hierarchical way with large tiles',
    run: `imgcolorshine shine photo.jpg "blue;50;70" \\
  --hierarchical=True --tile_size=2048`,
    writes: ['photo_colorshine.jpg'],
  },
];

/** The test suite's configurations, which `colorshine bench` measures by itself. */
const SUITE: readonly SeedCommand[] = [
  '--gpu=False',
  '--gpu=True',
  '--lut_size=65',
  '--lut_size=65 --gpu=True',
  '--fused_kernel=True',
  '--hierarchical=True',
].map((config) => ({
  what: `the suite with ${config}`,
  run: `IMAGE=photo.jpg; ATTRACTOR="blue;50;70"; config="${config}"
for i in {1..2}; do
  imgcolorshine shine "$IMAGE" "$ATTRACTOR" $config --output_image="perf_test_\${i}.jpg" >/dev/null 2>&1
done`,
  writes: ['perf_test_1.jpg', 'perf_test_2.jpg'],
  // A GPU may be 1/255 off, and a table more; the rest are the same pixels.
  ...(!/gpu=True|lut/.test(config) && !config.includes('hierarchical') && { sameAs: EXACT }),
}));

const GPU_OFF: SeedCommand = {
  what: 'without a GPU nothing is said about one',
  run: 'imgcolorshine shine photo.jpg "blue;50;70" --gpu=False --verbose=True',
  writes: ['photo_colorshine.jpg'],
  says: [/^INFO: Backend: Using (wasm|js)\b/m],
  neverSays: [/gpu/i],
};

export const SEED_COMMANDS: readonly SeedCommand[] = [...GPU, GPU_OFF, ...LUT, ...SPEED, ...MEMORY, ...SUITE];

import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createWasmBackend } from '../../../src/backends/wasm/index.js';
import { type ColorshineError, makeRecipe } from '../../../src/index.js';
import { parseConfig } from '../../../src/node/build/config.js';
import { createBuildEngine } from '../../../src/node/build/engine.js';
import { ENGINE } from '../../../src/node/build/engine-id.js';
import { type BuildSources, type ExpandOptions, expandConfig } from '../../../src/node/build/expand-config.js';
import { checkJob, hashBytes, jobKey, type RecolorJob } from '../../../src/node/build/job.js';
import { runJob, runJobs } from '../../../src/node/build/run-job.js';
import { recolorBuffer } from '../../../src/node/recolor-buffer.js';
import { readTokens } from '../../../src/tokens/index.js';
import { messageOf } from '../../support/errors.js';
import { gradient, toSharp } from '../../support/images.js';
import { makeTempFolder } from '../../support/temp-folder.js';

const teal = makeRecipe(['teal;60;90']);
const job: RecolorJob = {
  version: 1,
  engine: ENGINE,
  input: 'in.png',
  output: 'out/in.webp',
  theme: 'default',
  recipe: teal,
};
const tokens = readTokens([
  {
    file: 'tokens.json',
    text: JSON.stringify({
      brand: { $type: 'color', $value: '#ff8800', $extensions: { mode: { light: '#ff8800', dark: '#224466' } } },
    }),
  },
]);

function expand(config: object, files: readonly string[], options?: ExpandOptions, source: Partial<BuildSources> = {}) {
  const parsed = parseConfig(JSON.stringify({ inputs: '*', recipe: ['teal;60;90'], ...config }), 'c.json');
  const sources = parsed.builds.map((build) => ({
    files: files.map((path) => ({ path, dir: path.split('/').slice(0, -1).join('/') })),
    recipes: build.themes.map(() => teal),
    ...source,
  }));
  return expandConfig(parsed, sources, options);
}

it('an engine names the versions of all that decides the bytes', async () => {
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
  expect(ENGINE).toBe(
    `colorshine ${version}, model 1, wasm, encoders 1, sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}`,
  );
});

describe('jobKey', () => {
  const key = jobKey(job, 'aa');
  it.each<[string, Partial<RecolorJob>]>([
    ['paths', { input: 'x/y.png', output: 'z.webp' }],
    ['the theme and the recipe by name', { theme: 'dark', recipe: { ...teal, name: 'Dusk' } }],
    ['a limit', { maxPixels: 1e9 }],
    [
      'attractors that are off',
      {
        recipe: {
          ...teal,
          rows: [...teal.rows, { color: 'red', tolerance: 1, strength: 1, enabled: false }],
        },
      },
    ],
  ])('does not depend on %s', (_, change) => {
    expect(jobKey({ ...job, ...change }, 'aa')).toBe(key);
  });

  it.each<[string, Partial<RecolorJob>]>([
    ['the engine', { engine: 'colorshine 9' }],
    ['a color', { recipe: makeRecipe(['navy;60;90']) }],
    ['a tolerance', { recipe: makeRecipe(['teal;61;90']) }],
    ['a channel', { recipe: makeRecipe({ attractors: ['teal;60;90'], channels: { hue: false } }) }],
    ['the format', { format: 'webp' }],
    ['the width', { size: { width: 10 } }],
    ['the height', { size: { height: 10 } }],
    ['the quality', { quality: 10 }],
    ['what is refused', { failOn: 'warning' }],
    ['the color space', { profile: 'p3' }],
    ['metadata', { strip: true }],
    [
      'frozen radii',
      { plan: { version: 2, gamut: 'srgb', channels: teal.channels, blend: 'oklch', rows: [], pixels: 1 } },
    ],
  ])('depends on %s', (_, change) => {
    expect(jobKey({ ...job, ...change }, 'aa')).not.toBe(key);
  });

  it('depends on the input', () => {
    expect(jobKey(job, 'ab')).not.toBe(key);
  });

  it('survives JSON', () => {
    expect(jobKey(checkJob(JSON.parse(JSON.stringify(job))), 'aa')).toBe(key);
  });
});

describe('checkJob', () => {
  it.each<[string, object]>([
    ['version', { version: 2 }],
    ['input', { input: 7 }],
    ['format', { format: 'constructor' }],
    ['size', { size: {} }],
    ['widht', { widht: 5 }],
  ])('names %s', (word, change) => {
    expect(messageOf('INVALID_JOB', () => checkJob({ ...job, ...change }))).toContain(word);
  });
});

describe('runJob', () => {
  it('reads the picture as each job says', async () => {
    const { data } = gradient(40, 30);
    const input = await sharp(data, { raw: { width: 40, height: 30, channels: 3 } })
      .withExifMerge({ IFD0: { Copyright: 'Acme' } })
      .png()
      .toBuffer();
    const differing: RecolorJob[] = [
      job,
      { ...job, strip: true },
      { ...job, profile: 'p3' },
      { ...job, maxPixels: 1199 },
      { ...job, maxPixels: 1200 },
    ];
    const jobs = differing.map((one): RecolorJob => ({ ...one, format: 'png' }));
    const told: unknown[] = [];
    for await (const { job: done, result, error } of runJobs(jobs, { root: '.', input })) {
      const { exif, icc } = await sharp(result?.bytes ?? input).metadata();
      const said = exif?.includes('Acme') === true;
      told[jobs.indexOf(done)] = result
        ? [said, icc !== undefined, result.report.plan.gamut]
        : (error as ColorshineError).code;
      if (done.profile === 'p3') {
        const alone = await recolorBuffer(input, teal, { profile: 'p3', format: 'png', backend: 'wasm' });
        expect(hashBytes(result?.bytes ?? '')).toBe(hashBytes(alone.data));
      }
    }
    expect(told).toEqual([
      [true, false, 'srgb'],
      [false, false, 'srgb'],
      [true, true, 'display-p3'],
      'INPUT_TOO_LARGE',
      [true, false, 'srgb'],
    ]);
  });

  it('gives the same bytes again, alone or in company, from SIMD or scalar code, and those of recolorBuffer', async () => {
    const root = await makeTempFolder();
    await writeFile(
      join(root, 'in.png'),
      await toSharp(gradient(160, 120, 4))
        .png()
        .toBuffer(),
    );
    const jobs: RecolorJob[] = [
      job,
      { ...job, format: 'webp', size: { width: 40 } },
      { ...job, recipe: makeRecipe(['orange;50;80']), format: 'jpeg', quality: 70 },
      { ...job, format: 'png', size: { width: 500 } },
    ];
    const together: string[] = [];
    for await (const { job: done, result } of runJobs(jobs, { root })) {
      together[jobs.indexOf(done)] = hashBytes(result?.bytes ?? '');
    }
    for (const [i, one] of jobs.entries()) {
      const { bytes, report } = await runJob(one, { root });
      expect(report.hash).toBe(hashBytes(bytes));
      expect(together[i]).toBe(report.hash);
    }
    const input = await toSharp(gradient(160, 120, 4))
      .png()
      .toBuffer();
    const scalar = await createWasmBackend({ variant: 'scalar' });
    const selection = { chosen: 'wasm', sentence: '', candidates: [], backend: scalar };
    const engine = { ...createBuildEngine({ threads: 1 }), select: async () => selection };
    expect(hashBytes((await runJob(job, { root, engine })).bytes)).toBe(together[0]);
    const { data } = await recolorBuffer(input, teal, { backend: 'wasm' });
    expect(hashBytes(data)).toBe(together[0]);
  });

  it('shrinks into the box, never enlarges, and turns the picture upright', async () => {
    const picture = toSharp(gradient(120, 80));
    const upright = await picture.clone().png().toBuffer();
    const turned = await picture.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const sizeOf = async (input: Buffer, size: RecolorJob['size']) => {
      const { bytes, report } = await runJob({ ...job, ...(size && { size }) }, { root: '/', input });
      const { width, height } = await sharp(bytes).metadata();
      expect([report.width, report.height]).toEqual([width, height]);
      return [width, height];
    };
    expect(await sizeOf(upright, { width: 60 })).toEqual([60, 40]);
    expect(await sizeOf(upright, { width: 60, height: 20 })).toEqual([30, 20]);
    expect(await sizeOf(upright, { width: 999 })).toEqual([120, 80]);
    // Stored it lies on its side; seen, it is 80 wide and 120 high, whatever format it becomes.
    for (const format of ['jpeg', 'webp', 'avif', 'gif'] as const) {
      const { bytes } = await runJob({ ...job, format, size: { width: 40 } }, { root: '/', input: turned });
      const { width, height, orientation = 1 } = await sharp(bytes).metadata();
      expect([format, width, height, orientation]).toEqual([format, 40, 60, 1]);
    }
    expect(await sizeOf(turned, undefined)).toEqual([80, 120]);
  });

  it('shrinks every frame of an animation and keeps 16 bits and a P3 profile', async () => {
    const frames = gradient(40, 60);
    const gif = await sharp(frames.data, { raw: { width: 40, height: 60, channels: 3, pageHeight: 20 } })
      .gif({ delay: [50, 60, 70] })
      .toBuffer();
    const { bytes, report } = await runJob({ ...job, format: 'webp', size: { width: 20 } }, { root: '/', input: gif });
    expect([report.width, report.height, report.pages]).toEqual([20, 10, 3]);
    expect((await sharp(bytes).metadata()).delay).toEqual([50, 60, 70]);
    const deep = await sharp(
      new Uint16Array(64 * 64 * 3).map((_, i) => i * 5),
      { raw: { width: 64, height: 64, channels: 3 } },
    )
      .toColourspace('rgb16')
      .png()
      .toBuffer();
    const small = await runJob({ ...job, format: 'png', size: { width: 32 } }, { root: '/', input: deep });
    expect(await sharp(small.bytes).metadata()).toMatchObject({ width: 32, depth: 'ushort' });
    const p3 = await toSharp(gradient(64, 64)).withIccProfile('p3').png().toBuffer();
    const wide = await runJob({ ...job, size: { width: 32 } }, { root: '/', input: p3 });
    expect(wide.report.plan.gamut).toBe('display-p3');
    expect((await sharp(wide.bytes).metadata()).icc).toBeDefined();
  });

  it('does not depend on the threads of libvips or of Node', async () => {
    const input = await toSharp(gradient(1200, 900)).png().toBuffer(); // large enough for Node's own PNG encoder
    const bytesWith = async (threads: number): Promise<string[]> => {
      const before = sharp.concurrency(threads);
      const engine = createBuildEngine({ threads });
      try {
        const jobs = (['png', 'jpeg', 'webp', 'avif'] as const).map((format) => ({
          ...job,
          format,
          size: { width: 300 },
        }));
        const outputs: string[] = [];
        for await (const { result } of runJobs([{ ...job, format: 'png' }, ...jobs], { root: '/', input, engine })) {
          outputs.push(hashBytes(result?.bytes ?? ''));
        }
        expect(sharp.concurrency()).toBe(threads);
        return outputs;
      } finally {
        engine.dispose();
        sharp.concurrency(before);
      }
    };
    const one = await bytesWith(1);
    expect(new Set(one).size).toBe(5);
    expect(await bytesWith(3)).toEqual(one);
  });

  it('refuses another engine, and paths that lead out of the root', async () => {
    const root = await makeTempFolder();
    const outside = await makeTempFolder();
    await writeFile(join(outside, 'x.png'), await toSharp(gradient(4, 4)).png().toBuffer());
    await mkdir(join(root, 'a'));
    await symlink(outside, join(root, 'a', 'link'));
    await expect(runJob({ ...job, engine: 'colorshine 0' }, { root })).rejects.toMatchObject({ code: 'INVALID_JOB' });
    for (const input of ['a/link/x.png', '../x.png', join(outside, 'x.png')]) {
      await expect(runJob({ ...job, input }, { root })).rejects.toMatchObject({ code: 'INVALID_JOB' });
    }
  });

  it('stops when told to', async () => {
    const input = await toSharp(gradient(8, 8)).png().toBuffer();
    await expect(runJob(job, { root: '/', input, signal: { aborted: true } })).rejects.toThrow(
      expect.objectContaining({ code: 'CANCELED' }) as ColorshineError,
    );
  });
});

describe('expandConfig', () => {
  it('makes an output for each theme, size and format, with tokens resolved', () => {
    const { jobs } = expand(
      {
        themes: ['light', 'dark'],
        sizes: [20, 'full'],
        formats: ['webp', 'same'],
        quality: { webp: 60 },
        out: 'dist/{dir}/{name}.{theme}.{size}.{ext}',
      },
      ['img/a.JPG'],
      { base: 'site' },
      { tokens, recipes: [makeRecipe(['{brand};60;90']), makeRecipe(['{brand};60;90'])] },
    );
    expect(jobs.map(({ output }) => output)).toEqual([
      'site/dist/img/a.light.20.webp',
      'site/dist/img/a.light.20.JPG',
      'site/dist/img/a.light.full.webp',
      'site/dist/img/a.light.full.JPG',
      'site/dist/img/a.dark.20.webp',
      'site/dist/img/a.dark.20.JPG',
      'site/dist/img/a.dark.full.webp',
      'site/dist/img/a.dark.full.JPG',
    ]);
    expect(jobs[0]).toMatchObject({
      input: 'img/a.JPG',
      theme: 'light',
      format: 'webp',
      quality: 60,
      size: { width: 20 },
    });
    expect(jobs[3]).toMatchObject({ format: 'jpeg' });
    expect(jobs[3]).not.toHaveProperty('quality');
    expect(jobs[0]?.recipe.rows[0]?.color).not.toBe(jobs[4]?.recipe.rows[0]?.color);
    expect(JSON.stringify(jobs)).not.toContain('{brand}');
    for (const one of jobs) expect(checkJob(JSON.parse(JSON.stringify(one)))).toEqual(one);
  });

  it.each<[string, 'INVALID_CONFIG' | 'OUTPUT_COLLISION' | 'OUTPUT_IS_INPUT', object, string[], RegExp]>([
    [
      'a missing theme',
      'INVALID_CONFIG',
      {
        themes: [
          { name: 'a', recipe: ['red;1;1'] },
          { name: 'b', recipe: ['red;1;1'] },
        ],
        out: '{name}.webp',
      },
      ['a.png'],
      /\{theme\} in it for 2 themes/,
    ],
    ['a missing size', 'INVALID_CONFIG', { sizes: [1, 2], out: 'o/{name}.webp' }, ['a.png'], /\{size\}/],
    ['a missing format', 'INVALID_CONFIG', { formats: ['webp', 'avif'], out: 'o/{name}' }, ['a.png'], /\{ext\}/],
    [
      'an extension of another format',
      'INVALID_CONFIG',
      { formats: ['webp'], out: 'o/{name}.jpg' },
      ['a.png'],
      /\{ext\}/,
    ],
    [
      'two formats of one name',
      'OUTPUT_COLLISION',
      { formats: ['webp'], out: 'o/{name}.{ext}' },
      ['i/a.jpg', 'i/a.png'],
      /i\/a\.jpg and i\/a\.png/,
    ],
    ['letter case', 'OUTPUT_COLLISION', { out: 'o/{name}.{ext}' }, ['i/A.png', 'i/a.png'], /i\/A\.png and i\/a\.png/],
    [
      'Unicode form',
      'OUTPUT_COLLISION',
      { out: 'o/{name}.{ext}' },
      ['e\u0301.png', '\u00e9.png'],
      /expected one input/,
    ],
    ['folders', 'OUTPUT_COLLISION', { out: 'o/{name}.{ext}' }, ['x/a.png', 'y/a.png'], /put \{dir\} into "out"/],
    ['a file where a folder must be', 'OUTPUT_COLLISION', { out: 'o/{dir}/{name}' }, ['a', 'a/b'], /folder/],
    ['itself', 'OUTPUT_IS_INPUT', { out: '{dir}/{name}.{ext}' }, ['i/a.png'], /add \{theme\}/],
    [
      'another input',
      'OUTPUT_IS_INPUT',
      { out: '{dir}/{name}.new.{ext}' },
      ['i/a.png', 'i/a.new.png'],
      /"!i\/a\.new\.png"/,
    ],
  ])('refuses a collision by %s', (_, code, config, files, message) => {
    expect(messageOf(code, () => expand(config, files))).toMatch(message);
  });

  it('leaves outputs of earlier builds out of the inputs', () => {
    const isOwnOutput = (path: string) => path === 'i/a.new.png';
    const { jobs, leftOut } = expand({ out: '{dir}/{name}.new.{ext}' }, ['i/a.png', 'i/a.new.png'], { isOwnOutput });
    expect(jobs.map(({ input }) => input)).toEqual(['i/a.png']);
    expect(leftOut).toEqual(['i/a.new.png']);
  });

  it('names the theme that has neither tokens nor a recipe, or that the tokens do not know', () => {
    const config = { themes: ['light', 'drak'], out: '{name}.{theme}.{ext}' };
    expect(messageOf('INVALID_CONFIG', () => expand(config, ['a.png']))).toMatch(/theme "light": expected "tokens"/);
    expect(messageOf('UNKNOWN_THEME', () => expand(config, ['a.png'], {}, { tokens }))).toMatch(
      /theme "drak".*did you mean dark/,
    );
  });

  it('puts the jobs of a pooled build into one pool for each recipe', () => {
    const { pools, jobs } = expand({ pooled: true, formats: ['webp', 'png'], out: 'o/{name}.{ext}' }, [
      'b.png',
      'a.png',
    ]);
    expect(pools).toEqual([{ recipe: teal, inputs: ['a.png', 'b.png'], reading: {}, jobs: [0, 1, 2, 3] }]);
    expect(jobs).toHaveLength(4);
  });
});

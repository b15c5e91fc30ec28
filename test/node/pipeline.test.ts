/** One way for every image: whoever asks, in memory or in a file on disk, opened once, with the same bytes. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { createJsBackend } from '../../src/backends/js/index.js';
import { buildLut, makeRecipe } from '../../src/index.js';
import { ENGINE } from '../../src/node/build/engine-id.js';
import type { RecolorJob } from '../../src/node/build/job.js';
import { runJob, runJobs } from '../../src/node/build/run-job.js';
import type { EncodeOptions } from '../../src/node/image/encode.js';
import { BUFFER_TARGET } from '../../src/node/image/encode-target.js';
import { openImage } from '../../src/node/image/open-image.js';
import {
  analyze,
  applyLutFile,
  createBuildEngine,
  createEngine,
  prepareLut,
  recolorBuffer,
  recolorFile,
} from '../../src/node/index.js';
import { openPixelSource } from '../../src/node/pipeline/pixel-source.js';
import { recolorWork } from '../../src/node/pipeline/recolor-work.js';
import { createCensusPool } from '../../src/node/pooled-plan.js';
import { gradient, gradient16, toSharp } from '../support/images.js';
import { leftovers, makeTempFolder } from '../support/temp-folder.js';

/** Paths that are deleted as soon as they have been opened, and how often they were. */
const { vanishing, opens } = vi.hoisted(() => ({ vanishing: new Set<string>(), opens: [] as string[] }));
vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof import('node:fs/promises')>();
  return {
    ...fs,
    open: async (...given: Parameters<typeof fs.open>) => {
      const file = await fs.open(...given);
      if (vanishing.has(String(given[0]))) {
        opens.push(String(given[0]));
        await fs.unlink(given[0]);
      }
      return file;
    },
  };
});

const recipe = makeRecipe(['teal;60;90', 'orange;50;150']);
const engine = createEngine({ threads: 1, backend: 'wasm' });
const buildEngine = createBuildEngine({ threads: 1 });
afterAll(() => {
  engine.dispose();
  buildEngine.dispose();
});
const job: RecolorJob = { version: 1, engine: ENGINE, input: 'in', output: 'out', theme: 'default', recipe };
const EXIF = { IFD0: { Copyright: 'the maker' } };
const opaque = (): Sharp => toSharp(gradient(173, 131));
const translucent = (): Sharp => toSharp(gradient(150, 97, 4));
const deep = (): Sharp =>
  sharp(gradient16(83, 61), { raw: { width: 83, height: 61, channels: 3 } }).toColourspace('rgb16');

async function animation(): Promise<Buffer> {
  const frame = await toSharp(gradient(40, 30)).png().toBuffer();
  const negative = await sharp(frame).negate().toBuffer();
  return sharp([frame, negative, frame], { join: { animated: true } })
    .gif({ delay: [50, 70, 90], loop: 2 })
    .toBuffer();
}

describe('what is encoded from a file on disk', () => {
  it.each<[string, () => Promise<Buffer>]>([
    ['a JPEG', () => opaque().jpeg().toBuffer()],
    ['a turned JPEG with EXIF', () => opaque().withExif(EXIF).withMetadata({ orientation: 6 }).jpeg().toBuffer()],
    ['a P3 PNG with EXIF', () => opaque().withIccProfile('p3').withExif(EXIF).png().toBuffer()],
    ['a PNG with alpha', () => translucent().png().toBuffer()],
    ['a PNG with a palette', () => opaque().png({ palette: true, colours: 40 }).toBuffer()],
    ['a 16-bit PNG', () => deep().png().toBuffer()],
    ['an animation', animation],
  ])('has the bytes of memory, shrunk, turned and more than once: %s', async (name, make) => {
    const image = await openImage(await make());
    const formats = name === 'an animation' ? (['gif', 'webp'] as const) : (['png', 'jpeg', 'webp', 'tiff'] as const);
    const settings = formats.flatMap((format): EncodeOptions[] => [
      { format },
      { format, upright: true },
      { format, upright: true, size: { width: 50 } },
      { format, size: { width: 70, height: 20 } },
    ]);
    const encodeAll = async (spoolAbove: number) => {
      const source = openPixelSource(image, { engine, spoolAbove, tileSize: 16 });
      try {
        const worked = await source.work(recolorWork(recipe, engine, {}));
        const outputs = [];
        for (const setting of settings) outputs.push(await worked.encode(setting, BUFFER_TARGET));
        return outputs;
      } finally {
        await source.close();
      }
    };
    const [onDisk, inMemory] = [await encodeAll(0), await encodeAll(Number.MAX_SAFE_INTEGER)];
    for (const [i, { result, ...size }] of onDisk.entries()) {
      const { result: expected, ...expectedSize } = inMemory[i] as (typeof inMemory)[number];
      expect(result.equals(expected), JSON.stringify(settings[i])).toBe(true);
      expect(size).toEqual(expectedSize);
      const { width, height, pageHeight = height } = await sharp(result).metadata();
      expect([size.width, size.height]).toEqual([width, pageHeight]);
    }
  });
});

describe('a build', () => {
  it('takes a large image through the disk, says so, and gives the bytes of memory', async () => {
    const root = await makeTempFolder();
    const flat = sharp({ create: { width: 5800, height: 5801, channels: 3, background: '#406080' } });
    const input = await flat.png().toBuffer();
    const jobs: RecolorJob[] = [
      { ...job, format: 'webp', size: { width: 60 } },
      { ...job, format: 'png' },
      { ...job, format: 'jpeg', size: { height: 40 }, recipe: makeRecipe(['navy;100;100']) },
    ];
    const shares: string[] = [];
    const onProgress = (stage: string, share?: number): void => {
      if (share !== undefined) shares.push(stage);
    };
    const made = [];
    for await (const { result, error } of runJobs(jobs, { root, input, engine: buildEngine, onProgress })) {
      if (error) throw error;
      made.push(result);
    }
    expect(shares).toContain('recolor');
    const inMemory = { backend: 'wasm', spoolAbove: Number.MAX_SAFE_INTEGER, format: 'png' } as const;
    const { data } = await recolorBuffer(input, recipe, inMemory);
    expect(made[1]?.bytes.equals(data)).toBe(true);
    expect(made.map((result) => [result?.report.width, result?.report.height])).toEqual([
      [60, 60],
      [5800, 5801],
      [40, 40],
    ]);
  });

  it('says what shine says', async () => {
    const input = await translucent().png().toBuffer();
    const given = makeRecipe(['teal;60;90', 'lime;0.001;50']);
    const { report } = await runJob({ ...job, recipe: given, format: 'jpeg' }, { root: '/', input });
    const shine = await recolorBuffer(input, given, { format: 'jpeg', backend: 'wasm' });
    expect(report.notices).toEqual(shine.report.notices);
    expect(report.notices.join()).toMatch(/no alpha/);
  });

  it('refuses more pixels than it may have, with the name of its own key', async () => {
    const input = await opaque().png().toBuffer();
    await expect(runJob({ ...job, maxPixels: 100 }, { root: '/', input })).rejects.toThrow(
      'in: expected at most 100 pixels, got 22663 (173 x 131); raise it with maxPixels',
    );
  });
});

describe('lut apply', () => {
  it.each([
    ['png', translucent],
    ['tiff', deep],
  ] as const)('goes strip by strip where it is told to, with the same bytes: %s', async (format, make) => {
    const folder = await makeTempFolder();
    const [input, a, b] = ['in', 'a', 'b'].map((name) => join(folder, `${name}.${format}`)) as [string, string, string];
    await writeFile(input, await make().toFormat(format).toBuffer());
    const plan = await analyze(input, recipe);
    const prepared = prepareLut(await buildLut(plan, 17, createJsBackend()), 'tetrahedral');
    const shares: number[] = [];
    const onProgress = (_: string, share: number): void => void shares.push(share);
    await applyLutFile(input, a, prepared);
    await applyLutFile(input, b, prepared, { spoolAbove: 0, tileSize: 16, tempDir: folder, onProgress });
    prepared.dispose();
    expect((await readFile(b)).equals(await readFile(a))).toBe(true);
    expect(await leftovers(folder)).toEqual([]);
  });
});

describe('a census', () => {
  it.each([
    ['8 bits', opaque],
    ['16 bits', deep],
  ])('is the same in strips: %s', async (_, make) => {
    const bytes = await make().png().toBuffer();
    const backend = createJsBackend();
    const plans = [];
    for (const spoolAbove of [0, Number.MAX_SAFE_INTEGER]) {
      const pool = createCensusPool();
      await pool.addImage(await openImage(bytes), { backend, spoolAbove, tileSize: 16 });
      plans.push(pool.plan(recipe));
    }
    expect(plans[0]).toEqual(plans[1]);
  });
});

describe('an image file', () => {
  it.each<[string, (input: string, output: string) => Promise<unknown>]>([
    ['recolorFile', (input, output) => recolorFile(input, output, recipe, { engine })],
    ['recolorFile, through the disk', (input, output) => recolorFile(input, output, recipe, { engine, spoolAbove: 0 })],
    ['recolorFile, coarsely', (input, output) => recolorFile(input, output, recipe, { engine, hierarchical: true })],
    ['analyze', (input) => analyze(input, recipe)],
    ['runJob', (input) => runJob({ ...job, input: input.slice(1) }, { root: '/', engine: buildEngine })],
  ])('is opened once, by libvips neither: %s', async (_, work) => {
    const folder = await makeTempFolder();
    const input = join(folder, 'in.jpg');
    await writeFile(input, await opaque().jpeg().toBuffer());
    vanishing.add(input);
    opens.length = 0;
    await work(input, join(folder, 'out.jpg'));
    expect(opens).toEqual([input]);
  });
});

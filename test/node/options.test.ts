/** Options of every public call: unknown names and bad values are one coded line that names the option, before any work. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createJsBackend } from '../../src/backends/js/index.js';
import * as node from '../../src/node/index.js';
import { gradient, toSharp } from '../support/images.js';
import { makeTempFolder } from '../support/temp-folder.js';

const RECIPE = ['red;50;70'];
const LUT = node.identityLut(2);
const PIXELS = { data: new Uint8Array(12), width: 2, height: 2, channels: 3 } as const;
const CENSUS = { colors: new Uint32Array([0]), counts: new Uint32Array([4]) } as never;
const backend = createJsBackend();
let png: Buffer;
let input: string;
let output: string;

beforeAll(async () => {
  png = await toSharp(gradient(8, 8)).png().toBuffer();
});
beforeEach(async () => {
  const folder = await makeTempFolder();
  input = join(folder, 'in.png');
  output = join(folder, 'out.png');
  await writeFile(input, png);
});

type Call = (options: never) => unknown;

/** Each call, with options that another call has been given: names and values are strangers to the types. */
const CALLS: Record<string, Call> = {
  recolor: (options) => node.recolor(sharp(png), RECIPE, options),
  recolorBuffer: (options) => node.recolorBuffer(png, RECIPE, options),
  recolorFile: (options) => node.recolorFile(input, output, RECIPE, options),
  recolorStream: (options) => node.recolorStream(RECIPE, options),
  analyze: (options) => node.analyze(input, RECIPE, options),
  applyLutFile: (options) => node.applyLutFile(input, output, node.prepareLut(LUT, 'trilinear'), options),
  prepareLut: (options) => node.prepareLut(LUT, 'trilinear', options),
  writeLutFile: (options) => node.writeLutFile(output, LUT, {} as never, options),
  suggestPalette: (options) => node.suggestPalette(png, new Map([['a', 'red']]), options),
  makePaletteRecipe: (options) => node.makePaletteRecipe(CENSUS, 'srgb', new Map([['a', 'red']]), options),
  createEngine: (options) => node.createEngine(options),
  createBuildEngine: (options) => node.createBuildEngine(options),
  createLutCache: (options) => node.createLutCache(options),
  recolorPixels: (options: object) =>
    node.recolorPixels(PIXELS, node.makeRecipe(RECIPE), { backend, ...options } as never),
  measurePlan: (options) => node.measurePlan(PIXELS, node.makeRecipe(RECIPE), options),
  takeCensus: (options) => node.takeCensus(PIXELS, options),
  expandConfig: (options) => node.expandConfig({ builds: [] } as never, [], options),
  planPools: (options) => node.planPools({ jobs: [], pools: [] } as never, options),
  runJob: (options) => node.runJob({} as never, options),
};

async function refusalOf(call: Call, options: object | null): Promise<string> {
  try {
    await call(options as never);
    return 'nothing was thrown';
  } catch (error) {
    return error instanceof node.ColorshineError ? `${error.code} ${error.message}` : `not coded: ${error}`;
  }
}

/** Name, bad value, what was expected. */
const BAD: Record<string, [unknown, string]> = {
  format: ['bmp', 'one of jpeg, png, webp, gif, tiff, avif'],
  quality: [0, 'number from 1 to 100'],
  backend: ['cuda', 'one of auto, js, wasm, gpu'],
  threads: [0, 'number from 1 to 256'],
  strategy: ['toString', 'one of auto, table, direct, lut'],
  approximate: ['yes', 'true or false'],
  anyGamut: [1, 'true or false'],
  maxPixels: [0, 'number from 1'],
  signal: [true, 'an AbortSignal'],
  onStage: ['log', 'a function'],
  onProgress: [{}, 'a function'],
  name: [7, 'text'],
  engine: ['wasm', 'an engine'],
  spoolAbove: [-1, 'number from 0'],
  tileSize: [1.5, 'number from 16 to 65536'],
  tempDir: ['', 'text'],
  hierarchical: ['', 'true or false'],
  preview: [true, 'text'],
  force: ['no', 'true or false'],
  failOn: ['never', 'one of '],
  profile: ['adobe', 'one of '],
  strip: ['', 'true or false'],
  howFar: [201, 'number from 0 to 200'],
  keepReferences: [0, 'true or false'],
  bits: [12, 'one of 8, 16'],
  version: [1, 'text'],
  folder: [0, 'text'],
  maxBytes: [Number.NaN, 'number from 0'],
  gpu: ['on', 'true or false'],
  onNotice: [true, 'a function'],
  onInput: ['', 'a function'],
  isOwnOutput: [{}, 'a function'],
};

const IMAGE = ['format', 'quality', 'maxPixels', 'failOn', 'strip'];
const SPOOL = ['spoolAbove', 'tileSize', 'tempDir', 'onProgress'];
const RECOLOR = [
  ...IMAGE,
  'profile',
  'backend',
  'threads',
  'strategy',
  'approximate',
  'anyGamut',
  'signal',
  'onStage',
  'name',
  'engine',
];
const TAKEN: Record<string, readonly string[]> = {
  recolor: RECOLOR,
  recolorBuffer: [...RECOLOR, ...SPOOL],
  recolorFile: [...RECOLOR, ...SPOOL, 'hierarchical', 'preview', 'force'],
  recolorStream: [...RECOLOR, ...SPOOL],
  analyze: [...SPOOL, 'maxPixels', 'signal', 'threads', 'engine', 'name'],
  applyLutFile: [...IMAGE, ...SPOOL, 'force', 'signal', 'onStage'],
  prepareLut: ['threads'],
  writeLutFile: ['bits', 'version'],
  suggestPalette: ['howFar', 'keepReferences', 'maxPixels', 'name'],
  makePaletteRecipe: ['howFar', 'keepReferences'],
  createEngine: ['backend', 'threads', 'gpu', 'onNotice'],
  createBuildEngine: ['threads'],
  createLutCache: ['folder', 'maxBytes'],
  recolorPixels: ['strategy', 'approximate', 'signal'],
  measurePlan: ['signal'],
  takeCensus: ['signal'],
  expandConfig: ['isOwnOutput'],
  planPools: ['signal', 'onInput'],
  runJob: ['signal', 'engine', 'onProgress'],
};

describe.each(Object.entries(CALLS))('%s', (name, call) => {
  it.each(TAKEN[name] as string[])('%s', async (option) => {
    const [value, expected] = BAD[option] as [unknown, string];
    const refusal = await refusalOf(call, { [option]: value });
    expect(refusal).toMatch(new RegExp(`^INVALID_OPTION ${option}: expected (a |a whole )?${expected}`));
    expect(refusal).not.toContain('\n');
  });

  it('knows all its options, and no others', async () => {
    const option = (TAKEN[name] as string[])[0] as string;
    const slip = `${option.slice(0, -1)}x`;
    expect(await refusalOf(call, { [slip]: 1 })).toMatch(
      new RegExp(`^INVALID_OPTION options: unknown key "${slip}"; did you mean "${option}"\\?`),
    );
    expect(await refusalOf(call, JSON.parse('{"__proto__":1}'))).toContain('unknown key "__proto__"');
  });
});

it.each(Object.keys(CALLS).filter((name) => name !== 'recolorPixels'))(
  '%s takes no list, text or null',
  async (name) => {
    for (const given of [null, [], 'png']) {
      expect(await refusalOf(CALLS[name] as Call, given as never)).toMatch(
        /^INVALID_OPTION options: expected an object/,
      );
    }
  },
);

it('looks into the options of a lookup table', async () => {
  const refuse = (lut: unknown) => refusalOf(CALLS.recolorBuffer as Call, { lut });
  expect(await refuse({ size: 1 })).toContain('lut.size: expected a number from 2 to 129, got 1');
  expect(await refuse({ sise: 9 })).toContain('lut: unknown key "sise"; did you mean "size"?');
  expect(await refuse({ store: {} })).toContain('lut.store: expected a store of tables');
  expect(await refuse(33)).toContain('lut: expected an object, got 33');
});

it('takes words only that are its own', async () => {
  for (const format of ['toString', 'constructor', '__proto__']) {
    expect(await refusalOf(CALLS.recolorFile as Call, { format })).toContain(`format: expected one of jpeg`);
  }
  expect(await refusalOf(() => node.prepareLut(LUT, 'toString' as never), {})).toContain(
    'interpolation: expected one of',
  );
});

it('takes undefined for what is not there', async () => {
  const options = Object.fromEntries(RECOLOR.map((name) => [name, undefined]));
  expect((await node.recolorBuffer(png, RECIPE, options)).report.pixels).toBe(64);
});

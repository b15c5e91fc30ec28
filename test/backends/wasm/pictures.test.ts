import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWasmBackend, type WasmBackend } from '../../../src/backends/wasm/index.js';
import { NODE_THREADS } from '../../../src/backends/wasm/node-threads.js';
import { oklabOfColors } from '../../../src/core/analysis/oklab-of-colors.js';
import { planFromPixels } from '../../../src/core/analysis/pixel-plan.js';
import { radiusInCensus } from '../../../src/core/analysis/plan.js';
import type { Radius } from '../../../src/core/analysis/radius.js';
import { readTargets } from '../../../src/core/analysis/targets.js';
import { measurePlan } from '../../../src/core/measure-plan.js';
import { pullPixels } from '../../../src/core/pull-pixels.js';
import {
  type Census,
  countColors,
  createColorTable,
  createJsBackend,
  type Gamut,
  makeRecipe,
  type Pixels,
  type Recipe,
  recolorPixels,
} from '../../../src/index.js';
import { findCase, PATHS, planOf, recipeOf } from '../../support/cases.js';
import { isSame, makeNoise } from '../../support/lut.js';
import { copyOf, makePicture, sameBytes, withoutPictures } from '../../support/pictures.js';

let one: WasmBackend;
let scalar: WasmBackend;
let three: WasmBackend;
const all = (): readonly WasmBackend[] => [one, scalar, three];
beforeAll(async () => {
  one = await createWasmBackend();
  scalar = await createWasmBackend({ variant: 'scalar' });
  three = await createWasmBackend({ threads: 3, support: NODE_THREADS });
});
afterAll(() => {
  for (const backend of all()) backend.dispose();
});

/** Of so many pixels that all threads take part. */
const LARGE = [1453, 1451] as const;

/** The bytes and the plan that the core's own stages give, by the same kernels. */
async function expectLikeCore(source: Pixels, recipe: ReturnType<typeof makeRecipe>, strategy: 'table' | 'direct') {
  const wanted = copyOf(source);
  const plain = await recolorPixels(wanted, recipe, { backend: withoutPictures(one), strategy });
  for (const backend of all()) {
    // One thread does one picture in one way.
    for (const isOneOfMany of backend === three ? [false, true] : [false]) {
      const got = copyOf(source);
      const report = await recolorPixels(got, recipe, { backend, strategy, isOneOfMany });
      expect(sameBytes(got, wanted)).toBe(true);
      expect(report.plan).toEqual(plain.plan);
      expect(report.distinctColors).toBe(plain.distinctColors);
    }
  }
}

describe('measureCensus', () => {
  const radiiOf = (census: Census, recipe: Recipe, gamut: Gamut): Radius[] => {
    const lab = oklabOfColors(census.colors, gamut);
    return readTargets(recipe).targets.map((target) => radiusInCensus(target, lab, census.counts));
  };

  it.each(PATHS.filter((path) => !recipeOf(path).rows.some(({ reach }) => reach !== undefined)))(
    'gives the radii of the core: $name',
    async (path) => {
      const { gamut = 'srgb' } = path;
      for (const picture of [makePicture(4, 241, 193), makePicture(3, 7, 5)]) {
        const census = countColors(picture.data as Uint8Array, picture.channels, createColorTable());
        const { targets } = readTargets(recipeOf(path));
        for (const backend of all()) {
          expect(await backend.measureCensus?.(census, targets, gamut)).toEqual(radiiOf(census, recipeOf(path), gamut));
        }
      }
    },
  );

  it('gives them where all threads take part', async () => {
    const { data, channels } = makePicture(3, ...LARGE);
    const census = countColors(data as Uint8Array, channels, createColorTable());
    const recipe = makeRecipe(['#c05030;50;150', 'blue -> teal;40;80']);
    const found = await three.measureCensus?.(census, readTargets(recipe).targets, 'srgb');
    expect(found).toEqual(radiiOf(census, recipe, 'srgb'));
  });

  it('measures a census again after others, and after pictures, came in between', async () => {
    const recipe = makeRecipe(['#c05030;50;150']);
    const { targets } = readTargets(recipe);
    const taken = [makePicture(3, 241, 193), makePicture(4, 90, 70)].map(({ data, channels }) =>
      countColors(data as Uint8Array, channels, createColorTable()),
    );
    const check = (census: Census) =>
      expect(one.measureCensus?.(census, targets, 'srgb')).resolves.toEqual(radiiOf(census, recipe, 'srgb'));
    for (const at of [0, 0, 1, 0]) await check(taken[at] as Census);
    await expectLikeCore(makePicture(3, 241, 193), recipe, 'table');
    await check(taken[0] as Census);
    // Asked for while a picture is under way, before it and behind it.
    const busy = recolorPixels(copyOf(makePicture(3, 241, 193)), recipe, { backend: one, strategy: 'table' });
    await Promise.all([check(taken[0] as Census), busy, check(taken[0] as Census)]);
  });

  it('leaves out what is invisible, knows heavy colors and none, and hears a cancel', async () => {
    const colors = Uint32Array.from({ length: 5000 }, (_, i) => (i * 7919) & 0xffffff);
    const recipe = makeRecipe(['#c05030;50;150', 'blue;0;80', 'gray;100;30']);
    const { targets } = readTargets(recipe);
    for (const weight of [(i: number) => (i % 3 === 0 ? 0 : i % 50), (i: number) => (i === 4321 ? 1e7 : 1), () => 0]) {
      const census = { colors, counts: Float64Array.from(colors, (_, i) => weight(i)) };
      expect(await one.measureCensus?.(census, targets, 'srgb')).toEqual(radiiOf(census, recipe, 'srgb'));
    }
    const census = { colors, counts: new Float64Array(5000).fill(1) };
    await expect(one.measureCensus?.(census, targets, 'srgb', { aborted: true })).rejects.toMatchObject({
      code: 'CANCELED',
    });
    const areas = { colors, counts: new Float64Array(5000).fill(2 ** 30) };
    expect(await one.measureCensus?.(areas, targets, 'srgb')).toBeUndefined();
    // The tables are free again.
    await expectLikeCore(makePicture(3, 241, 193), recipe, 'table');
  });
});

describe.each(['table', 'direct'] as const)('pictures by %s', (strategy) => {
  describe.each([3, 4] as const)('%d channels', (channels) => {
    // A fourth channel is read and written in the same way whatever the rows do to the rest.
    it.each(PATHS.filter((_, i) => channels === 3 || i % 4 === 0))(
      'have the bytes and the plan of the core: $name',
      async (path) => {
        const { gamut = 'srgb' } = path;
        await expectLikeCore({ ...makePicture(channels, 241, 193), gamut }, recipeOf(path), strategy);
      },
    );
    it('have them where all threads take part', async () => {
      await expectLikeCore(makePicture(channels, ...LARGE), makeRecipe(['#c05030;50;150', 'blue;40;80']), strategy);
      expect(three.threads).toBe(3);
    });
  });

  it('of any size and place in memory, one after the other', async () => {
    const recipe = makeRecipe(['#c05030;50;150', '#3060c0;40;80']);
    for (const [width, height, offset] of [
      [1, 1, 0],
      [3, 1, 1],
      [4099, 1, 3],
      [601, 523, 1],
      [513, 512, 2],
    ] as const) {
      const wanted = copyOf(makePicture(3, width, height));
      await recolorPixels(wanted, recipe, { backend: withoutPictures(one), strategy });
      for (const backend of all()) {
        const got = makePicture(3, width, height, offset);
        await recolorPixels(got, recipe, { backend, strategy });
        expect(sameBytes(got, wanted)).toBe(true);
      }
    }
  });

  it('leave out what is invisible, also where that is everything', async () => {
    const recipe = makeRecipe(['#c05030;50;150']);
    const source = makePicture(4);
    for (let i = 3; i < source.data.length; i += 4) source.data[i] = 0;
    await expectLikeCore(source, recipe, strategy);
    source.data[3] = 1;
    await expectLikeCore(source, recipe, strategy);
  });

  it('side by side do not mix, told so or not', async () => {
    const recipe = makeRecipe(['#c05030;50;150', '#3060c0;40;80']);
    // More than there are workers, of sizes that make memory be reused and made anew.
    const sizes = [[701, 613], [90, 50], [900, 500], LARGE, [701, 613]] as const;
    const sources = sizes.map(([width, height], i) => makePicture(i % 2 === 0 ? 3 : 4, width, height));
    const wanted = sources.map(copyOf);
    for (const pixels of wanted) await recolorPixels(pixels, recipe, { backend: withoutPictures(one), strategy });
    for (const isOneOfMany of [false, true]) {
      const copies = sources.map(copyOf);
      await Promise.all(
        copies.map((pixels, i) =>
          recolorPixels(pixels, recipe, {
            backend: three,
            strategy: i === 1 ? 'direct' : strategy,
            isOneOfMany,
          }),
        ),
      );
      for (const [i, pixels] of copies.entries()) expect(sameBytes(pixels, wanted[i] as Pixels)).toBe(true);
    }
  });

  it('are left alone when canceled or given a plan of another gamut, and done right afterwards', async () => {
    const recipe = makeRecipe(['#c05030;50;150']);
    for (const isOneOfMany of [false, true]) {
      const source = makePicture(3);
      const got = copyOf(source);
      const canceled = { backend: three, strategy, signal: { aborted: true }, isOneOfMany };
      await expect(recolorPixels(got, recipe, canceled)).rejects.toMatchObject({ code: 'CANCELED' });
      const { plan } = await recolorPixels(copyOf(source), recipe, { backend: three, strategy });
      const foreign = { ...plan, gamut: 'display-p3' as const };
      await expect(recolorPixels(got, foreign, { backend: three, strategy, isOneOfMany })).rejects.toMatchObject({
        code: 'INVALID_PLAN',
      });
      expect(sameBytes(got, source)).toBe(true);
      const wanted = copyOf(source);
      await recolorPixels(wanted, plan, { backend: withoutPictures(one), strategy });
      await recolorPixels(got, plan, { backend: three, strategy, isOneOfMany });
      expect(sameBytes(got, wanted)).toBe(true);
    }
  });
});

it('a census canceled half way leaves nothing behind', async () => {
  const source = makePicture(4, ...LARGE);
  const recipe = makeRecipe(['#c05030;50;150']);
  for (const backend of [one, three]) {
    for (let looks = 3; looks < 90; looks += 17) {
      let left = looks;
      const signal = {
        get aborted() {
          return --left < 0;
        },
      };
      const got = copyOf(source);
      await recolorPixels(got, recipe, { backend, strategy: 'table', signal }).catch((error) => {
        expect(error).toMatchObject({ code: 'CANCELED' });
      });
    }
    const wanted = await recolorPixels(copyOf(source), recipe, { backend: withoutPictures(one), strategy: 'table' });
    const got = await recolorPixels(copyOf(source), recipe, { backend, strategy: 'table' });
    expect(got.plan).toEqual(wanted.plan);
    expect(got.distinctColors).toBe(wanted.distinctColors);
  }
});

it('counts every color that there is, and what a byte does not hold', async () => {
  const recipe = makeRecipe(['#c05030;50;150', '#3060c0;40;80']);
  const every = new Uint8Array(2 ** 24 * 3);
  for (let color = 0, i = 0; color < 2 ** 24; color++) {
    every[i++] = color;
    every[i++] = color >> 8;
    every[i++] = color >> 16;
  }
  // 255, 256 and 257 pixels of a color, and millions.
  const steps = [255, 256, 257, 510, 511, 65_536].flatMap((count, i) => new Array<number>(count).fill(i * 40));
  const flat = new Uint8Array(3 * 1500 * 1000).fill(7);
  for (const [i, value] of steps.entries()) flat.fill(value, i * 3, i * 3 + 3);
  for (const [source, backends] of [
    [{ data: every, width: 4096, height: 4096, channels: 3 }, [three]],
    [{ data: flat, width: 1500, height: 1000, channels: 3 }, [one, three]],
  ] as const) {
    const wanted = copyOf(source);
    const plain = await recolorPixels(wanted, recipe, { backend: withoutPictures(one), strategy: 'table' });
    for (const backend of backends) {
      const got = copyOf(source);
      const report = await recolorPixels(got, recipe, { backend, strategy: 'table' });
      expect(sameBytes(got, wanted)).toBe(true);
      expect(report.plan).toEqual(plain.plan);
    }
  }
});

describe('radii', () => {
  const noise = (n: number): number => (Math.imul(Math.imul(n, 0x9e3779b1) ^ (n >>> 3), 0x85ebca6b) >>> 8) & 0xffffff;
  const paint = (width: number, height: number, colorAt: (n: number) => number): Pixels => {
    const data = new Uint8Array(width * height * 3);
    for (let n = 0; n < width * height; n++) {
      const color = colorAt(n);
      data.set([color & 255, (color >>> 8) & 255, (color >>> 16) & 255], n * 3);
    }
    return { data, width, height, channels: 3 };
  };
  const rarely = (n: number): number => (n % 3001 === 7 ? 0xffffff : 0x102030);
  const tolerances = [0, 0.001, 1, 7.3, 33.333, 50, 90, 99, 99.999, 100];
  const colors = ['#b0703a', '#3060c0 -> gold', 'keep #c0c0c0'];
  const recipe = makeRecipe([
    ...colors.flatMap((color) => tolerances.map((tolerance) => `${color};${tolerance};150`)),
    'teal;~0.2;50',
  ]);
  const fair = (pixels: Pixels) => Uint32Array.from({ length: 6000 }, (_, i) => packedAt(pixels, i * 51));

  it.each([
    ['noise', paint(700, 500, noise)],
    ['one color', paint(600, 500, () => 0x3a6fb2)],
    ['two colors, the second where the sample rarely looks', paint(640, 500, rarely)],
    ['a gradient', paint(512, 600, (n) => Math.floor(n / 1200) * 0x010101)],
    ['sorted by distance', paint(512, 600, (n) => Math.floor((n / 307_200) * 0xffffff))],
    ['one pixel', paint(1, 1, () => 0x3a6fb2)],
  ])('%s: those of the core, to the last bit, whatever the sample says', async (_, pixels) => {
    const wanted = planFromPixels(pixels, recipe);
    const samples = [undefined, new Uint32Array(0), new Uint32Array(60_000).fill(0x808080), fair(pixels)];
    for (const backend of all()) {
      expect(await measurePlan(pixels, recipe, { backend })).toEqual(wanted);
      // What a sample leads to is decided outside of the kernels.
      for (const sample of backend === three ? samples : samples.slice(3)) {
        const opened = await backend.openPicture?.(pixels, { wantsCensus: true, sample });
        await opened?.census();
        expect(await opened?.plan(recipe)).toEqual(wanted);
        opened?.close();
      }
    }
  });
});

function packedAt({ data }: Pixels, pixel: number): number {
  const at = (pixel * 3) % (data.length - 2);
  return (data[at] as number) | ((data[at + 1] as number) << 8) | ((data[at + 2] as number) << 16);
}

describe('16 bits', () => {
  const plan = planOf(findCase('jumps at the radius'));
  const recipe = makeRecipe(['#c05030;30;150', 'blue -> tan;20;200', 'lime;40;101', 'keep tan;77;30', 'navy;5;60']);
  function picture(channels: 3 | 4): Pixels {
    const random = makeNoise(16 + channels);
    const data = new Uint16Array(677 * 509 * channels);
    for (let i = 0; i < data.length; i++)
      data[i] = channels === 4 && i % 4 === 3 && random() < 0.2 ? 0 : random() * 65536;
    return { data, width: 677, height: 509, channels };
  }

  it.each([3, 4] as const)(
    '%d channels: bytes of js and radii of the core, with and without SIMD',
    async (channels) => {
      const wanted = picture(channels);
      await createJsBackend().evaluate16?.(wanted.data as Uint16Array, channels, plan);
      const radii = planFromPixels(picture(channels), recipe);
      for (const backend of all()) {
        const got = picture(channels);
        await pullPixels(got, plan, backend);
        expect(isSame(got.data, wanted.data)).toBe(true);
        expect(await measurePlan(picture(channels), recipe, { backend })).toEqual(radii);
      }
    },
  );

  it('measured side by side do not mix', async () => {
    const wanted = [3, 4].map((channels) => planFromPixels(picture(channels as 3 | 4), recipe));
    for (const backend of [one, three]) {
      const plans = [3, 4].map((channels) => measurePlan(picture(channels as 3 | 4), recipe, { backend }));
      expect(await Promise.all(plans)).toEqual(wanted);
    }
  });

  it('measured while a picture of 8 bits makes the memory grow', async () => {
    const fresh = await createWasmBackend();
    const wanted = planFromPixels(picture(3), recipe);
    const [measured] = await Promise.all([
      measurePlan(picture(3), recipe, { backend: fresh }),
      recolorPixels(makePicture(3, 900, 800), recipe, { backend: fresh, strategy: 'table' }),
    ]);
    expect(measured).toEqual(wanted);
    fresh.dispose();
  });

  it('beside 8 bits do not mix', async () => {
    const [deep, bytes] = [picture(3), makePicture(4)];
    const wanted = [picture(3), makePicture(4)] as const;
    for (const pixels of wanted) await pullPixels(pixels, plan, one);
    await Promise.all([pullPixels(deep, plan, three), pullPixels(bytes, plan, three)]);
    expect(isSame(deep.data, wanted[0].data)).toBe(true);
    expect(isSame(bytes.data, wanted[1].data)).toBe(true);
  });
});

it('a cancel is heard while another picture has its turn', async () => {
  const recipe = makeRecipe(['#c05030;50;150']);
  const first = await one.openPicture?.(makePicture(3), { wantsCensus: true });
  const signal = { aborted: false };
  const second = recolorPixels(makePicture(3), recipe, { backend: one, strategy: 'table', signal });
  setTimeout(() => {
    signal.aborted = true;
  }, 1);
  await expect(second).rejects.toMatchObject({ code: 'CANCELED' });
  const third = recolorPixels(makePicture(3), recipe, { backend: one, strategy: 'table' });
  first?.close();
  expect((await third).plan.rows).toHaveLength(1);
});

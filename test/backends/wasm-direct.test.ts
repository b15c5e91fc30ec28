import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withFallback } from '../../src/backends/fallback.js';
import { createWasmBackend, type WasmBackend } from '../../src/backends/wasm/index.js';
import { startNodePool } from '../../src/backends/wasm/node-threads.js';
import { planFromPixels } from '../../src/core/analysis/pixel-plan.js';
import { makeRecipe, type Pixels, recolorPixels } from '../../src/index.js';
import { crashAt } from '../support/crashing-pool.js';
import { copyOf, makePicture, sameBytes, withoutPictures } from '../support/pictures.js';
import { PLAN_CASES } from '../support/plans.js';

let backends: readonly WasmBackend[] = [];
beforeAll(async () => {
  backends = [
    await createWasmBackend(),
    await createWasmBackend({ variant: 'scalar' }),
    await createWasmBackend({ threads: 3, startPool: startNodePool }),
  ];
});
afterAll(() => {
  for (const backend of backends) backend.dispose();
});

const direct = { strategy: 'direct' } as const;

/** The bytes and the plan that the core's own stages give, by the same kernel. */
async function expectLikeCore(source: Pixels, recipe: ReturnType<typeof makeRecipe>): Promise<void> {
  const wanted = copyOf(source);
  const [first] = backends as [WasmBackend];
  const plain = await recolorPixels(wanted, recipe, { backend: withoutPictures(first), ...direct });
  for (const backend of backends) {
    const got = copyOf(source);
    const report = await recolorPixels(got, recipe, { backend, ...direct });
    expect(report.plan).toEqual(plain.plan);
    expect(sameBytes(got, wanted)).toBe(true);
  }
}

/** A picture whose pixels are what a function says. */
function paint(width: number, height: number, colorAt: (n: number) => number): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let n = 0; n < width * height; n++) {
    const color = colorAt(n);
    data.set([color & 255, (color >>> 8) & 255, (color >>> 16) & 255], n * 3);
  }
  return { data, width, height, channels: 3 };
}

const noise = (n: number): number => (Math.imul(Math.imul(n, 0x9e3779b1) ^ (n >>> 3), 0x85ebca6b) >>> 8) & 0xffffff;

describe('recolorDirect', () => {
  describe.each([3, 4] as const)('%d channels', (channels) => {
    it.each(PLAN_CASES)(
      'gives the bytes and the plan of the core: $name',
      async ({ attractors, gamut = 'srgb', ...rest }) => {
        await expectLikeCore({ ...makePicture(channels), gamut }, makeRecipe({ attractors, ...rest, name: 'case' }));
      },
    );
  });

  it.each([
    ['noise', paint(700, 500, noise)],
    ['one color', paint(600, 500, () => 0x3a6fb2)],
    [
      'two colors, the second where the sample rarely looks',
      paint(640, 500, (n) => (n % 3001 === 7 ? 0xffffff : 0x102030)),
    ],
    ['a gradient', paint(512, 600, (n) => Math.floor(n / 1200) * 0x010101)],
    ['sorted by distance', paint(512, 600, (n) => Math.floor((n / 307_200) * 0xffffff))],
    ['one pixel', paint(1, 1, () => 0x3a6fb2)],
    ['less than a group', paint(3, 1, noise)],
    ['a ragged end', paint(4099, 1, noise)],
  ])('any tolerance: %s', async (_, source) => {
    const tolerances = [0, 0.001, 1, 7.3, 33.333, 50, 90, 99, 99.999, 100];
    const recipe = makeRecipe(tolerances.map((tolerance) => `#b0703a;${tolerance};150`));
    const plan = planFromPixels(source, recipe);
    for (const backend of backends) {
      const report = await recolorPixels(copyOf(source), recipe, { backend, ...direct });
      expect(report.plan).toEqual(plan);
    }
    await expectLikeCore(source, makeRecipe(['#b0703a;33;150', 'blue;0.001;200', 'oklch(0.9 1.5 30);50;100']));
  });

  it('leaves out what is invisible, also where that is everything', async () => {
    const recipe = makeRecipe(['#c05030;50;150']);
    const source = makePicture(4);
    for (let i = 3; i < source.data.length; i += 4) source.data[i] = 0;
    await expectLikeCore(source, recipe);
    source.data[3] = 1;
    await expectLikeCore(source, recipe);
  });

  it('does pictures side by side, with those by table', async () => {
    const recipe = makeRecipe(['#c05030;50;150', '#3060c0;40;80']);
    const sources = [makePicture(3), makePicture(4), makePicture(3, 900, 500), makePicture(3, 90, 50)];
    const wanted = sources.map(copyOf);
    const [one, , three] = backends as [WasmBackend, WasmBackend, WasmBackend];
    for (const pixels of wanted) await recolorPixels(pixels, recipe, { backend: withoutPictures(one), ...direct });
    await Promise.all(
      sources.map((pixels, i) =>
        recolorPixels(pixels, recipe, { backend: three, strategy: i % 2 === 0 ? 'direct' : 'table' }),
      ),
    );
    for (const [i, pixels] of sources.entries()) expect(sameBytes(pixels, wanted[i] as Pixels)).toBe(true);
  });

  it('leaves the picture alone when canceled or given a plan of another gamut', async () => {
    const recipe = makeRecipe(['#c05030;50;150']);
    const source = makePicture(3);
    const got = copyOf(source);
    let looks = 0;
    const signal = {
      get aborted() {
        return ++looks > 1;
      },
    };
    const backend = backends[2] as WasmBackend;
    await expect(recolorPixels(got, recipe, { backend, ...direct, signal })).rejects.toMatchObject({
      code: 'CANCELED',
    });
    const plan = { ...planFromPixels(source, recipe), gamut: 'display-p3' as const };
    await expect(recolorPixels(got, plan, { backend, ...direct })).rejects.toMatchObject({ code: 'INVALID_PLAN' });
    expect(sameBytes(got, source)).toBe(true);
  });

  it.each(['collect-pixels', 'pull-pixels'])('a worker lost in stage %s costs nothing but time', async (stage) => {
    const notices: string[] = [];
    const backend = await createWasmBackend({
      threads: 3,
      startPool: crashAt(stage),
      onNotice: (sentence) => notices.push(sentence),
    });
    const recipe = makeRecipe(['#c05030;50;150', '#3060c0;40;80']);
    const source = makePicture(3);
    const wanted = copyOf(source);
    await recolorPixels(wanted, recipe, { backend: withoutPictures(backends[0] as WasmBackend), ...direct });
    const wrapped = withFallback([{ name: 'wasm', create: async () => backend }]);
    for (let run = 0; run < 2; run++) {
      const got = copyOf(source);
      await recolorPixels(got, recipe, { backend: wrapped, ...direct });
      expect(sameBytes(got, wanted)).toBe(true);
    }
    expect(notices).toHaveLength(1);
    expect(backend.threads).toBe(1);
    wrapped.dispose();
  });
});

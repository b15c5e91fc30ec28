import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withFallback } from '../../src/backends/fallback.js';
import { createWasmBackend, type WasmBackend } from '../../src/backends/wasm/index.js';
import { startNodePool } from '../../src/backends/wasm/node-threads.js';
import { makeRecipe, type Pixels, recolorPixels } from '../../src/index.js';
import { crashAt } from '../support/crashing-pool.js';
import { copyOf, makePicture, sameBytes, withoutPictures } from '../support/pictures.js';
import { PLAN_CASES } from '../support/plans.js';

let one: WasmBackend;
let three: WasmBackend;
beforeAll(async () => {
  one = await createWasmBackend();
  three = await createWasmBackend({ threads: 3, startPool: startNodePool });
});
afterAll(() => {
  one.dispose();
  three.dispose();
});

describe('recolorTable', () => {
  describe.each([3, 4] as const)('%d channels', (channels) => {
    it.each(PLAN_CASES.slice(0, 6))(
      'gives the bytes and the plan of the core: $name',
      async ({ attractors, gamut = 'srgb', ...rest }) => {
        const recipe = makeRecipe({ attractors, ...rest, name: 'case' });
        const source = { ...makePicture(channels), gamut };
        const wanted = copyOf(source);
        const plain = await recolorPixels(wanted, recipe, { backend: withoutPictures(one), strategy: 'table' });
        expect(sameBytes(wanted, source)).toBe(false);
        for (const backend of [one, three]) {
          const got = copyOf(source);
          const report = await recolorPixels(got, recipe, { backend, strategy: 'table' });
          expect(sameBytes(got, wanted)).toBe(true);
          expect(report.plan).toEqual(plain.plan);
          expect(report.distinctColors).toBe(plain.distinctColors);
        }
        expect(three.threads).toBe(3);
      },
    );
  });

  it('waits for tables that are being laid out, and does without where that fails', async () => {
    const recipe = makeRecipe(['#c05030;50;150', '#3060c0;40;80']);
    const source = makePicture(3);
    const wanted = copyOf(source);
    await recolorPixels(wanted, recipe, { backend: withoutPictures(one), strategy: 'table' });
    let laidOut = 0;
    const ways = [
      async (memory: Uint8Array) => {
        await new Promise((resolve) => setTimeout(resolve, 30));
        laidOut = memory.fill(0).length; // as late as the pictures before it would notice
      },
      () => Promise.reject(new Error('no such device')),
    ];
    for (const layOut of ways) {
      const backend = await createWasmBackend({ threads: 2, startPool: startNodePool, layOut });
      const got = copyOf(source);
      await recolorPixels(got, recipe, { backend, strategy: 'table' });
      expect(sameBytes(got, wanted)).toBe(true);
      backend.dispose();
    }
    expect(laidOut).toBeGreaterThan(2 ** 26);
  });

  it('takes pictures of any size and place in memory, one after the other', async () => {
    const recipe = makeRecipe(['#c05030;50;150', '#3060c0;40;80']);
    for (const [width, height, offset] of [
      [1, 1, 0],
      [601, 523, 1],
      [1023, 700, 3],
      [513, 512, 2],
    ] as const) {
      const source = makePicture(3, width, height, offset);
      const wanted = copyOf(source);
      await recolorPixels(wanted, recipe, { backend: withoutPictures(one), strategy: 'table' });
      const got = makePicture(3, width, height, offset);
      await recolorPixels(got, recipe, { backend: three, strategy: 'table' });
      expect(sameBytes(got, wanted)).toBe(true);
    }
  });

  it('does pictures side by side', async () => {
    const recipe = makeRecipe(['#c05030;50;150']);
    const sources = [makePicture(3), makePicture(4), makePicture(3, 900, 500)];
    const wanted = sources.map(copyOf);
    for (const pixels of wanted)
      await recolorPixels(pixels, recipe, { backend: withoutPictures(one), strategy: 'table' });
    await Promise.all(sources.map((pixels) => recolorPixels(pixels, recipe, { backend: three, strategy: 'table' })));
    for (const [i, pixels] of sources.entries()) expect(sameBytes(pixels, wanted[i] as Pixels)).toBe(true);
  });

  it('leaves the picture alone when canceled or given a plan of another gamut, and works afterwards', async () => {
    const recipe = makeRecipe(['#c05030;50;150']);
    const source = makePicture(3);
    const got = copyOf(source);
    let looks = 0;
    const signal = {
      get aborted() {
        return ++looks > 2;
      },
    };
    await expect(recolorPixels(got, recipe, { backend: three, strategy: 'table', signal })).rejects.toMatchObject({
      code: 'CANCELED',
    });
    expect(sameBytes(got, source)).toBe(true);
    const { plan } = await recolorPixels(copyOf(source), recipe, { backend: three, strategy: 'table' });
    const foreign = { ...plan, gamut: 'display-p3' as const };
    await expect(recolorPixels(got, foreign, { backend: three, strategy: 'table' })).rejects.toMatchObject({
      code: 'INVALID_PLAN',
    });
    expect(sameBytes(got, source)).toBe(true);
    const wanted = copyOf(source);
    await recolorPixels(wanted, plan, { backend: withoutPictures(one), strategy: 'table' });
    await recolorPixels(got, plan, { backend: three, strategy: 'table' });
    expect(sameBytes(got, wanted)).toBe(true);
  });

  it.each(['count', 'merge', 'emit', 'collect-colors', 'pull-slots', 'paint'])(
    'a worker lost in stage %s costs nothing but time',
    async (stage) => {
      const notices: string[] = [];
      const backend = await createWasmBackend({
        threads: 3,
        startPool: crashAt(stage),
        onNotice: (sentence) => notices.push(sentence),
      });
      const recipe = makeRecipe(['#c05030;50;150', '#3060c0;40;80']);
      const source = makePicture(3);
      const wanted = copyOf(source);
      await recolorPixels(wanted, recipe, { backend: withoutPictures(one), strategy: 'table' });
      const wrapped = withFallback([{ name: 'wasm', create: async () => backend }]);
      for (let run = 0; run < 2; run++) {
        const got = copyOf(source);
        await recolorPixels(got, recipe, { backend: wrapped, strategy: 'table' });
        expect(sameBytes(got, wanted)).toBe(true);
      }
      expect(notices).toHaveLength(1);
      expect(backend.threads).toBe(1);
      wrapped.dispose();
    },
  );
});

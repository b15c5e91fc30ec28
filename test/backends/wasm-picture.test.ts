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

/** Too large for the way of one thread (LONE_PIXELS). */
const LARGE = [2053, 2051] as const;

describe('recolorTable', () => {
  describe.each([
    [3, 701, 613, 6],
    [4, 701, 613, 6],
    [3, ...LARGE, 1],
    [4, ...LARGE, 1],
  ] as const)('%d channels, %d x %d', (channels, width, height, cases) => {
    it.each(PLAN_CASES.slice(0, cases))(
      'gives the bytes and the plan of the core: $name',
      async ({ attractors, gamut = 'srgb', ...rest }) => {
        const recipe = makeRecipe({ attractors, ...rest, name: 'case' });
        const source = { ...makePicture(channels, width, height), gamut };
        const wanted = copyOf(source);
        const plain = await recolorPixels(wanted, recipe, { backend: withoutPictures(one), strategy: 'table' });
        expect(sameBytes(wanted, source)).toBe(false);
        for (const backend of [one, three]) {
          for (const isOneOfMany of [false, true]) {
            const got = copyOf(source);
            const report = await recolorPixels(got, recipe, { backend, strategy: 'table', isOneOfMany });
            expect(sameBytes(got, wanted)).toBe(true);
            expect(report.plan).toEqual(plain.plan);
            expect(report.distinctColors).toBe(plain.distinctColors);
          }
        }
        expect(three.threads).toBe(3);
      },
    );
  });

  it('counts every color that there is, and all pixels under alpha 0', async () => {
    const recipe = makeRecipe(['#c05030;50;150', '#3060c0;40;80']);
    const every = new Uint8Array(2 ** 24 * 3); // MAX_LONE_PIXELS, each of a new color: the lists are full
    for (let color = 0, i = 0; color < 2 ** 24; color++) {
      every[i++] = color;
      every[i++] = color >> 8;
      every[i++] = color >> 16;
    }
    const hidden = makePicture(4);
    for (let i = 3; i < hidden.data.length; i += 4) hidden.data[i] = 0;
    const isOneOfMany = true;
    for (const source of [{ data: every, width: 4096, height: 4096, channels: 3 as const }, hidden]) {
      const wanted = copyOf(source);
      const plain = await recolorPixels(wanted, recipe, { backend: withoutPictures(one), strategy: 'table' });
      const got = copyOf(source);
      const report = await recolorPixels(got, recipe, { backend: three, strategy: 'table', isOneOfMany });
      expect(sameBytes(got, wanted)).toBe(true);
      expect(report.plan).toEqual(plain.plan);
      expect(report.distinctColors).toBe(plain.distinctColors);
    }
  });

  it('waits for tables that are being laid out, and does without where that fails', async () => {
    const recipe = makeRecipe(['#c05030;50;150', '#3060c0;40;80']);
    const source = makePicture(3, ...LARGE);
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

  it.each([false, true])('does pictures side by side, told so: %s', async (isOneOfMany) => {
    const recipe = makeRecipe(['#c05030;50;150']);
    // More than there are workers, of sizes that make memory be reused and made anew.
    const sources = [
      makePicture(3),
      makePicture(4),
      makePicture(3, 900, 500),
      makePicture(3, ...LARGE),
      makePicture(4),
    ];
    const wanted = sources.map(copyOf);
    for (const pixels of wanted)
      await recolorPixels(pixels, recipe, { backend: withoutPictures(one), strategy: 'table' });
    await Promise.all(
      sources.map((pixels) => recolorPixels(pixels, recipe, { backend: three, strategy: 'table', isOneOfMany })),
    );
    for (const [i, pixels] of sources.entries()) expect(sameBytes(pixels, wanted[i] as Pixels)).toBe(true);
  });

  it.each([
    ['on one thread', [701, 613], false],
    ['on a worker', [701, 613], true],
    ['on all threads', LARGE, false],
  ] as const)(
    '%s: leaves the picture alone when canceled or given a plan of another gamut, and works afterwards',
    async (_way, size, isOneOfMany) => {
      const recipe = makeRecipe(['#c05030;50;150']);
      const source = makePicture(3, ...size);
      const got = copyOf(source);
      let looks = 0;
      const signal = {
        get aborted() {
          return ++looks > 2;
        },
      };
      const canceled = recolorPixels(got, recipe, { backend: three, strategy: 'table', signal, isOneOfMany });
      await expect(canceled).rejects.toMatchObject({ code: 'CANCELED' });
      expect(looks).toBe(3);
      expect(sameBytes(got, source)).toBe(true);
      const { plan } = await recolorPixels(copyOf(source), recipe, { backend: three, strategy: 'table' });
      const foreign = { ...plan, gamut: 'display-p3' as const };
      await expect(
        recolorPixels(got, foreign, { backend: three, strategy: 'table', isOneOfMany }),
      ).rejects.toMatchObject({ code: 'INVALID_PLAN' });
      expect(sameBytes(got, source)).toBe(true);
      const wanted = copyOf(source);
      await recolorPixels(wanted, plan, { backend: withoutPictures(one), strategy: 'table' });
      await recolorPixels(got, plan, { backend: three, strategy: 'table', isOneOfMany });
      expect(sameBytes(got, wanted)).toBe(true);
    },
  );

  it.each(['count', 'merge', 'emit', 'collect-colors', 'pull-slots', 'paint', 'lone'])(
    'a worker lost in stage %s costs nothing but time',
    async (stage) => {
      const notices: string[] = [];
      const backend = await createWasmBackend({
        threads: 3,
        startPool: crashAt(stage),
        onNotice: (sentence) => notices.push(sentence),
      });
      const recipe = makeRecipe(['#c05030;50;150', '#3060c0;40;80']);
      const source = makePicture(3, ...LARGE);
      const wanted = copyOf(source);
      await recolorPixels(wanted, recipe, { backend: withoutPictures(one), strategy: 'table' });
      const wrapped = withFallback([{ name: 'wasm', create: async () => backend }]);
      for (let run = 0; run < 2; run++) {
        const got = copyOf(source);
        await recolorPixels(got, recipe, { backend: wrapped, strategy: 'table', isOneOfMany: stage === 'lone' });
        expect(sameBytes(got, wanted)).toBe(true);
      }
      expect(notices).toHaveLength(1);
      expect(backend.threads).toBe(1);
      wrapped.dispose();
    },
  );
});

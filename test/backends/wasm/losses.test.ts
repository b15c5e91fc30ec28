import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWasmBackend, type WasmBackend } from '../../../src/backends/wasm/index.js';
import { applyLut } from '../../../src/core/lut/open-lut.js';
import { measurePlan, takeCensus } from '../../../src/core/measure-plan.js';
import { pullPixels } from '../../../src/core/pull-pixels.js';
import {
  buildLut,
  createSampler,
  makeRecipe,
  type Pixels,
  type Plan,
  planFor,
  recolorPixels,
} from '../../../src/index.js';
import { makeNoise } from '../../support/lut.js';
import { type Death, mortalThreads } from '../../support/mortal-threads.js';
import { copyOf } from '../../support/pictures.js';

const RECIPE = makeRecipe(['#c05030;50;150', '#3060c0;40;80']);
/** So many colors and pixels that every stage is shared. */
const [WIDTH, HEIGHT] = [801, 700];

const made = new Map<string, Pixels>();

/** Noise, some of it under alpha 0 where there is an alpha. */
function picture(bits: 8 | 16, channels: 3 | 4): Pixels {
  const name = `${bits}, ${channels}`;
  const source = made.get(name) ?? makeNoisy(bits, channels);
  made.set(name, source);
  return copyOf(source);
}

function makeNoisy(bits: 8 | 16, channels: 3 | 4): Pixels {
  const random = makeNoise(bits + channels);
  const length = WIDTH * HEIGHT * channels;
  const data = bits === 16 ? new Uint16Array(length) : new Uint8Array(length);
  for (let i = 0; i < length; i++) data[i] = channels === 4 && i % 4 === 3 && random() < 0.1 ? 0 : random() * 2 ** bits;
  return { data, width: WIDTH, height: HEIGHT, channels };
}

/** Bytes to compare; millions of them one by one would take seconds. */
const hashOf = (data: Uint8Array | Uint8ClampedArray | Uint16Array | Uint32Array): string =>
  createHash('sha256')
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest('hex');
const bytes = ({ data }: Pixels): string => hashOf(data);

let one: WasmBackend;
let plan: Plan;
beforeAll(async () => {
  one = await createWasmBackend();
  plan = planFor(picture(8, 3), RECIPE);
});
afterAll(() => one.dispose());

/** Everything that threads share, as a thing to do and what must come out of it, whoever does it. */
const WORK: Record<string, (backend: WasmBackend) => Promise<unknown>> = {
  async table(backend) {
    const pixels = picture(8, 4);
    const { plan: found, distinctColors } = await recolorPixels(pixels, RECIPE, { backend, strategy: 'table' });
    return [bytes(pixels), found, distinctColors];
  },
  async direct(backend) {
    const pixels = picture(8, 3);
    const report = await recolorPixels(pixels, RECIPE, { backend, strategy: 'direct' });
    return [bytes(pixels), report.plan];
  },
  async 'direct, 16 bits'(backend) {
    const pixels = picture(16, 4);
    const report = await recolorPixels(pixels, RECIPE, { backend, strategy: 'direct' });
    return [bytes(pixels), report.plan];
  },
  async lut(backend) {
    const pixels = picture(8, 3);
    const report = await recolorPixels(pixels, RECIPE, { backend, strategy: 'lut' });
    return [bytes(pixels), report.plan, report.lut?.error];
  },
  async 'lut, 16 bits'(backend) {
    const pixels = picture(16, 3);
    const lut = await buildLut(plan, 17, backend);
    const sampler = (await backend.createSampler?.(lut, 'trilinear', 65535)) ?? createSampler(lut, 'trilinear', 65535);
    await applyLut(sampler, pixels.data, 3, undefined);
    return bytes(pixels);
  },
  async 'one of many'(backend) {
    const pixels = picture(8, 3);
    const report = await recolorPixels(pixels, RECIPE, { backend, strategy: 'table', isOneOfMany: true });
    return [bytes(pixels), report.plan];
  },
  async 'strips of a huge picture'(backend) {
    const pixels = picture(8, 3);
    for (let y = 0; y < HEIGHT; y += 500) {
      const data = (pixels.data as Uint8Array).subarray(y * WIDTH * 3, Math.min(HEIGHT, y + 500) * WIDTH * 3);
      await pullPixels({ data, width: WIDTH, height: data.length / WIDTH / 3, channels: 3 }, plan, backend);
    }
    return bytes(pixels);
  },
  async colors(backend) {
    const colors = Uint32Array.from({ length: 900_001 }, (_, i) => (i * 18.5) & 0xffffff);
    const out = new Uint32Array(colors.length);
    await backend.evaluate(colors, plan, out);
    return hashOf(out);
  },
  async census(backend) {
    const pixels = picture(8, 4);
    const { colors, counts } = await takeCensus(pixels, { backend });
    // In no order that could be relied on.
    const sum = colors.reduce((total, color, i) => (total + (color % 65_521) * ((counts[i] as number) + 1)) % 1e15, 0);
    return [colors.length, sum, await measurePlan(pixels, RECIPE, { backend })];
  },
};

/** What each kind of work runs on the workers. */
const KERNELS: readonly (readonly [work: keyof typeof WORK, kernel: string])[] = [
  ['table', 'count'],
  ['table', 'emit'],
  ['table', 'collectColors'],
  ['table', 'pullCensus'],
  ['table', 'fill'],
  ['table', 'paint'],
  ['direct', 'collectPixels'],
  ['direct', 'pullPixels'],
  ['direct, 16 bits', 'sortDeep'],
  ['direct, 16 bits', 'pullDeep'],
  ['lut', 'grid'],
  ['lut', 'lookUp'],
  ['lut, 16 bits', 'sample'],
  ['one of many', 'picture'],
  ['strips of a huge picture', 'pullPixels'],
  ['colors', 'pull'],
  ['census', 'emit'],
];

const wanted = new Map<string, unknown>();
async function wantedOf(work: string): Promise<unknown> {
  if (!wanted.has(work)) wanted.set(work, await WORK[work]?.(one));
  return wanted.get(work);
}

describe('a worker lost in the middle of work costs nothing but time', () => {
  const deaths: readonly Death[] = ['before', 'during', 'exception', 'memory'];
  it.each(KERNELS.map((row, i) => [...row, deaths[i % deaths.length] as Death] as const))(
    '%s, in %s: %s',
    async (work, kernel, death) => {
      let struck = 0;
      const threads = mortalThreads((message, index) => {
        const isIt = message.type === 'run' ? message.kernel === kernel : message.type === kernel;
        // Of whole pictures, whoever gets it.
        if (!isIt || (message.type === 'run' && index !== 0) || struck > 0) return undefined;
        struck++;
        return death;
      });
      await expectSurvival(work, threads, 1);
      expect(struck).toBe(1);
    },
  );

  it.each(['count', 'emit', 'paint', 'pullCensus'])('all of them, one after the other, from %s on', async (kernel) => {
    let struck = 0;
    const threads = mortalThreads((message, index) => {
      if (message.type !== 'run' || message.kernel !== kernel || struck !== index) return undefined;
      struck++;
      return index === 0 ? 'during' : 'before';
    });
    await expectSurvival('table', threads, 2);
    expect(struck).toBe(2);
  });
});

describe('a worker lost while nothing is to be done', () => {
  it.each(Object.keys(WORK))('is not missed: %s', async (work) => {
    const threads = mortalThreads();
    const notices: string[] = [];
    const backend = await open(threads, notices);
    try {
      expect(await WORK[work]?.(backend)).toEqual(await wantedOf(work));
      const before = threads.runs[1]?.length ?? 0;
      // Not waited for: the next work may begin before anybody knows of it.
      void threads.kill(0);
      expect(await WORK[work]?.(backend)).toEqual(await wantedOf(work));
      await threads.kill(0);
      expect(await WORK[work]?.(backend)).toEqual(await wantedOf(work));
      expect(notices).toEqual([expect.stringMatching(/^The wasm backend goes on with 2 threads: /)]);
      expect(backend.threads).toBe(2);
      // Those that are left go on.
      if (work !== 'one of many') expect(threads.runs[1]?.length).toBeGreaterThan(before);
    } finally {
      backend.dispose();
    }
  });

  it('is not missed between the stages of one picture', async () => {
    for (const stage of ['census', 'plan', 'pull'] as const) {
      const threads = mortalThreads();
      const notices: string[] = [];
      const backend = await open(threads, notices);
      const pixels = picture(8, 3);
      const opened = await backend.openPicture?.(pixels, { wantsCensus: true });
      if (!opened) throw new Error('no picture');
      const { colors, newColors } = await opened.census();
      if (stage === 'census') await threads.kill(0);
      const found = await opened.plan(RECIPE);
      if (stage === 'plan') await threads.kill(0);
      await backend.evaluate(colors, found, newColors);
      if (stage === 'pull') await threads.kill(0);
      await opened.paint(newColors);
      opened.close();
      const other = copyOf(picture(8, 3));
      await recolorPixels(other, RECIPE, { backend: one, strategy: 'table' });
      expect(bytes(pixels)).toEqual(bytes(other));
      expect(notices).toHaveLength(1);
      backend.dispose();
    }
  });
});

describe('memory that cannot be shared, since there is no room for it', () => {
  it.each([false, true])('is done without, adaptive: %s', async (isAdaptive) => {
    const noRoom = new RangeError('WebAssembly.Memory(): could not allocate memory');
    const support = { ...mortalThreads().support, compileShared: () => Promise.reject(noRoom) };
    const notices: string[] = [];
    const options = { threads: 3, support, isAdaptive, startsAtOnce: true };
    const backend = await createWasmBackend({ ...options, onNotice: (text) => notices.push(text) });
    try {
      for (const work of ['one of many', 'table']) expect(await WORK[work]?.(backend)).toEqual(await wantedOf(work));
      expect(backend.threads).toBe(1);
      expect(notices).toEqual([`The wasm backend goes on with one thread: ${noRoom.message}.`]);
    } finally {
      backend.dispose();
    }
  });
});

describe('workers that do not come up', () => {
  it.each([
    [
      'throw',
      () => {
        throw new Error('no threads here');
      },
    ],
    ['are lost before they are ready', undefined],
  ] as const)('%s: one thread does all', async (_, startWorker) => {
    const threads = mortalThreads((message) => (message.type === 'start' ? 'before' : undefined));
    const notices: string[] = [];
    const support = startWorker ? { ...threads.support, startWorker } : threads.support;
    const backend = await createWasmBackend({ threads: 3, support, onNotice: (text) => notices.push(text) });
    try {
      expect(await WORK.table?.(backend)).toEqual(await wantedOf('table'));
      expect(backend.threads).toBe(1);
      expect(notices).toEqual([expect.stringMatching(/^The wasm backend goes on with /)]);
    } finally {
      backend.dispose();
    }
  });
});

it('work in progress ends without workers and without a word when the backend is disposed of', async () => {
  const notices: string[] = [];
  let isDisposed = false;
  const threads = mortalThreads((message) => {
    if (message.type === 'run' && message.kernel === 'pullPixels' && !isDisposed) {
      isDisposed = true;
      setImmediate(() => backend.dispose());
    }
    return undefined;
  });
  const backend = await open(threads, notices);
  expect(await WORK.direct?.(backend)).toEqual(await wantedOf('direct'));
  expect(notices).toEqual([]);
});

async function open({ support }: ReturnType<typeof mortalThreads>, notices: string[]): Promise<WasmBackend> {
  return createWasmBackend({ threads: 3, support, onNotice: (sentence) => notices.push(sentence) });
}

/** The bytes are right, one sentence is said, and what is left works on. */
async function expectSurvival(work: string, threads: ReturnType<typeof mortalThreads>, lost: number): Promise<void> {
  const notices: string[] = [];
  const backend = await open(threads, notices);
  try {
    for (let run = 0; run < 2; run++) expect(await WORK[work]?.(backend)).toEqual(await wantedOf(work));
    expect(notices).toHaveLength(1);
    expect(backend.threads).toBe(3 - lost);
  } finally {
    backend.dispose();
  }
}

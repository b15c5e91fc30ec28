import { expect, it } from 'vitest';
import { withFallback } from '../../src/backends/fallback.js';
import { createWasmBackend } from '../../src/backends/wasm/index.js';
import { startNodePool, startNodeWorker } from '../../src/backends/wasm/node-threads.js';
import { createPool, type StartPool, type WorkerHandle } from '../../src/backends/wasm/pool.js';
import { buildLut, createSampler, identityLut, type Lut } from '../../src/index.js';
import { isSame, makeNoise } from '../support/lut.js';
import { PLAN_CASES, planOf } from '../support/plans.js';

const wasm = await createWasmBackend();

/** More than two chunks of the kernel, and no whole number of them. */
function pixels(channels: 3 | 4): Uint8Array {
  const random = makeNoise(channels);
  return Uint8Array.from({ length: 20_011 * channels }, () => Math.floor(random() * 256));
}

async function expectSame(lut: Lut, channels: 3 | 4, offset = 0): Promise<void> {
  const fast = await wasm.createSampler?.(lut, 'tetrahedral', 255);
  if (!fast) throw new Error('no SIMD sampler');
  const ours = new Uint8Array(pixels(channels).length + offset).subarray(offset);
  ours.set(pixels(channels));
  const reference = ours.slice();
  fast.apply(ours, channels);
  createSampler(lut, 'tetrahedral', 255).apply(reference, channels);
  expect(isSame(ours, reference)).toBe(true);
}

it.each([2, 3, 17, 33, 64, 129])('gives the bytes of the core’s sampler, %i random nodes', async (size) => {
  const random = makeNoise(size);
  const base = identityLut(size);
  const lut = { ...base, nodes: base.nodes.map(() => random()) };
  await expectSame(lut, 3);
  await expectSame(lut, 4, 1);
});

it('gives them for extreme nodes: all 0, all 1, corners', async () => {
  const base = identityLut(2);
  await expectSame({ ...base, nodes: base.nodes.map(() => 0) }, 3);
  await expectSame({ ...base, nodes: base.nodes.map(() => 1) }, 4);
  await expectSame(base, 4);
});

it.each(PLAN_CASES)('gives them for $name', async (recipe) => {
  await expectSame(await buildLut(planOf(recipe), 17, wasm), 3);
});

it('leaves to the core what it cannot: trilinear, 16 bits, values outside [0, 1], engines without SIMD', async () => {
  const lut = identityLut(3);
  expect(await wasm.createSampler?.(lut, 'trilinear', 255)).toBeUndefined();
  expect(await wasm.createSampler?.(lut, 'tetrahedral', 65535)).toBeUndefined();
  expect(
    await wasm.createSampler?.({ ...lut, nodes: lut.nodes.map((x) => x * 1.1) }, 'tetrahedral', 255),
  ).toBeUndefined();
  const scalar = await createWasmBackend({ variant: 'scalar' });
  expect(await scalar.createSampler?.(lut, 'tetrahedral', 255)).toBeUndefined();
});

it('comes through the fallback; a backend without floats shows as one', async () => {
  const wrapped = withFallback([{ name: 'wasm', create: async () => wasm }], { first: wasm });
  expect(await wrapped.createSampler?.(identityLut(3), 'tetrahedral', 255)).toBeDefined();
  expect(wrapped.evaluateGrid).toBeDefined();
  const gpu = { name: 'webgpu' as const, evaluate: async () => undefined, dispose: () => undefined };
  const onGpu = withFallback([{ name: 'webgpu', create: async () => gpu }], { first: gpu });
  expect(onGpu.evaluateGrid).toBeUndefined();
  expect(await onGpu.createSampler?.(identityLut(3), 'tetrahedral', 255)).toBeUndefined();
});

const bytesOf = (nodes: Float32Array): Uint8Array => new Uint8Array(nodes.buffer, nodes.byteOffset, nodes.byteLength);

it('gives the same with threads: nodes and pixels, also when a worker is lost', async () => {
  const plan = planOf(PLAN_CASES[0] as (typeof PLAN_CASES)[number]);
  const workers: WorkerHandle[] = [];
  const startPool: StartPool = (module, size) => {
    workers.push(...Array.from({ length: size }, startNodeWorker));
    return createPool(workers, module, true);
  };
  const three = await createWasmBackend({ threads: 3, startPool });
  try {
    for (const size of [17, 33, 40]) {
      const [alone, together] = await Promise.all([buildLut(plan, size, wasm), buildLut(plan, size, three)]);
      expect(isSame(bytesOf(together.nodes), bytesOf(alone.nodes))).toBe(true);
    }
    const lut = await buildLut(plan, 33, three);
    const single = await wasm.createSampler?.(lut, 'tetrahedral', 255);
    const shared = await three.createSampler?.(lut, 'tetrahedral', 255);
    if (!single || !shared?.applyTogether) throw new Error('no sampler');
    for (const channels of [3, 4] as const) {
      const random = makeNoise(channels);
      const picture = Uint8Array.from({ length: 600_011 * channels }, () => random() * 256);
      const wanted = picture.slice();
      single.apply(wanted, channels);
      // At any place in memory, two at a time, and once the workers are gone.
      const odd = new Uint8Array(picture.length + 1).subarray(1);
      odd.set(picture);
      const other = picture.slice();
      await Promise.all([shared.applyTogether(odd, channels), shared.applyTogether(other, channels)]);
      expect(isSame(odd, wanted)).toBe(true);
      expect(isSame(other, wanted)).toBe(true);
      if (channels === 4) {
        const pending = shared.applyTogether(picture, channels);
        for (const worker of workers) worker.terminate();
        three.dispose();
        await pending;
        expect(isSame(picture, wanted)).toBe(true);
      }
    }
  } finally {
    three.dispose();
  }
});

const SHAPER = {
  size: 3,
  min: [0, 0, 0],
  max: [1, 1, 1],
  values: Float32Array.of(0, 0, 0, 0.3, 0.5, 0.7, 1, 1, 1),
} as const;
const bent: Lut = {
  ...identityLut(5),
  nodes: identityLut(5).nodes.map((x, i) => (i % 7 === 0 ? 1.3 - x : x * 1.1 - 0.05)),
};

it.each([
  ['values outside [0, 1], 8 bits', bent, 'tetrahedral', 255],
  ['trilinear, 8 bits', bent, 'trilinear', 255],
  ['curves before the grid, 8 bits', { ...bent, shaper: SHAPER }, 'tetrahedral', 255],
  ['16 bits', identityLut(9), 'tetrahedral', 65535],
  ['curves and trilinear, 16 bits', { ...bent, shaper: SHAPER }, 'trilinear', 65535],
] as const)('what SIMD cannot do is done by all threads with the core’s code: %s', async (_, lut, kind, maxCode) => {
  const three = await createWasmBackend({ threads: 3, startPool: startNodePool });
  try {
    const shared = await three.createSampler?.(lut, kind, maxCode);
    if (!shared?.applyTogether) throw new Error('no sampler');
    const random = makeNoise(maxCode);
    for (const channels of [3, 4] as const) {
      const length = 300_007 * channels;
      const picture = maxCode === 255 ? new Uint8Array(length) : new Uint16Array(length);
      for (let i = 0; i < length; i++) picture[i] = random() * (maxCode + 1);
      const wanted = picture.slice();
      createSampler(lut, kind, maxCode).apply(wanted, channels);
      await shared.applyTogether(picture, channels);
      expect(isSame(picture, wanted)).toBe(true);
    }
    await expect(shared.applyTogether(new Uint16Array(3e5), 3, { aborted: true })).rejects.toMatchObject({
      code: 'CANCELED',
    });
    expect(three.threads).toBe(3);
  } finally {
    three.dispose();
  }
});

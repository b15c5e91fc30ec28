import { expect, it } from 'vitest';
import { withFallback } from '../../../src/backends/fallback.js';
import { createWasmBackend } from '../../../src/backends/wasm/index.js';
import { NODE_THREADS } from '../../../src/backends/wasm/node-threads.js';
import { buildLut, createJsBackend, createSampler, identityLut, type Lut } from '../../../src/index.js';
import { findCase, PATHS, planOf } from '../../support/cases.js';
import { isSame, makeNoise } from '../../support/lut.js';

const wasm = await createWasmBackend();

/** More than two blocks, and no whole number of them. */
function pixels(channels: 3 | 4): Uint8Array {
  const random = makeNoise(channels);
  return Uint8Array.from({ length: 20_011 * channels }, () => Math.floor(random() * 256));
}

async function expectSame(lut: Lut, channels: 3 | 4, offset = 0): Promise<void> {
  const fast = await wasm.createSampler?.(lut, 'tetrahedral', 255);
  if (!fast?.applyTogether) throw new Error('no SIMD sampler');
  const ours = new Uint8Array(pixels(channels).length + offset).subarray(offset);
  ours.set(pixels(channels));
  const reference = ours.slice();
  await fast.applyTogether(ours, channels);
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

it.each(PATHS)('gives them for $name', async (recipe) => {
  await expectSame(await buildLut(planOf(recipe), 17, wasm), 3);
});

it('takes turns with other tables and with pictures', async () => {
  const [identity, inverse] = [identityLut(9), { ...identityLut(9), nodes: identityLut(9).nodes.map((x) => 1 - x) }];
  const samplers = [
    await wasm.createSampler?.(identity, 'tetrahedral', 255),
    await wasm.createSampler?.(inverse, 'tetrahedral', 255),
  ];
  const many = Uint8Array.from({ length: 3 * 500_000 }, (_, i) => i * 7);
  const copies = [many.slice(), many.slice(), many.slice(), many.slice()];
  const colors = Uint32Array.from({ length: 300_000 }, (_, i) => i * 55);
  const newColors = new Uint32Array(colors.length);
  const plan = planOf(findCase('two colors'));
  await Promise.all([
    ...copies.map((copy, i) => samplers[i % 2]?.applyTogether?.(copy, 3)),
    wasm.evaluate(colors, plan, newColors),
  ]);
  expect(isSame(copies[0] as Uint8Array, many)).toBe(true);
  expect(isSame(copies[2] as Uint8Array, many)).toBe(true);
  const wanted = many.slice();
  createSampler(inverse, 'tetrahedral', 255).apply(wanted, 3);
  expect(isSame(copies[1] as Uint8Array, wanted)).toBe(true);
  expect(isSame(copies[3] as Uint8Array, wanted)).toBe(true);
  const again = new Uint32Array(colors.length);
  await wasm.evaluate(colors, plan, again);
  expect(newColors).toEqual(again);
});

it('leaves to the core what it cannot: trilinear, 16 bits, values outside [0, 1], engines without SIMD', async () => {
  const lut = identityLut(3);
  expect(await wasm.createSampler?.(lut, 'trilinear', 255)).toBeUndefined();
  expect(await wasm.createSampler?.(lut, 'tetrahedral', 65535)).toBeUndefined();
  const beyond = { ...lut, nodes: lut.nodes.map((x) => x * 1.1) };
  expect(await wasm.createSampler?.(beyond, 'tetrahedral', 255)).toBeUndefined();
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

it.each(['two colors', 'rows of all kinds, blended straight'])(
  'builds the nodes of js, with any number of threads: %s',
  async (name) => {
    const plan = planOf(findCase(name));
    const three = await createWasmBackend({ threads: 3, support: NODE_THREADS });
    try {
      for (const size of [17, 33, 40]) {
        const wanted = await buildLut(plan, size, createJsBackend());
        for (const backend of [wasm, three]) {
          expect(isSame(bytesOf((await buildLut(plan, size, backend)).nodes), bytesOf(wanted.nodes))).toBe(true);
        }
      }
    } finally {
      three.dispose();
    }
  },
);

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
  ['what SIMD can do, 8 bits', identityLut(33), 'tetrahedral', 255],
  ['values outside [0, 1], 8 bits', bent, 'tetrahedral', 255],
  ['trilinear, 8 bits', bent, 'trilinear', 255],
  ['curves before the grid, 8 bits', { ...bent, shaper: SHAPER }, 'tetrahedral', 255],
  ['16 bits', identityLut(9), 'tetrahedral', 65535],
  ['curves and trilinear, 16 bits', { ...bent, shaper: SHAPER }, 'trilinear', 65535],
] as const)('all threads together give the core’s samples: %s', async (_, lut, kind, maxCode) => {
  const three = await createWasmBackend({ threads: 3, support: NODE_THREADS });
  try {
    const shared = await three.createSampler?.(lut, kind, maxCode);
    if (!shared?.applyTogether) throw new Error('no sampler');
    const random = makeNoise(maxCode);
    for (const channels of [3, 4] as const) {
      const length = 600_007 * channels;
      const picture = maxCode === 255 ? new Uint8Array(length) : new Uint16Array(length);
      for (let i = 0; i < length; i++) picture[i] = random() * (maxCode + 1);
      const wanted = picture.slice();
      createSampler(lut, kind, maxCode).apply(wanted, channels);
      await shared.applyTogether(picture, channels);
      expect(isSame(picture, wanted)).toBe(true);
    }
    const canceled = shared.applyTogether(new Uint16Array(3e5), 3, { aborted: true });
    await expect(canceled).rejects.toMatchObject({ code: 'CANCELED' });
    expect(three.threads).toBe(3);
  } finally {
    three.dispose();
  }
});

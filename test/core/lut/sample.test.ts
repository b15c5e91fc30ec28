import { describe, expect, it } from 'vitest';
import { toCode } from '../../../src/core/lut/tetrahedral.js';
import { createSampler, INTERPOLATIONS, identityLut, type Lut } from '../../../src/index.js';
import { interpolate, isSame, makeNoise } from '../../support/lut.js';

const PIXELS = 5000;

/** RGB, with every grey and the corners of the cube among them. */
function testPixels(maxCode: 255 | 65535): Uint8Array | Uint16Array {
  const random = makeNoise(7);
  const length = PIXELS * 3;
  const data = maxCode === 255 ? new Uint8Array(length) : new Uint16Array(length);
  for (let i = 0; i < length; i++) data[i] = Math.floor(random() * (maxCode + 1));
  for (let grey = 0; grey <= 255; grey++) data.fill((grey * maxCode) / 255, grey * 3, grey * 3 + 3);
  for (let corner = 0; corner < 8; corner++) {
    data.set(
      [0, 1, 2].map((k) => ((corner >> k) & 1) * maxCode),
      (256 + corner) * 3,
    );
  }
  return data;
}

function randomLut(size: number, change: Partial<Lut> = {}, from = 0, to = 1): Lut {
  const random = makeNoise(size);
  const base = identityLut(size);
  return { ...base, nodes: base.nodes.map(() => from + (to - from) * random()), ...change };
}

describe.each(INTERPOLATIONS)('%s interpolation', (interpolation) => {
  it.each([2, 3, 17, 33, 64, 129])('of the identity with %i nodes changes no code, 8 bits or 16', (size) => {
    for (const maxCode of [255, 65535] as const) {
      const data = testPixels(maxCode);
      const before = data.slice();
      createSampler(identityLut(size), interpolation, maxCode).apply(data, 3);
      expect(isSame(data, before)).toBe(true);
    }
  });

  it('reproduces any affine map, which both kinds do in theory', () => {
    const lut = identityLut(5);
    const matrix = [0.5, 0.2, 0.1, 0.05, 0.3, 0.4, 0.2, 0.2, 0.2];
    const nodes = lut.nodes.slice();
    for (let at = 0; at < nodes.length; at += 3) {
      for (let k = 0; k < 3; k++)
        nodes[at + k] =
          0.1 + [0, 1, 2].reduce((sum, j) => sum + (matrix[k * 3 + j] ?? 0) * (lut.nodes[at + j] ?? 0), 0);
    }
    const data = testPixels(65535);
    const before = data.slice();
    createSampler({ ...lut, nodes }, interpolation, 65535).apply(data, 3);
    let worst = 0;
    for (let at = 0; at < data.length; at++) {
      const [first, row] = [at - (at % 3), (at % 3) * 3];
      let exact = 0.1;
      for (let j = 0; j < 3; j++) exact += ((matrix[row + j] ?? 0) * (before[first + j] ?? 0)) / 65535;
      worst = Math.max(worst, Math.abs((data[at] ?? 0) - exact * 65535));
    }
    expect(worst).toBeLessThan(0.51);
  });

  it.each([
    ['8-bit', 255, 33, 0, 1],
    ['8-bit, values outside [0, 1]', 255, 9, -0.5, 1.5],
    ['16-bit', 65535, 17, 0, 1],
    ['16-bit, values outside [0, 1]', 65535, 5, -0.5, 1.5],
  ] as const)('agrees with an implementation of its own: %s', (_name, maxCode, size, from, to) => {
    const lut = randomLut(size, {}, from, to);
    const data = testPixels(maxCode);
    const before = data.slice();
    createSampler(lut, interpolation, maxCode).apply(data, 3);
    let [different, worst] = [0, 0];
    for (let at = 0; at < data.length; at += 3) {
      const color = [0, 1, 2].map((k) => (before[at + k] ?? 0) / maxCode);
      const expected = interpolate(lut, color, interpolation);
      for (let k = 0; k < 3; k++) {
        const distance = Math.abs((data[at + k] ?? 0) - toCode(expected[k] ?? 0, maxCode));
        worst = Math.max(worst, distance);
        different += distance;
      }
    }
    expect(worst).toBeLessThanOrEqual(1);
    // Rounding falls the other way where the exact value is within the fraction's precision of a half.
    expect(different / data.length).toBeLessThan(maxCode === 255 ? 0.01 : 0.1);
  });

  it('leaves alpha alone and gives RGB the same colors with it as without', () => {
    const lut = randomLut(17);
    const rgb = testPixels(255);
    const rgba = new Uint8Array(PIXELS * 4);
    for (let i = 0; i < PIXELS; i++) rgba.set([...rgb.subarray(i * 3, i * 3 + 3), i & 255], i * 4);
    const sampler = createSampler(lut, interpolation, 255);
    sampler.apply(rgb, 3);
    sampler.apply(rgba, 4);
    const expected = new Uint8Array(PIXELS * 4);
    for (let i = 0; i < PIXELS; i++) expected.set([...rgb.subarray(i * 3, i * 3 + 3), i & 255], i * 4);
    expect(isSame(rgba, expected)).toBe(true);
  });

  it('clamps input outside the domain of an axis, and honors each axis of its own', () => {
    const base = identityLut(2);
    const axes = [Float64Array.of(0.2, 0.6), Float64Array.of(0, 1), Float64Array.of(0.5, 1)] as const;
    const data = Uint8Array.of(0, 0, 0, 51, 128, 64, 102, 255, 191, 255, 10, 255);
    createSampler({ ...base, axes }, interpolation, 255).apply(data, 3);
    expect([...data]).toEqual([0, 0, 0, 0, 128, 0, 128, 255, 127, 255, 10, 255]);
  });

  it('applies the shaper first', () => {
    const square = Float32Array.from({ length: 1024 * 3 }, (_, i) => (Math.floor(i / 3) / 1023) ** 2);
    const shaper = { size: 1024, min: [0, 0, 0], max: [1, 1, 1], values: square } as const;
    const data = Uint8Array.of(0, 128, 255, 64, 32, 200);
    createSampler({ ...identityLut(17), shaper }, interpolation, 255).apply(data, 3);
    const expected = [0, 128, 255, 64, 32, 200].map((code) => Math.round((code / 255) ** 2 * 255));
    expect([...data]).toEqual(expected);
  });
});

it('takes the tetrahedron that holds the color, and only its four nodes', () => {
  // Only the node at red = 1, green = 0, blue = 0 is white: it counts by how far red leads.
  const nodes = new Float32Array(24);
  nodes.fill(1, 3, 6);
  const lut = { ...identityLut(2), nodes };
  const data = Uint8Array.of(200, 100, 50, 100, 200, 50, 255, 0, 0, 204, 102, 153);
  const trilinear = data.slice();
  createSampler(lut, 'tetrahedral', 255).apply(data, 3);
  expect([...data]).toEqual([100, 100, 100, 0, 0, 0, 255, 255, 255, 51, 51, 51]);
  createSampler(lut, 'trilinear', 255).apply(trilinear, 3);
  const share = (200 / 255) * (155 / 255) * (205 / 255);
  expect(trilinear[0]).toBe(Math.round(share * 255));
});

it('refuses a table whose arrays do not fit', () => {
  const lut = { ...identityLut(3), nodes: new Float32Array(80) };
  expect(() => createSampler(lut, 'tetrahedral', 255)).toThrow('lut: expected 3^3 nodes of 3 values, got 80 values');
  expect(() => createSampler(identityLut(3), 'cubic' as 'trilinear', 255)).toThrow('interpolation: expected one of');
});

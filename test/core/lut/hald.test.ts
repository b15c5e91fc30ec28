import { expect, it } from 'vitest';
import { haldFromLut, identityLut, lutFromHald } from '../../../src/index.js';

it('is the picture that everyone calls the identity', () => {
  // Level 2: 8 x 8 pixels, four nodes an axis. Pixel 1 is red 1/3, pixel 4 green 1/3, pixel 16 blue 1/3.
  const { data, width, height } = haldFromLut(identityLut(4), 8);
  expect([width, height]).toEqual([8, 8]);
  const pixel = (i: number): number[] => [...data.subarray(i * 3, i * 3 + 3)];
  expect([pixel(0), pixel(1), pixel(4), pixel(16), pixel(63)]).toEqual([
    [0, 0, 0],
    [85, 0, 0],
    [0, 85, 0],
    [0, 0, 85],
    [255, 255, 255],
  ]);
});

it.each([8, 16] as const)('goes there and back at %i bits', (bits) => {
  const lut = identityLut(9);
  const nodes = lut.nodes.map((x) => x * x);
  const picture = haldFromLut({ ...lut, nodes }, bits);
  const back = lutFromHald(picture, 'h.png');
  expect(back.size).toBe(9);
  const maxCode = bits === 8 ? 255 : 65535;
  expect(back.nodes).toEqual(nodes.map((x) => Math.floor(x * maxCode + 0.5) / maxCode));
  const withAlpha = new Uint8Array((picture.data.length / 3) * 4).fill(7);
  for (let i = 0; i < withAlpha.length / 4; i++)
    withAlpha.set(haldFromLut(lut, 8).data.subarray(i * 3, i * 3 + 3), i * 4);
  expect(lutFromHald({ ...picture, data: withAlpha, channels: 4 }, 'h.png').nodes[3]).toBeCloseTo(
    Math.round(255 / 8) / 255,
    6,
  );
});

it('refuses sizes that are no Hald image', () => {
  expect(() => haldFromLut(identityLut(33), 8)).toThrow('size: expected 4, 9, 16, 25, 36, 49, 64, 81, 100, 121');
  const data = new Uint8Array(100 * 100 * 3);
  expect(() => lutFromHald({ data, width: 100, height: 100, channels: 3 }, 'photo.png')).toThrow(
    'photo.png: expected a Hald image, a square of 8, 27, 64',
  );
});

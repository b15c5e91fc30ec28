import { describe, expect, it } from 'vitest';
import { bucketScale, PIXEL_BUCKETS } from '../../src/core/analysis/pixel-buckets.js';
import { planFromPixels, planFromSorted, sortAlone } from '../../src/core/analysis/pixel-plan.js';
import { gamutMatrices, oklabDistance, oklabFromLinear } from '../../src/core/color/oklab.js';
import { linearFromEncoded } from '../../src/core/color/srgb.js';
import { parseColor } from '../../src/core/row/color.js';
import { type Gamut, makeRecipe, type Pixels } from '../../src/index.js';
import { makeNoise } from '../support/lut.js';

const ATTRACTORS = [
  'blue;50;70',
  'oklch(0.7 0.4 140);61.8;90',
  'white;0;50',
  'black;99.97;33',
  'gray;0.01;60',
  'red;100;50',
];

/** Radius and share from the definition: every distance kept, all of them sorted. */
function radiiOf({ data, channels, gamut = 'srgb' }: Pixels): { radius: number; share: number }[] {
  const { toLms } = gamutMatrices(gamut);
  const maxCode = data instanceof Uint16Array ? 65535 : 255;
  return makeRecipe(ATTRACTORS).rows.map(({ color, tolerance = 0 }) => {
    const { oklab } = parseColor(color);
    const distances: number[] = [];
    for (let i = 0; i < data.length; i += channels) {
      if (channels === 4 && data[i + 3] === 0) continue;
      const [r, g, b] = [0, 1, 2].map((k) => linearFromEncoded((data[i + k] as number) / maxCode));
      distances.push(oklabDistance(oklabFromLinear(r as number, g as number, b as number, toLms), oklab));
    }
    const sorted = Float64Array.from(distances).sort();
    const rank = ((sorted.length - 1) * tolerance) / 100;
    const at = (n: number): number => sorted[Math.min(n, sorted.length - 1)] as number;
    const low = at(Math.floor(rank));
    const between = low + (at(Math.floor(rank) + 1) - low) * (rank - Math.floor(rank));
    const radius = tolerance === 0 ? 0 : tolerance === 100 ? at(sorted.length - 1) + 1e-6 : between;
    return { radius, share: distances.filter((distance) => distance < radius).length / distances.length };
  });
}

function picture(kind: 'noise' | 'flat' | 'two colors' | 'mostly flat', channels: 3 | 4, gamut: Gamut): Pixels {
  const random = makeNoise(7);
  const [width, height] = [400, 251];
  const data = new Uint16Array(width * height * channels);
  for (let i = 0; i < data.length; i += channels) {
    const isNoisy = kind === 'noise' || (kind === 'mostly flat' && random() < 0.2);
    const flat = kind === 'two colors' && random() < 0.5 ? 40_000 : 12_345;
    for (let k = 0; k < 3; k++) data[i + k] = isNoisy ? random() * 65536 : flat;
    if (channels === 4) data[i + 3] = random() < 0.3 ? 0 : 1 + random() * 65535;
  }
  return { data, width, height, channels, gamut };
}

describe('radii of 16-bit pictures', () => {
  it.each([
    ['noise', 3, 'srgb'],
    ['noise', 4, 'display-p3'],
    ['flat', 3, 'srgb'],
    ['two colors', 3, 'srgb'],
    ['mostly flat', 4, 'srgb'],
  ] as const)('are those of sorting every distance, to the last bit: %s, %i channels, %s', (kind, channels, gamut) => {
    const pixels = picture(kind, channels, gamut);
    const { rows: attractors } = planFromPixels(pixels, makeRecipe(ATTRACTORS));
    expect(attractors.map(({ radius, share }) => ({ radius, share }))).toEqual(radiiOf(pixels));
  });

  it('do not depend on which side of a border a distance was sorted to', async () => {
    const pixels = picture('noise', 3, 'srgb');
    const random = makeNoise(9);
    const roughly = planFromSorted(pixels, makeRecipe(ATTRACTORS), (...asked) =>
      sortAlone(...asked).map(({ buckets }) => {
        const moved = buckets.map((bucket) =>
          Math.max(0, Math.min(PIXEL_BUCKETS - 1, bucket + Math.floor(random() * 3) - 1)),
        );
        const counts = new Uint32Array(PIXEL_BUCKETS);
        for (const bucket of moved) counts[bucket] = (counts[bucket] as number) + 1;
        return { buckets: moved, counts };
      }),
    );
    expect(await roughly).toEqual(planFromPixels(pixels, makeRecipe(ATTRACTORS)));
  });

  it('no color lies beyond the last bucket', () => {
    const white = { p3: [1, 0, 0] } as const;
    const farthest = oklabDistance([...white.p3], [0, 0.4, -0.4]);
    expect(farthest * bucketScale({ oklab: [0, 0.4, -0.4], isSurface: false })).toBeLessThan(PIXEL_BUCKETS);
  });
});

import { describe, expect, it } from 'vitest';
import { oklabOfColors } from '../../src/core/analysis/oklab-of-colors.js';
import { packColor } from '../../src/core/color/packed.js';
import { countColors, createColorTable, createPull, makeRecipe, parseColor, planFor } from '../../src/core/index.js';
import { describeColor } from '../../src/tokens/palette/describe-color.js';
import { matchColors } from '../../src/tokens/palette/match-colors.js';
import { collectPoints } from '../../src/tokens/palette/points.js';
import { measureReach, pullPoints, weightsOnPoints } from '../../src/tokens/palette/pull-points.js';

const design = (...colors: string[]) => colors.map((css) => ({ name: css, ...parseColor(css) }));
const clusters = (...colors: string[]) => design(...colors).map(({ oklab }) => ({ oklab, share: 1 / colors.length }));

describe('matchColors', () => {
  it('takes the nearest hue, and lets clusters share', () => {
    expect(matchColors(clusters('#2255cc', '#3366dd', '#cc3322'), design('#ff0000', '#0000ff', '#00ff00'))).toEqual([
      1, 1, 0,
    ]);
  });

  it('keeps greys grey when there is a grey', () => {
    expect(matchColors(clusters('#808080'), design('#8a6a6a', '#909090'))).toEqual([1]);
  });

  it('does not swap dark and light for a hue', () => {
    const picture = clusters('oklch(0.3 0.1 250)', 'oklch(0.5 0.1 30)');
    const colors = design('oklch(0.7 0.1 250)', 'oklch(0.4 0.1 30)');
    const [dark, light] = matchColors(picture, colors) as [number, number];
    expect(colors[light]?.oklab[0]).toBeGreaterThanOrEqual(colors[dark]?.oklab[0] as number);
  });
});

describe('describeColor', () => {
  it.each([
    ['#000000', 'black'],
    ['#ffffff', 'white'],
    ['#808080', 'mid grey'],
    ['#0d50ad', 'mid blue'],
    ['#0b2f6c', 'dark blue'],
    ['#2c9f4d', 'mid green'],
    ['#8b5000', 'mid brown'],
    ['#ffd9b5', 'very light muted orange'],
    ['#741a2c', 'dark pink'],
    ['#e31b23', 'mid red'],
  ])('%s is %s', (css, words) => {
    expect(describeColor(parseColor(css).oklab)).toBe(words);
  });
});

describe('pullPoints', () => {
  it('is the pull, save for gamut mapping', () => {
    // Colors far enough apart that each is a point of its own at 6 bits, and muted, so that results stay in sRGB.
    const codes: [number, number, number][] = [];
    for (let r = 60; r <= 200; r += 20)
      for (let g = 60; g <= 200; g += 20) for (let b = 60; b <= 200; b += 20) codes.push([r, g, b]);
    const data = Uint8Array.from(codes.flat());
    const census = countColors(data, 3, createColorTable());
    const points = collectPoints(census, 'srgb', 6);
    expect(points.count).toBe(codes.length);

    const recipe = makeRecipe(['#7a8a9a;40;80', '#b09080;70;95', 'oklch(0.5 0.05 none);100;60']);
    const plan = planFor({ data, width: codes.length, height: 1, channels: 3 }, recipe);
    const pull = createPull(plan, 65535);
    const rows = plan.rows.map((row) => ({ ...row, tolerance: row.tolerance as number }));
    const out = new Float64Array(points.lab.length);
    pullPoints(
      points,
      rows,
      rows.map((row) => weightsOnPoints(row, measureReach(points, points, row.oklab))),
      out,
    );

    const packed = Uint32Array.from(codes, ([r, g, b]) => packColor(r, g, b));
    const lab = oklabOfColors(packed, 'srgb');
    let compared = 0;
    codes.forEach(([r, g, b], i) => {
      const [x, y, z] = pull([r * 257, g * 257, b * 257]);
      const wanted = oklabOfColors(Uint32Array.of(packColor(x >> 8, y >> 8, z >> 8)), 'srgb');
      const at = points.lab.findIndex(
        (L, k) =>
          k % 3 === 0 &&
          Math.abs(L - (lab[3 * i] as number)) < 1e-12 &&
          Math.abs((points.lab[k + 1] as number) - (lab[3 * i + 1] as number)) < 1e-12,
      );
      if (at < 0) return;
      compared++;
      for (let k = 0; k < 3; k++) expect(Math.abs((out[at + k] as number) - (wanted[k] as number))).toBeLessThan(0.006);
    });
    expect(compared).toBeGreaterThan(400);
  });
});

import { describe, expect, it } from 'vitest';
import { drawBarChart, escapeXml } from '../../../src/node/bench/bar-chart.js';
import { listConfigurations } from '../../../src/node/bench/configurations.js';
import { measureDifference } from '../../../src/node/bench/difference.js';
import { spreadOf } from '../../../src/node/bench/statistics.js';

describe('spreadOf', () => {
  it('takes medians and quartiles between the order statistics', () => {
    expect(spreadOf([4, 1, 3, 2])).toEqual({
      median: 2.5,
      lowerQuartile: 1.75,
      upperQuartile: 3.25,
      min: 1,
      max: 4,
      runs: 4,
    });
    expect(spreadOf([7])).toMatchObject({ median: 7, min: 7, max: 7, runs: 1 });
    expect(() => spreadOf([])).toThrow(RangeError);
  });
});

describe('measureDifference', () => {
  it('counts pixels, not components, and takes the worst of each', () => {
    const exact = Uint8Array.of(10, 10, 10, 20, 20, 20, 30, 30, 30, 40, 40, 40);
    const result = Uint8Array.of(10, 10, 10, 21, 19, 20, 30, 35, 28, 40, 40, 40);
    expect(measureDifference(result, exact, 3)).toEqual({ max: 5, shareDifferent: 0.5, shareAboveOne: 0.25 });
  });

  it('says 16-bit differences in 1/255', () => {
    const exact = Uint16Array.of(1000, 2000, 3000);
    expect(measureDifference(Uint16Array.of(1000, 2514, 3000), exact, 3).max).toBe(2);
  });
});

describe('listConfigurations', () => {
  it('is the product, with threads for wasm alone and no kept table for a GPU', () => {
    const list = listConfigurations({
      backends: ['js', 'wasm', 'gpu'],
      strategies: ['table', 'lut'],
      lutSizes: [17],
      threads: [1, 2],
    });
    const names = list.map(({ backend, threads, strategy, kept }) =>
      `${backend} ${threads} ${strategy} ${kept ?? ''}`.trim(),
    );
    expect(names).toEqual([
      ...['js 1 table', 'js 1 lut', 'js 1 lut true'],
      ...['wasm 1 table', 'wasm 1 lut', 'wasm 1 lut true'],
      ...['wasm 2 table', 'wasm 2 lut', 'wasm 2 lut true'],
      ...['gpu 1 table', 'gpu 1 lut'],
    ]);
  });
});

describe('drawBarChart', () => {
  const chart = (label: string): string =>
    drawBarChart({
      title: label,
      unit: 'Mpx/s',
      groups: [
        {
          bars: [
            { label, value: 100, low: 50, high: 120, tone: 'ours' },
            { label: 'half', value: 50, tone: 'peer' },
            { label: 'none', value: 0, tone: 'ours', missing: 'not there' },
          ],
        },
      ],
    });

  it('draws bars in proportion to their values, and words where there is none', () => {
    const svg = chart('first');
    const widths = [...svg.matchAll(/<rect class="(?:ours|peer)" [^>]*width="([\d.]+)" height="16"/g)].map((m) =>
      Number(m[1]),
    );
    expect(widths).toHaveLength(2);
    expect((widths[0] as number) / (widths[1] as number)).toBeCloseTo(2, 1);
    expect(svg).toContain('not there');
    expect(svg).toContain('prefers-color-scheme:dark');
  });

  it('lets no file name become markup', () => {
    const svg = chart('</text><image href="file:///etc/passwd"/>&\u0000"x');
    expect(svg).not.toMatch(/<image|<script/);
    expect(svg).not.toContain('\u0000');
    expect(svg.match(/<\/text>/g)?.length).toBe(svg.match(/<text /g)?.length);
    expect(escapeXml(`<&>"\u0007`)).toBe('&lt;&amp;&gt;&quot;');
  });
});

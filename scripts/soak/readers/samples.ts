/** One job with all that is made of it, small but whole. */

import { makeRecipe, planFromCensus } from '../../../src/index.js';
import { makeJob } from '../../../src/node/build/job.js';
import { makeRecord } from '../../../src/node/build/records.js';

export const SAMPLE_HASH = '0123456789abcdef'.repeat(4);
export const SAMPLE_BUILD = 'themes';
export const SAMPLE_CONFIG = 'colorshine.config.json';

export const RECIPE = makeRecipe({
  name: 'Brand',
  rows: [
    { color: 'teal', tolerance: 40, strength: 90 },
    { from: '#2c4f8f', color: 'oklch(45% 0.1 20)', reach: 'auto', strength: 100 },
    { keep: true, color: '#d8a58c', reach: 0.08, strength: 100 },
  ],
});

export const CENSUS = {
  colors: Uint32Array.of(0x000000, 0x8f4f2c, 0x808000, 0x8ca5d8, 0xffffff),
  counts: Float64Array.of(1, 20, 300, 4, 50),
};

export const PLAN = planFromCensus(CENSUS, RECIPE, 'srgb');

export const JOB = makeJob({
  input: 'images/hero.png',
  output: 'dist/hero.dark.png',
  theme: 'dark',
  recipe: RECIPE,
  format: 'png',
  width: 640,
  quality: 80,
});

export const REPORT = {
  inputHash: SAMPLE_HASH,
  hash: SAMPLE_HASH,
  byteLength: 4321,
  format: 'png',
  width: 640,
  height: 480,
  pages: 1,
  plan: PLAN,
  notices: ['one row touches nothing'],
  ms: 12,
};

export const RECORD = makeRecord(JOB, SAMPLE_HASH, SAMPLE_CONFIG, REPORT);

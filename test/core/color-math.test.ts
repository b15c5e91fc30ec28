import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Matrix3 } from '../../src/core/color/matrices.js';
import * as matrices from '../../src/core/color/matrices.js';
import { gamutMatrices, linearFromOklab, oklabFromLinear, type Triple } from '../../src/core/color/oklab.js';
import { encodedFromLinear, linearFromEncoded, linearTable, quantize } from '../../src/core/color/srgb.js';
import { packColor, unpackColor } from '../../src/index.js';

const ROUNDING = 1e-14;
/** Published matrices are inverses to about this; white and greys stay within it. */
const PUBLISHED = 1e-12;
const GREY_CHROMA = 1e-6;

function multiply(p: Matrix3, q: Matrix3): number[] {
  return [0, 1, 2].flatMap((row) =>
    [0, 1, 2].map((col) => [0, 1, 2].reduce((sum, k) => sum + (p[row * 3 + k] ?? 0) * (q[k * 3 + col] ?? 0), 0)),
  );
}

const IDENTITY = [1, 0, 0, 0, 1, 0, 0, 0, 1];

describe('matrices', () => {
  it.each([
    ['sRGB', matrices.LMS_FROM_LINEAR_SRGB, matrices.LINEAR_SRGB_FROM_LMS],
    ['P3', matrices.LMS_FROM_LINEAR_P3, matrices.LINEAR_P3_FROM_LMS],
    ['Oklab', matrices.OKLAB_FROM_LMS, matrices.LMS_FROM_OKLAB],
  ])('%s and its inverse', (_, forward, backward) => {
    multiply(forward, backward).forEach((x, i) => {
      expect(Math.abs(x - (IDENTITY[i] as number))).toBeLessThan(PUBLISHED);
    });
  });

  it.each(['srgb', 'display-p3'] as const)('white is L = 1, a = b = 0 in %s', (gamut) => {
    const [L, a, b] = oklabFromLinear(1, 1, 1, gamutMatrices(gamut).toLms);
    expect(Math.abs(L - 1)).toBeLessThan(ROUNDING);
    expect(Math.abs(a)).toBeLessThan(ROUNDING);
    expect(Math.abs(b)).toBeLessThan(ROUNDING);
  });

  it.each(['srgb', 'display-p3'] as const)('all 256 greys have next to no chroma in %s', (gamut) => {
    const { toLms } = gamutMatrices(gamut);
    for (const x of linearTable(255)) {
      const [, a, b] = oklabFromLinear(x, x, x, toLms);
      expect(Math.hypot(a, b)).toBeLessThan(GREY_CHROMA);
    }
  });

  it.each(['srgb', 'display-p3'] as const)('there and back in %s', (gamut) => {
    const { toLms, fromLms } = gamutMatrices(gamut);
    const samples: Triple[] = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [0.2, 0.5, 0.9],
      [0, 0, 0],
      [-0.1, 1.2, 0.3],
    ];
    for (const [r, g, b] of samples) {
      const [L, A, B] = oklabFromLinear(r, g, b, toLms);
      const back = linearFromOklab(L, A, B, fromLms);
      expect(Math.hypot(back[0] - r, back[1] - g, back[2] - b)).toBeLessThan(PUBLISHED);
    }
  });

  it('are what scripts/make-matrices.ts writes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'colorshine-matrices-'));
    try {
      const file = join(folder, 'matrices.ts');
      execFileSync(process.execPath, ['--import', 'tsx', 'scripts/make-matrices.ts', file]);
      const biome = ['node_modules/@biomejs/biome/bin/biome', 'format', '--stdin-file-path=src/core/color/matrices.ts'];
      const formatted = execFileSync(process.execPath, biome, {
        input: readFileSync(file),
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      expect(String(formatted)).toBe(readFileSync('src/core/color/matrices.ts', 'utf8'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('transfer function', () => {
  it('has the corner points of IEC 61966-2-1', () => {
    expect([0, 1].map(linearFromEncoded)).toEqual([0, 1]);
    expect(linearFromEncoded(0.04045)).toBeCloseTo(0.0031308, 7);
    expect(linearFromEncoded(0.5)).toBeCloseTo(0.21404, 5);
    expect(linearFromEncoded(-0.5)).toBe(-linearFromEncoded(0.5));
    expect(encodedFromLinear(0.21404114)).toBeCloseTo(0.5, 6);
  });

  it.each([255, 65535] as const)('every code of %i survives', (maxCode) => {
    linearTable(maxCode).forEach((linear, code) => {
      if (quantize(linear, maxCode) !== code) expect(quantize(linear, maxCode)).toBe(code);
    });
  });

  it('clamps, and rounds half up', () => {
    expect([-1, -0, 0, 1, 1.5, Number.NaN].map((x) => quantize(x, 255))).toEqual([0, 0, 0, 255, 255, 0]);
    const half = linearFromEncoded(100.5 / 255);
    expect([quantize(half * (1 - 1e-9), 255), quantize(half * (1 + 1e-9), 255)]).toEqual([100, 101]);
  });
});

describe('packed colors', () => {
  it('are r | g << 8 | b << 16', () => {
    expect(packColor(1, 2, 3)).toBe(0x030201);
    expect(packColor(255, 255, 255)).toBe(0xffffff);
    expect(unpackColor(0xfe8001)).toEqual([0x01, 0x80, 0xfe]);
  });
});

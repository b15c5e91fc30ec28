import { describe, expect, it } from 'vitest';
import { readKernelFunctions } from '../../../scripts/build/kernel-source.mjs';
import { constantsFor, LAYOUT, PARAMETER_COUNT, packParameters } from '../../../src/backends/gpu/parameters.js';
import { cubeRoot, encode, raisedCosine } from '../../../src/backends/gpu/pull.kernel.js';
import source from '../../../src/backends/gpu/pull.kernel.js?source';
import { createJsBackend } from '../../../src/backends/js/index.js';
import { linearFromEncoded, quantize } from '../../../src/core/color/srgb.js';
import { compilePlan } from '../../../src/core/compiled-plan.js';
import { CASES, findCase, planOf, sampleColors } from '../../support/cases.js';
import { compareColors, IDENTICAL_SHARE, LARGEST_DIFFERENCE } from '../../support/compare.js';
import { runInJavaScript } from '../../support/plain-engine.js';

/** A case that puts colors exactly where the gamut mapping jumps. */
const AT_THE_JUMP = 'L at 1';

describe('parts of the kernel', () => {
  it('draws cube roots, of zero too', () => {
    for (const x of [1e-15, 1e-6, 0.008, 0.5, 1]) expect(cubeRoot(x) / Math.cbrt(x)).toBeCloseTo(1, 12);
    expect(cubeRoot(0)).toBe(0);
    expect(cubeRoot(-1)).toBe(0);
  });

  it('knows the raised cosine without a cosine', () => {
    for (let t = 0; t <= 1; t += 1 / 64) expect(raisedCosine(t)).toBeCloseTo((1 + Math.cos(Math.PI * t)) / 2, 8);
  });

  it('encodes every code from its linear value and rounds half up', () => {
    for (let code = 0; code < 256; code++) expect(encode(linearFromEncoded(code / 255))).toBe(code);
    for (let x = 0; x <= 1; x += 1 / 777) expect(encode(x)).toBe(quantize(x, 255));
  });
});

describe('the kernel as plain JavaScript', () => {
  const colors = sampleColors(20_000);
  const input = Float32Array.from(colors);

  for (const testCase of CASES) {
    it(`agrees with the js backend: ${testCase.name}`, async () => {
      const plan = planOf(testCase);
      const expected = new Uint32Array(colors.length);
      await createJsBackend().evaluate(colors, plan, expected);
      const raw = runInJavaScript(input, packParameters(compilePlan(plan)));
      const found = Uint32Array.from(raw, (value, i) => (value < 0 ? (expected[i] as number) : value));
      for (const [i, value] of raw.entries()) if (value < 0) expect(value).toBe(-1 - (colors[i] as number));
      const { max, identical } = compareColors(found, expected);
      expect(max).toBeLessThanOrEqual(LARGEST_DIFFERENCE);
      expect(identical).toBeGreaterThanOrEqual(IDENTICAL_SHARE);
      // What is left to the host must stay the exception, or the GPU is for show.
      const limit = testCase.name === AT_THE_JUMP ? 0.2 : 0.02;
      expect(raw.filter((value) => value < 0).length).toBeLessThan(colors.length * limit);
    });
  }

  it('flags a color that lies exactly on a radius', () => {
    const plan = planOf(findCase('one color, strength 150'));
    const raw = runInJavaScript(Float32Array.from(sampleColors(4096)), packParameters(compilePlan(plan)));
    expect(raw.filter((value) => value < 0).length).toBeGreaterThan(0);
  });
});

describe('where the gamut mapping jumps', () => {
  const WHOLE_SURFACES = ['white;100;200', 'black;100;200', '#c04040 -> white;~0.6;100', '#c04040 -> black;~0.6;200'];

  it.each([
    ...WHOLE_SURFACES,
    'black;60;199',
    'white;100;130',
    '#c04040 -> white;~0.4;130',
    '#fffffe -> black;~0.5;150',
  ])('%s, luminance only', async (row) => {
    const colors = sampleColors(20_000);
    const plan = planOf({ rows: [row], channels: { luminance: true, saturation: false, hue: false } }, colors);
    const expected = new Uint32Array(colors.length);
    await createJsBackend().evaluate(colors, plan, expected);
    const raw = runInJavaScript(Float32Array.from(colors), packParameters(compilePlan(plan)));
    const found = Uint32Array.from(raw, (value, i) => (value < 0 ? (expected[i] as number) : value));
    expect(compareColors(found, expected).max).toBeLessThanOrEqual(LARGEST_DIFFERENCE);
    const left = raw.filter((value) => value < 0).length / colors.length;
    if (WHOLE_SURFACES.includes(row)) expect(left).toBeLessThan(0.02);
  });
});

describe('the text that gpu.js receives', () => {
  it('computes what the imported functions compute', () => {
    const text = `${source.helpers.join('\n')}\nreturn ${source.root};`;
    const fromText = new Function(text)() as (colors: Float32Array, plan: Float32Array) => number;
    const parameters = packParameters(compilePlan(planOf(findCase('one color flattens everything'))));
    const colors = Float32Array.from(sampleColors(2000));
    const imported = runInJavaScript(colors, parameters);
    const found = imported.map((_, x) =>
      fromText.call({ thread: { x }, constants: constantsFor(parameters) }, colors, parameters),
    );
    expect(found).toEqual(imported);
  });

  it('is refused when it breaks the rules of a kernel file', async () => {
    const ok = 'function root() {\n  return 1;\n}\n';
    await expect(readKernelFunctions(`const x = 1;\nexport ${ok}`, 'a')).rejects.toThrow(/a: expected only function/);
    await expect(readKernelFunctions('', 'b')).rejects.toThrow(/b: expected a root function/);
    await expect(readKernelFunctions('export function f(x: number) { return Math.pow(x, 2); }', 'c')).rejects.toThrow(
      /c: kernels cannot use Math.pow/,
    );
    expect(await readKernelFunctions(`import type { A } from './a.js';\nexport ${ok}`, 'd')).toEqual([ok.trim()]);
  });
});

describe('packParameters', () => {
  it.each(['hsl(X 50% 50%)', 'keep hsl(X 50% 50%)', 'hsl(X 50% 50%) -> red'])('holds 64 rows "%s"', (colors) => {
    const rows = Array.from({ length: 64 }, (_, i) => `${colors.replace('X', String(i * 5))};50;${100 + i}`);
    const compiled = compilePlan(planOf({ rows: [...rows] }));
    const parameters = packParameters(compiled);
    expect(parameters.length).toBe(PARAMETER_COUNT);
    expect((parameters[LAYOUT.surfaces] as number) + (parameters[LAYOUT.attractors] as number)).toBe(64);
    expect(parameters.slice(LAYOUT.surfaceRows).sort()).toEqual(Float32Array.from(compiled.rows).sort());
  });
});

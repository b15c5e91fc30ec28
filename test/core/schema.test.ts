import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PLAN_SCHEMA, RECIPE_SCHEMA } from '../../scripts/make-schemas.js';
import { ColorshineError, formatRecipe, makeRecipe, parsePlan, parseRecipe, planFor } from '../../src/index.js';

const published = (name: string): object => JSON.parse(readFileSync(`schema/${name}-1.schema.json`, 'utf8'));
const ajv = new Ajv2020({ allErrors: true, strict: true });
const validateRecipe = ajv.compile(published('recipe'));
const validatePlan = ajv.compile(published('plan'));

/** Whether a reader takes the text; anything but a coded refusal is a failure. */
function isRead(read: (json: string) => unknown, value: unknown): boolean {
  try {
    read(JSON.stringify(value));
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(ColorshineError);
    return false;
  }
}

const blue = { color: 'blue', tolerance: 50, strength: 70 };
const recipe = { version: 1, attractors: [blue, 'red;10;20'], channels: { hue: false }, name: 'Dusk' };
const plan = planFor(
  { data: Uint8Array.of(1, 2, 3, 200, 0, 0), width: 2, height: 1, channels: 3 },
  makeRecipe([blue, 'white;100;200']),
);
const [first] = plan.rows;

describe('schema files', () => {
  it('are what scripts/make-schemas.ts makes', () => {
    expect(published('recipe')).toEqual(RECIPE_SCHEMA);
    expect(published('plan')).toEqual(PLAN_SCHEMA);
  });

  it('accept what the library writes', () => {
    expect(validateRecipe(JSON.parse(formatRecipe(makeRecipe(['blue;50;70']))))).toBe(true);
    expect(validatePlan(JSON.parse(JSON.stringify(plan)))).toBe(true);
  });
});

describe('recipe schema and reader agree', () => {
  it.each<[boolean, unknown]>([
    [true, recipe],
    [true, { version: 1, attractors: [blue] }],
    [true, { $schema: 'x.json', version: 1, attractors: [{ ...blue, enabled: false }] }],
    [true, { version: 1, attractors: [{ ...blue, tolerance: 0, strength: 0 }] }],
    [true, { version: 1, attractors: [{ ...blue, tolerance: 100, strength: 200 }] }],
    [true, { version: 1, attractors: Array(64).fill(blue) }],
    [true, { ...recipe, channels: {} }],
    [true, { ...recipe, channels: { luminance: false, saturation: false } }],
    [false, { version: 1, attractors: Array(65).fill(blue) }],
    [false, { version: 1, attractors: [] }],
    [false, { version: 1 }],
    [false, { attractors: [blue] }],
    [false, { ...recipe, version: 2 }],
    [false, { ...recipe, version: '1' }],
    [false, { ...recipe, name: 5 }],
    [false, { ...recipe, strength: 5 }],
    [false, { ...recipe, channels: { luminance: false, saturation: false, hue: false } }],
    [false, { ...recipe, channels: { hue: 'on' } }],
    [false, { ...recipe, channels: { chroma: true } }],
    [false, { ...recipe, channels: null }],
    [false, { version: 1, attractors: [{ ...blue, tolerance: 100.001 }] }],
    [false, { version: 1, attractors: [{ ...blue, tolerance: -0.001 }] }],
    [false, { version: 1, attractors: [{ ...blue, strength: 201 }] }],
    [false, { version: 1, attractors: [{ ...blue, strength: '70' }] }],
    [false, { version: 1, attractors: [{ ...blue, strength: null }] }],
    [false, { version: 1, attractors: [{ ...blue, radius: 1 }] }],
    [false, { version: 1, attractors: [{ ...blue, enabled: 1 }] }],
    [false, { version: 1, attractors: [{ ...blue, color: '' }] }],
    [false, { version: 1, attractors: [{ ...blue, color: 'x'.repeat(129) }] }],
    [false, { version: 1, attractors: [{ ...blue, color: 255 }] }],
    [false, { version: 1, attractors: [{ color: 'blue', tolerance: 5 }] }],
    [false, { version: 1, attractors: ['blue;50'] }],
    [false, { version: 1, attractors: ['blue;50;70;90'] }],
    [false, { version: 1, attractors: [5] }],
    [false, [blue]],
    [false, 'blue;50;70'],
    [false, null],
  ])('%s: %j', (valid, value) => {
    expect(validateRecipe(value)).toBe(valid);
    expect(isRead(parseRecipe, value)).toBe(valid);
  });
});

describe('plan schema and reader agree', () => {
  it.each<[boolean, unknown]>([
    [true, plan],
    [true, { ...plan, gamut: 'display-p3', channels: undefined }],
    [false, { ...plan, gamut: 'rec2020' }],
    [false, { ...plan, attractors: [] }],
    [false, { ...plan, pixels: -1 }],
    [false, { ...plan, pixels: undefined }],
    [false, { ...plan, name: 'x' }],
    [false, { ...plan, attractors: ['blue;50;70'] }],
    [false, { ...plan, attractors: [{ ...first, oklab: [1, 2] }] }],
    [false, { ...plan, attractors: [{ ...first, oklab: [1, 2, 3, 4] }] }],
    [false, { ...plan, attractors: [{ ...first, oklab: [1, 0, null] }] }],
    [true, { ...plan, attractors: [{ ...first, oklab: [-1.5, 0, 1.5] }] }],
    [false, { ...plan, attractors: [{ ...first, oklab: [0.5, 0, 1.51] }] }],
    [false, { ...plan, attractors: [{ ...first, radius: -1 }] }],
    [false, { ...plan, attractors: [{ ...first, radius: undefined }] }],
    [false, { ...plan, attractors: [{ ...first, share: '1' }] }],
    [false, { ...plan, attractors: [{ ...first, powerlessHue: 'no' }] }],
    [false, { ...plan, attractors: [{ ...first, tolerance: 101 }] }],
    [false, makeRecipe(['blue;50;70'])],
  ])('%s: %j', (valid, value) => {
    expect(validatePlan(JSON.parse(JSON.stringify(value)))).toBe(valid);
    expect(isRead(parsePlan, value)).toBe(valid);
  });
});

describe('schema and reader agree on damaged files', () => {
  // No strings among them: only the reader knows which are colors.
  const junk = fc.constantFrom<unknown>(null, true, -1, 0, 1, 64.5, 201, [], {}, [1, 2, 3]);

  /** A copy with the value at one random path replaced by junk, deleted, or joined by an unknown key. */
  function damaged(value: object): fc.Arbitrary<unknown> {
    const paths: string[][] = [];
    const walk = (node: unknown, path: string[]): void => {
      if (path.length > 0) paths.push(path);
      if (typeof node === 'object' && node !== null) for (const [k, v] of Object.entries(node)) walk(v, [...path, k]);
    };
    walk(value, []);
    return fc
      .tuple(fc.constantFrom(...paths), junk, fc.constantFrom('replace', 'delete', 'join'))
      .map(([path, x, how]) => {
        const copy = structuredClone(value);
        let parent = copy as Record<string, unknown>;
        for (const key of path.slice(0, -1)) parent = parent[key] as Record<string, unknown>;
        const last = path.at(-1) as string;
        if (how === 'join' && !Array.isArray(parent)) parent.surprise = x;
        else if (how === 'delete' && !Array.isArray(parent)) delete parent[last];
        else parent[last] = x;
        return copy;
      });
  }

  it('recipes', () => {
    fc.assert(
      fc.property(damaged(recipe), (value) => {
        expect(isRead(parseRecipe, value)).toBe(validateRecipe(value));
      }),
      { numRuns: 1000 },
    );
  });

  it('plans', () => {
    fc.assert(
      fc.property(damaged(JSON.parse(JSON.stringify(plan))), (value) => {
        expect(isRead(parsePlan, value)).toBe(validatePlan(value));
      }),
      { numRuns: 1000 },
    );
  });
});

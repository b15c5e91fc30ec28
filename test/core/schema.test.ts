import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PLAN_SCHEMAS, RECIPE_SCHEMAS } from '../../scripts/make-schemas.js';
import { toFileShape } from '../../src/core/recipe.js';
import {
  ColorshineError,
  formatRecipe,
  makeRecipe,
  parsePlan,
  parseRecipe,
  planFor,
  type RecipeInput,
} from '../../src/index.js';

const VERSIONS = [1, 2] as const;
const published = (name: string, version: number): object =>
  JSON.parse(readFileSync(`schema/${name}-${version}.schema.json`, 'utf8'));
const ajv = new Ajv2020({ allErrors: true, strict: true });

/** A file says of which version it is; of another one it is invalid by any schema. */
const validator = (name: string): ((value: unknown) => boolean) => {
  const validate = VERSIONS.map((version) => ajv.compile(published(name, version)));
  return (value) => validate.some((isValid) => isValid(value));
};
const validateRecipe = validator('recipe');
const validatePlan = validator('plan');

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
const two = { data: Uint8Array.of(1, 2, 3, 200, 0, 0), width: 2, height: 1, channels: 3 } as const;
interface PlanFile {
  readonly attractors: readonly object[];
}
const plan = toFileShape(planFor(two, makeRecipe([blue, 'white;100;200']))) as PlanFile;
const [first] = plan.attractors;

const repaint = { color: 'teal', from: 'blue', reach: 0.1, strength: 100 };
const keep = { color: 'pink', keep: true, tolerance: 5, strength: 100 };
const recipe2 = {
  version: 2,
  rows: [repaint, keep, blue, 'red -> {x};auto;5'],
  channels: {},
  blend: 'oklab',
  name: 'Dusk',
};
const plan2 = planFor(two, makeRecipe({ rows: [repaint, keep, blue], blend: 'oklab' }));
const [painted, kept] = plan2.rows;

describe('schema files', () => {
  it('are what scripts/make-schemas.ts makes', () => {
    for (const [i, version] of VERSIONS.entries()) {
      expect(published('recipe', version)).toEqual(RECIPE_SCHEMAS[i]);
      expect(published('plan', version)).toEqual(PLAN_SCHEMAS[i]);
    }
  });

  it('accept what the library writes', () => {
    expect(validateRecipe(JSON.parse(formatRecipe(makeRecipe(['blue;50;70']))))).toBe(true);
    expect(validateRecipe(JSON.parse(formatRecipe(makeRecipe(recipe2 as RecipeInput))))).toBe(true);
    for (const file of [plan, plan2]) expect(validatePlan(JSON.parse(JSON.stringify(file)))).toBe(true);
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
    [false, { ...recipe, attractors: [repaint] }],
    [false, { ...recipe, attractors: [keep] }],
    [false, { ...recipe, attractors: [{ ...blue, tolerance: undefined, reach: 0.1 }] }],
    [false, { ...recipe, blend: 'oklab' }],
    [true, recipe2],
    [true, { version: 2, rows: [blue] }],
    [true, { version: 2, rows: ['keep pink;~0.1;100', 'red to blue;5%;5'] }],
    [true, { ...recipe2, blend: 'oklch' }],
    [true, { version: 2, rows: [{ ...blue, keep: false }] }],
    [
      true,
      {
        version: 2,
        rows: [
          { ...repaint, reach: 'auto' },
          { ...keep, tolerance: undefined, reach: 'auto' },
        ],
      },
    ],
    [
      true,
      {
        version: 2,
        rows: [
          { ...repaint, reach: 0 },
          { ...repaint, reach: 1, enabled: false },
        ],
      },
    ],
    [false, { ...recipe2, blend: 'rgb' }],
    [false, { ...recipe2, blend: null }],
    [false, { ...recipe2, attractors: [blue] }],
    [false, { version: 2, attractors: [blue] }],
    [false, { version: 3, rows: [blue] }],
    [false, { version: 2, rows: [] }],
    [false, { version: 2, rows: [{ ...repaint, keep: true }] }],
    [false, { version: 2, rows: [{ ...repaint, tolerance: 5 }] }],
    [false, { version: 2, rows: [{ ...repaint, reach: undefined }] }],
    [false, { version: 2, rows: [{ ...repaint, reach: 1.01 }] }],
    [false, { version: 2, rows: [{ ...repaint, reach: '~0.1' }] }],
    [false, { version: 2, rows: [{ ...repaint, from: '' }] }],
    [false, { version: 2, rows: [{ ...repaint, from: null }] }],
    [false, { version: 2, rows: [{ ...keep, keep: 1 }] }],
    [false, { version: 2, rows: [{ ...blue, tolerance: undefined, reach: 'auto' }] }],
    [false, { version: 2, rows: ['keep pink;~0.1'] }],
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
    [true, plan2],
    [true, { ...plan2, rows: [{ ...painted, share: undefined }] }],
    [false, { ...plan2, version: 1 }],
    [false, { ...plan2, blend: 'rgb' }],
    [false, { ...plan2, rows: [{ ...painted, center: undefined }] }],
    [false, { ...plan2, rows: [{ ...painted, center: [1, 2] }] }],
    [false, { ...plan2, rows: [{ ...painted, reach: 2 }] }],
    [false, { ...plan2, rows: [{ ...kept, from: 'red', center: [0.5, 0, 0] }] }],
    [false, { ...plan, attractors: [{ ...first, from: 'red', center: [0.5, 0, 0] }] }],
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
      fc.property(fc.oneof(damaged(recipe), damaged(recipe2)), (value) => {
        expect(isRead(parseRecipe, value)).toBe(validateRecipe(value));
      }),
      { numRuns: 2000 },
    );
  });

  it('plans', () => {
    fc.assert(
      fc.property(fc.oneof(...[plan, plan2].map((file) => damaged(JSON.parse(JSON.stringify(file))))), (value) => {
        expect(isRead(parsePlan, value)).toBe(validatePlan(value));
      }),
      { numRuns: 2000 },
    );
  });
});

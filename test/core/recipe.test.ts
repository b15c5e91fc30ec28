import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestWord } from '../../src/core/options.js';
import {
  checkPlan,
  formatRecipe,
  makeRecipe,
  type Plan,
  parsePlan,
  parseRecipe,
  planFor,
  type RecipeInput,
} from '../../src/index.js';
import { pixelsArbitrary, recipeArbitrary } from '../support/arbitraries.js';
import { messageOf } from '../support/errors.js';

const all = { luminance: true, saturation: true, hue: true };
const make = (value: unknown) => makeRecipe(value as RecipeInput);

describe('makeRecipe', () => {
  it('fills in the defaults', () => {
    const want = { version: 1, attractors: [{ color: 'blue', tolerance: 50, strength: 70 }], channels: all };
    expect(makeRecipe(['blue;50;70'])).toEqual(want);
    expect(makeRecipe({ attractors: ['blue;50;70'] })).toEqual(want);
    expect(makeRecipe([{ color: 'blue', tolerance: 50, strength: 70 }])).toEqual(want);
    expect(makeRecipe({ attractors: ['blue;50;70'], channels: { hue: false } }).channels).toEqual({
      ...all,
      hue: false,
    });
  });

  it('keeps name and enabled', () => {
    const attractor = { color: 'blue', tolerance: 50, strength: 70, enabled: false };
    expect(makeRecipe({ name: 'Night', attractors: [attractor] })).toEqual({
      version: 1,
      name: 'Night',
      attractors: [attractor],
      channels: all,
    });
  });

  it('needs an attractor', () => {
    expect(messageOf('NO_ROWS', () => make([]))).toContain('got 0');
    expect(messageOf('INVALID_RECIPE', () => make({}))).toContain('attractors: expected a list');
    expect(messageOf('INVALID_RECIPE', () => make(Array(65).fill('red;1;1')))).toContain('1 to 64, got 65');
  });

  it.each([[null], [undefined], [42], ['blue;50;70'], [true]])('refuses %j', (value) => {
    expect(messageOf('INVALID_RECIPE', () => make(value))).toContain('recipe: expected an object');
  });

  it('says which attractor is wrong', () => {
    expect(messageOf('INVALID_TOLERANCE', () => make(['red;1;1', 'blue;150;70']))).toMatch(/^attractor 2: tolerance/);
    expect(messageOf('INVALID_COLOR', () => make([{ color: 'bleu', tolerance: 1, strength: 1 }]))).toMatch(
      /^attractor 1/,
    );
    expect(messageOf('INVALID_STRENGTH', () => make([{ color: 'blue', tolerance: 1 }]))).toContain('undefined');
    expect(messageOf('INVALID_TOLERANCE', () => make([{ color: 'blue', tolerance: '5', strength: 1 }]))).toContain(
      '"5"',
    );
    expect(messageOf('INVALID_RECIPE', () => make([42]))).toContain('attractor 1');
    expect(
      messageOf('INVALID_RECIPE', () => make([{ color: 'red', tolerance: 1, strength: 1, enabled: 'yes' }])),
    ).toContain('enabled: expected true or false');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 101])('refuses the tolerance %s', (tolerance) => {
    messageOf('INVALID_TOLERANCE', () => make([{ color: 'blue', tolerance, strength: 1 }]));
  });

  it('names the nearest key', () => {
    expect(messageOf('INVALID_RECIPE', () => make({ atractors: [] }))).toContain('did you mean "attractors"');
    expect(messageOf('INVALID_CHANNELS', () => make({ attractors: ['red;1;1'], channels: { hues: true } }))).toContain(
      'did you mean "hue"',
    );
    expect(messageOf('INVALID_RECIPE', () => make([{ colour: 'red', tolerance: 1, strength: 1 }]))).toContain(
      'did you mean "color"',
    );
    expect(nearestWord('SATURATON', ['luminance', 'saturation', 'hue'])).toBe('saturation');
    expect(nearestWord('x'.repeat(1e6), ['hue'])).toBe('hue');
  });

  it('refuses channels that are all off or no booleans', () => {
    const off = { luminance: false, saturation: false, hue: false };
    expect(messageOf('INVALID_CHANNELS', () => make({ attractors: ['red;1;1'], channels: off }))).toContain('all off');
    expect(messageOf('INVALID_CHANNELS', () => make({ attractors: ['red;1;1'], channels: { hue: 1 } }))).toContain(
      'got 1',
    );
    messageOf('INVALID_CHANNELS', () => make({ attractors: ['red;1;1'], channels: [true] }));
    messageOf('INVALID_CHANNELS', () => make({ attractors: ['red;1;1'], channels: null }));
  });
});

describe('recipe files', () => {
  it('survive a round trip', () => {
    fc.assert(
      fc.property(recipeArbitrary(), (recipe) => {
        expect(parseRecipe(formatRecipe(recipe))).toEqual(recipe);
      }),
    );
    const named = { ...makeRecipe(['red;1;1']), name: 'Line\n"quote" \u2028 \u{1f308}' };
    expect(parseRecipe(formatRecipe(named))).toEqual(named);
  });

  it('end in a newline and may name their schema', () => {
    expect(formatRecipe(makeRecipe(['red;1;1']))).toMatch(/}\n$/);
    expect(
      parseRecipe('{"$schema": "recipe-1.schema.json", "version": 1, "attractors": ["red;1;1"]}').rows,
    ).toHaveLength(1);
  });

  it.each(['', '{', 'nonsense', '[1,]', '{"version": 1,}'])('that are no JSON are refused: %j', (text) => {
    expect(messageOf('INVALID_RECIPE', () => parseRecipe(text))).toContain('expected JSON');
  });

  it.each(['0', '2', '"1"', 'null'])('of version %s are refused', (version) => {
    const text = `{"version": ${version}, "attractors": ["red;1;1"]}`;
    expect(messageOf('INVALID_RECIPE', () => parseRecipe(text))).toContain('version: expected 1');
  });

  it('without a version are refused', () => {
    messageOf('INVALID_RECIPE', () => parseRecipe('{"attractors": ["red;1;1"]}'));
  });

  it('do not pollute prototypes', () => {
    messageOf('INVALID_RECIPE', () => parseRecipe('{"version": 1, "attractors": ["red;1;1"], "__proto__": {"x": 1}}'));
    expect(({} as { x?: number }).x).toBeUndefined();
  });
});

describe('plan files', () => {
  const plan: Plan = planFor(
    { data: Uint8Array.of(255, 0, 0, 0, 0, 255), width: 2, height: 1, channels: 3 },
    makeRecipe(['red;80;70']),
  );
  const changed = (change: object): unknown => ({ ...plan, ...change });
  const withAttractor = (change: object): unknown => ({ ...plan, attractors: [{ ...plan.rows[0], ...change }] });

  it('survive a round trip, to the last bit', () => {
    fc.assert(
      fc.property(pixelsArbitrary(), recipeArbitrary(), (pixels, recipe) => {
        const made = planFor(pixels, recipe);
        // JSON has no -0, and a radius or an Oklab component of -0 means the same as 0.
        expect(parsePlan(JSON.stringify(made))).toEqual(JSON.parse(JSON.stringify(made)));
      }),
    );
  });

  it.each([
    [{ gamut: 'rec2020' }, 'gamut: expected srgb or display-p3'],
    [{ version: 2 }, 'version: expected 1'],
    [{ version: undefined }, 'version: expected 1'],
    [{ pixels: -1 }, 'pixels: expected a number from 0'],
    [{ pixels: Number.NaN }, 'pixels: expected a number from 0'],
    [{ attractors: {} }, 'attractors: expected a list'],
    [{ attractors: [] }, 'attractors: expected a list of 1 to 64, got 0'],
    [{ radii: [] }, 'unknown key "radii"'],
  ])('%j is refused', (change, message) => {
    expect(messageOf('INVALID_PLAN', () => checkPlan(changed(change)))).toContain(message);
  });

  it.each([
    [{ oklab: [1, 2] }, 'oklab: expected three numbers'],
    [{ oklab: [1, 0, Number.NaN] }, 'oklab: expected three numbers'],
    [{ oklab: [1, 0, '3'] }, 'oklab: expected three numbers'],
    [{ oklab: [0.7, 1.51, 0] }, 'oklab: expected three numbers from -1.5 to 1.5, got [0.7,1.51,0]'],
    [{ oklab: [0.7, 0, -64] }, 'oklab: expected three numbers from -1.5 to 1.5'],
    [{ powerlessHue: 0 }, 'powerlessHue: expected true or false'],
    [{ radius: -0.1 }, 'radius: expected a number from 0'],
    [{ radius: Number.POSITIVE_INFINITY }, 'radius: expected a number from 0'],
    [{ share: '1' }, 'share: expected a number from 0'],
    [{ raduis: 1 }, 'did you mean "radius"'],
  ])('an attractor with %j is refused', (change, message) => {
    expect(messageOf('INVALID_PLAN', () => checkPlan(withAttractor(change)))).toContain(message);
  });

  it.each(['', '{', 'null', '[]', '1'])('%j is refused', (text) => {
    messageOf('INVALID_PLAN', () => parsePlan(text));
  });
});

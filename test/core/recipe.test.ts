import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixedPlan } from '../../src/core/analysis/radius.js';
import { nearestWord } from '../../src/core/options.js';
import { toFileShape } from '../../src/core/recipe.js';
import {
  type Blend,
  checkPlan,
  type ErrorCode,
  formatRecipe,
  makeRecipe,
  type Plan,
  parsePlan,
  parseRecipe,
  planFor,
  type RecipeInput,
} from '../../src/index.js';
import { channelSwitches, cssColor, pixelsArbitrary, recipeArbitrary } from '../support/arbitraries.js';
import { messageOf } from '../support/errors.js';

const all = { luminance: true, saturation: true, hue: true };
const make = (value: unknown) => makeRecipe(value as RecipeInput);

describe('makeRecipe', () => {
  it('fills in the defaults', () => {
    const rows = [{ color: 'blue', tolerance: 50, strength: 70 }];
    const want = { version: 2, rows, channels: all, blend: 'oklch' };
    expect(makeRecipe(['blue;50;70'])).toEqual(want);
    expect(makeRecipe({ rows: ['blue;50;70'] })).toEqual(want);
    expect(makeRecipe({ attractors: ['blue;50;70'] })).toEqual(want);
    expect(makeRecipe([{ color: 'blue', tolerance: 50, strength: 70 }])).toEqual(want);
    expect(makeRecipe({ rows: ['blue;50;70'], blend: 'oklab' }).blend).toBe('oklab');
    expect(makeRecipe({ rows: ['blue;50;70'], channels: { hue: false } }).channels).toEqual({
      ...all,
      hue: false,
    });
  });

  it('keeps name and enabled', () => {
    const row = { color: 'blue', tolerance: 50, strength: 70, enabled: false };
    expect(makeRecipe({ name: 'Night', rows: [row] })).toEqual({
      version: 2,
      name: 'Night',
      rows: [row],
      channels: all,
      blend: 'oklch',
    });
  });

  it('needs a row', () => {
    expect(messageOf('NO_ROWS', () => make([]))).toContain('got 0');
    expect(messageOf('INVALID_RECIPE', () => make({}))).toContain('attractors: expected a list');
    expect(messageOf('INVALID_RECIPE', () => make({ version: 2 }))).toContain('rows: expected a list');
    expect(messageOf('INVALID_RECIPE', () => make(Array(65).fill('red;1;1')))).toContain('1 to 64, got 65');
  });

  it.each([[null], [undefined], [42], ['blue;50;70'], [true]])('refuses %j', (value) => {
    expect(messageOf('INVALID_RECIPE', () => make(value))).toContain('recipe: expected an object');
  });

  it('says which row is wrong', () => {
    expect(messageOf('INVALID_TOLERANCE', () => make(['red;1;1', 'blue;150;70']))).toMatch(/^row 2: tolerance/);
    expect(messageOf('INVALID_COLOR', () => make([{ color: 'bleu', tolerance: 1, strength: 1 }]))).toMatch(/^row 1/);
    expect(messageOf('INVALID_STRENGTH', () => make([{ color: 'blue', tolerance: 1 }]))).toContain('undefined');
    expect(messageOf('INVALID_TOLERANCE', () => make([{ color: 'blue', tolerance: '5', strength: 1 }]))).toContain(
      '"5"',
    );
    expect(messageOf('INVALID_RECIPE', () => make([42]))).toContain('row 1');
    expect(
      messageOf('INVALID_RECIPE', () => make([{ color: 'red', tolerance: 1, strength: 1, enabled: 'yes' }])),
    ).toContain('enabled: expected true or false');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 101])('refuses the tolerance %s', (tolerance) => {
    messageOf('INVALID_TOLERANCE', () => make([{ color: 'blue', tolerance, strength: 1 }]));
  });

  it('names the nearest key', () => {
    expect(messageOf('INVALID_RECIPE', () => make({ atractors: [] }))).toContain('did you mean "attractors"');
    expect(messageOf('INVALID_RECIPE', () => make({ row: [] }))).toContain('did you mean "rows"');
    expect(messageOf('INVALID_CHANNELS', () => make({ rows: ['red;1;1'], channels: { hues: true } }))).toContain(
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
    expect(messageOf('INVALID_CHANNELS', () => make({ rows: ['red;1;1'], channels: off }))).toContain('all off');
    expect(messageOf('INVALID_CHANNELS', () => make({ rows: ['red;1;1'], channels: { hue: 1 } }))).toContain('got 1');
    messageOf('INVALID_CHANNELS', () => make({ rows: ['red;1;1'], channels: [true] }));
    messageOf('INVALID_CHANNELS', () => make({ rows: ['red;1;1'], channels: null }));
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

  it('of version 1 are written as they were, byte for byte', () => {
    fc.assert(
      fc.property(
        fc.record({
          name: fc.option(fc.string(), { nil: undefined }),
          attractors: fc.array(
            fc.record({
              color: cssColor,
              tolerance: fc.double({ min: 0, max: 100, noNaN: true }),
              strength: fc.integer({ min: 0, max: 200 }),
              enabled: fc.option(fc.boolean(), { nil: undefined }),
            }),
            { minLength: 1, maxLength: 4 },
          ),
          channels: channelSwitches,
        }),
        ({ name, attractors, channels }) => {
          const text = `${JSON.stringify({ version: 1, name, attractors, channels }, null, 2)}\n`;
          expect(formatRecipe(parseRecipe(text))).toBe(text);
        },
      ),
    );
  });

  it.each([
    ['red -> blue;40;60', undefined, 'version: expected 2 for row 2, "red -> blue;40;60", got 1'],
    ['keep red;40;60', undefined, 'version: expected 2 for row 2'],
    ['red;~0.1;60', undefined, 'version: expected 2 for row 2'],
    ['red;40;60', 'oklab', 'version: expected 2 for a blend of oklab, got 1'],
  ])('that say what version 1 cannot are of version 2: %j, %j', (row, blend, message) => {
    const made = makeRecipe({ rows: ['blue;1;1', row], blend: blend as Blend });
    const text = formatRecipe(made);
    expect(JSON.parse(text)).toEqual(made);
    expect(parseRecipe(text)).toEqual(made);
    const { rows, ...rest } = made;
    const claimed = JSON.stringify({ ...rest, version: 1, attractors: rows });
    expect(messageOf('INVALID_RECIPE', () => parseRecipe(claimed))).toContain(message);
  });

  it('hold their rows under the key of their version', () => {
    const rows = '["red;1;1"]';
    const refuse = (text: string) => messageOf('INVALID_RECIPE', () => parseRecipe(text));
    expect(refuse(`{"version": 1, "rows": ${rows}}`)).toContain(
      'attractors: expected the rows under this key alone, got rows',
    );
    expect(refuse(`{"version": 2, "attractors": ${rows}}`)).toContain(
      'rows: expected the rows under this key alone, got attractors',
    );
    messageOf('INVALID_RECIPE', () => make({ rows: ['red;1;1'], attractors: ['red;1;1'] }));
    expect(parseRecipe(`{"version": 2, "rows": ${rows}}`)).toEqual(makeRecipe(['red;1;1']));
  });

  it('know two blends', () => {
    expect(messageOf('INVALID_OPTION', () => make({ rows: ['red;1;1'], blend: 'rgb' }))).toContain(
      'blend: expected one of oklch, oklab',
    );
    messageOf('INVALID_OPTION', () => make({ rows: ['red;1;1'], blend: null }));
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

  it.each(['0', '3', '1.5', '"1"', '"2"', 'null'])('of version %s are refused', (version) => {
    for (const key of ['attractors', 'rows']) {
      const text = `{"version": ${version}, "${key}": ["red;1;1"]}`;
      expect(messageOf('INVALID_RECIPE', () => parseRecipe(text))).toContain('version: expected 1 or 2');
    }
  });

  it('without a version are refused', () => {
    messageOf('INVALID_RECIPE', () => parseRecipe('{"attractors": ["red;1;1"]}'));
    messageOf('INVALID_RECIPE', () => parseRecipe('{"rows": ["red;1;1"]}'));
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
  const withRow = (change: object): unknown => ({ ...plan, rows: [{ ...plan.rows[0], ...change }] });

  it('survive a round trip, to the last bit', () => {
    fc.assert(
      fc.property(pixelsArbitrary(), recipeArbitrary(), (pixels, recipe) => {
        const made = planFor(pixels, recipe);
        // JSON has no -0, and a radius or an Oklab component of -0 means the same as 0.
        const text = JSON.stringify(made);
        expect(parsePlan(text)).toEqual(JSON.parse(text));
        const file = JSON.stringify(toFileShape(made));
        expect(parsePlan(file)).toEqual(JSON.parse(text));
        expect(JSON.stringify(toFileShape(parsePlan(file)))).toBe(file);
      }),
    );
  });

  it.each([
    [{ gamut: 'rec2020' }, 'gamut: expected srgb or display-p3'],
    [{ version: 3 }, 'version: expected 1 or 2'],
    [{ version: undefined }, 'version: expected 1 or 2'],
    [{ version: 1 }, 'attractors: expected the rows under this key alone, got rows'],
    [{ pixels: -1 }, 'pixels: expected a number from 0'],
    [{ pixels: Number.NaN }, 'pixels: expected a number from 0'],
    [{ rows: {} }, 'rows: expected a list'],
    [{ rows: [] }, 'rows: expected a list of 1 to 64, got 0'],
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
    [{ from: 'blue' }, 'center: expected three numbers'],
    [{ from: 'blue', center: [2, 0, 0] }, 'center: expected three numbers from -1.5 to 1.5'],

    [{ raduis: 1 }, 'did you mean "radius"'],
  ])('a row with %j is refused', (change, message) => {
    expect(messageOf('INVALID_PLAN', () => checkPlan(withRow(change)))).toContain(message);
  });

  it.each<[object, ErrorCode, string]>([
    [{ color: 'bleu' }, 'INVALID_COLOR', '"bleu"'],
    [{ from: 'bleu', center: [0.5, 0, 0] }, 'INVALID_COLOR', '"bleu"'],
    [{ from: '{brand}', center: [0.5, 0, 0] }, 'UNKNOWN_TOKEN', 'look {brand} up'],
    [{ from: 'blue', keep: true, center: [0.5, 0, 0] }, 'INVALID_RECIPE', 'keep: expected no from'],
    [{ reach: 0.1 }, 'INVALID_RECIPE', 'reach: expected either a tolerance or a reach'],
    [{ tolerance: undefined, reach: 2 }, 'INVALID_REACH', 'reach: expected a number from 0 to 1'],
    [{ tolerance: undefined, reach: 'auto' }, 'INVALID_RECIPE', 'reach: expected auto on a repaint or keep row alone'],
  ])('a row with %j is refused as in a recipe', (change, code, message) => {
    const said = messageOf(code, () => checkPlan(withRow(change)));
    expect(said).toContain(message);
    expect(said).toMatch(/^plan: row 1: /);
  });

  it('have no blend but two', () => {
    expect(messageOf('INVALID_OPTION', () => checkPlan(changed({ blend: 'rgb' })))).toContain(
      'blend: expected one of oklch, oklab',
    );
  });

  it('hold a fixed reach without a share', () => {
    const fixed = fixedPlan(makeRecipe(['red -> blue;~0.2;70', 'keep teal;~0;100']), 'srgb') as Plan;
    expect(fixed.rows.map(({ radius, share }) => [radius, share])).toEqual([
      [0.2, undefined],
      [0, undefined],
    ]);
    expect(parsePlan(JSON.stringify(toFileShape(fixed)))).toEqual(fixed);
  });

  it.each(['', '{', 'null', '[]', '1'])('%j is refused', (text) => {
    messageOf('INVALID_PLAN', () => parsePlan(text));
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_COLOR_LENGTH } from '../../src/core/options.js';
import { formatRecipe, makeRecipe } from '../../src/core/recipe.js';
import { describeReport } from '../../src/protocol/describe-report.js';
import { events, recipe, requests, SKIP_REASONS } from '../../src/protocol/messages.js';
import { replies } from '../../src/protocol/replies.js';
import { bytes, integer, json, list, number, object, optional, record, text } from '../../src/protocol/schema.js';

describe('checks', () => {
  it('name the place of a fault', () => {
    const check = object({ rows: list(object({ name: text(5), count: integer(0, 9) })) });
    const rows = [{ name: 'a', count: 1 }];
    expect(check({ rows }, 'message')).toEqual({ rows });
    expect(() => check({ rows: [{ name: 'a', count: 1.5 }] }, 'message')).toThrow(
      'message.rows[0].count: expected a whole number',
    );
    expect(() => check({ rows: [{ name: 'abcdef', count: 1 }] }, 'message')).toThrow('message.rows[0].name');
    expect(() => check({ rows, more: 1 }, 'message')).toThrow('unknown key more');
    expect(() => check({}, 'message')).toThrow('message.rows');
  });

  it('refuse numbers that are none, and other binary types', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, '1', null])
      expect(() => number()(value, 'n')).toThrow('n: expected');
    for (const value of [new ArrayBuffer(2), new Uint8ClampedArray(2), new Float32Array(2), [1], 'x']) {
      expect(() => bytes(value, 'b')).toThrow('b: expected a Uint8Array');
    }
  });

  it('never let __proto__ through', () => {
    const evil = JSON.parse('{"__proto__": {"polluted": true}}') as unknown;
    expect(() => record(number())(evil, 'r')).toThrow('ordinary keys');
    expect(() => object({ a: optional(number()) })(evil, 'o')).toThrow('unknown key __proto__');
    expect(() => json(evil, 'j')).toThrow('ordinary keys');
  });

  it('take JSON as it is, up to a depth', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const plain = JSON.parse(JSON.stringify(value), (key, one) =>
          key === '__proto__' ? undefined : one,
        ) as unknown;
        expect(json(plain, 'j')).toEqual(plain);
      }),
    );
    let deep: unknown = 1;
    for (let i = 0; i < 30; i++) deep = [deep];
    expect(() => json(deep, 'j')).toThrow('shallower');
    expect(() => json({ a: new Uint8Array(1) }, 'j')).toThrow('plain data');
    expect(() => json(() => 1, 'j')).toThrow('plain data');
  });

  it('survive anything at all with a coded error or a value', () => {
    const all = [...Object.values(requests), ...Object.values(replies), ...Object.values(events)];
    fc.assert(
      fc.property(fc.anything(), fc.integer({ min: 0, max: all.length - 1 }), (value, index) => {
        try {
          (all[index] as (value: unknown, path: string) => unknown)(value, 'x');
        } catch (error) {
          expect(error).toMatchObject({ code: 'BAD_MESSAGE' });
        }
      }),
    );
  });
});

describe('the recipe on the wire', () => {
  it('is what the core makes, unchanged', () => {
    const made = makeRecipe({
      name: 'Warm',
      attractors: ['orange;40;80', { color: 'teal', tolerance: 0, strength: 200, enabled: false }],
    });
    expect(recipe(JSON.parse(formatRecipe(made)), 'recipe')).toEqual(made);
  });

  it('is refused out of range', () => {
    const base = { version: 1, attractors: [], channels: { luminance: true, saturation: true, hue: true } };
    const one = (attractor: object): unknown => ({ ...base, attractors: [attractor] });
    expect(() => recipe(one({ color: 'red', tolerance: 101, strength: 1 }), 'r')).toThrow('r.attractors[0].tolerance');
    const long = 'x'.repeat(MAX_COLOR_LENGTH);
    expect(recipe(one({ color: long, tolerance: 1, strength: 1 }), 'r').rows[0]?.color).toBe(long);
    expect(() => recipe(one({ color: `${long}x`, tolerance: 1, strength: 1 }), 'r')).toThrow('color');
    expect(() => recipe({ ...base, version: 2 }, 'r')).toThrow('attractors');
    const { channels } = base;
    expect(() => recipe({ version: 3, rows: [], channels, blend: 'oklch' }, 'r')).toThrow('r.version');
  });
});

describe('describeReport', () => {
  const nothing = { layers: 0, styles: 0, images: 0, skipped: [] };

  it('says what was done and what was not', () => {
    const skipped = [
      { layer: 'a', layerId: '1', reason: 'video' as const },
      { layer: 'b', layerId: '2', reason: 'gif' as const },
      { layer: 'c', layerId: '3', reason: 'gif' as const },
    ];
    expect(describeReport({ layers: 1, styles: 2, images: 1, skipped: [] })).toBe('Recolored 1 layer and 2 styles');
    expect(describeReport({ ...nothing, layers: 2, colors: 9, bound: 3 })).toBe(
      'Recolored 2 layers, 3 variables bound',
    );
    expect(describeReport({ ...nothing, layers: 3, skipped })).toBe(
      'Recolored 3 layers, skipped 3: video, animated GIF',
    );
    expect(describeReport(nothing, 'Restored')).toBe('Nothing changed');
  });

  it('fits into 100 characters', () => {
    const skipped = SKIP_REASONS.map((reason) => ({ layer: 'x', layerId: '1', reason }));
    expect(describeReport({ ...nothing, skipped }).length).toBeLessThanOrEqual(100);
  });
});

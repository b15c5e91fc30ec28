import { describe, expect, it } from 'vitest';
import { ColorshineError, makeRecipe } from '../../src/index.js';
import { readNumber } from '../../ui/controls/read-number.js';
import { resultName } from '../../ui/file-host.js';
import { fitViewport, panBy, pixelAt, zoomAt } from '../../ui/preview/viewport.js';
import { record, redo, startHistory, undo } from '../../ui/state/history.js';
import {
  commandFor,
  jsonFromRecipe,
  looksLikeRecipe,
  recipeFromText,
  textFromRecipe,
} from '../../ui/state/recipe-text.js';
import { keepReferences, namedColors } from '../../ui/state/references.js';
import { linkTo, recipeFromLink } from '../../ui/state/share-link.js';

describe('history', () => {
  it('joins quick changes of one control, and only those', () => {
    let history = startHistory('a');
    history = record(history, 'b', 'slider 1', 1000);
    history = record(history, 'c', 'slider 1', 1500);
    history = record(history, 'd', 'slider 2', 1600);
    history = record(history, 'e', 'slider 2', 9000);
    history = record(history, 'f', undefined, 9001);
    const seen = [history.present];
    while (history.past.length > 0) {
      history = undo(history);
      seen.push(history.present);
    }
    expect(seen).toEqual(['f', 'e', 'd', 'c', 'a']);
    expect(undo(history)).toBe(history);
    for (const _ of seen) history = redo(history);
    expect(history.present).toBe('f');
  });

  it('takes a drag for one step however long it rests', () => {
    let history = record(startHistory('a'), 'b', 'slider 1', 1000);
    history = record(history, 'c', 'slider 1', 9000, true);
    expect(undo(history).present).toBe('a');
    expect(undo(record(history, 'd', 'slider 1', 18_000)).present).toBe('c');
  });

  it('forgets what was undone once something new is done, and never joins across an undo', () => {
    let history = record(record(startHistory(1), 2, 'x', 10), 3, undefined, 20);
    history = record(undo(history), 4, 'x', 30);
    expect(history.future).toEqual([]);
    expect(undo(history).present).toBe(2);
  });
});

describe('variables that a recipe names', () => {
  const recipe = makeRecipe(['{brand.a} -> {brand.b};auto;100', '{brand.c};20;80', 'red;20;80']);

  it('are remembered with what they stood for', () => {
    expect(
      namedColors(
        recipe,
        new Map([
          ['brand.a', 'teal'],
          ['brand.x', 'navy'],
        ]),
      ),
    ).toEqual({ 'brand.a': 'teal' });
    expect(namedColors(makeRecipe(['red;20;80']), new Map())).toBeUndefined();
  });

  it('stay named where the file has them, and become their colors where it has not', () => {
    const kept = keepReferences(recipe, new Map([['brand.b', '#000000']]), { 'brand.a': 'teal', 'brand.b': 'navy' });
    expect(kept.rows.map(({ from, color }) => [from, color])).toEqual([
      ['teal', '{brand.b}'],
      [undefined, '{brand.c}'],
      [undefined, 'red'],
    ]);
  });
});

describe('numbers as people type them', () => {
  it.each([
    ['12,5', 12.5],
    [' 40 % ', 40],
    ['50+10', 60],
    ['50 - 5', 45],
    ['100/3', 100 / 3],
    ['1+2*3', 7],
    ['10-2-3', 5],
    ['-5', -5],
    ['.5', 0.5],
    ['30°', 30],
    ['7 px', 7],
  ])('%s', (text, value) => {
    expect(readNumber(text)).toBe(value);
  });

  it.each(['', '%', '50+', '1.2.3', '1e3', 'ten', '5 10', '1/0', '(1+2)', 'Infinity'])('%s is none', (text) => {
    expect(readNumber(text)).toBeNaN();
  });
});

describe('recipes as text', () => {
  const channels = { luminance: true, saturation: true, hue: false };
  const now = { channels, blend: 'oklch' } as const;
  const other = { channels: { ...channels, hue: true }, blend: 'oklab' } as const;
  const recipe = makeRecipe({ rows: ['red;50;70', 'oklch(70% 0.1 200);30.5;100'], channels });
  const newer = makeRecipe({
    rows: ['navy -> teal;~0.12;100', 'keep pink;auto;80', 'gold;40;60'],
    channels,
    blend: 'oklab',
  });

  it('come back from text, JSON and the command line', () => {
    expect(recipeFromText(textFromRecipe(recipe), now)).toEqual(recipe);
    expect(recipeFromText(jsonFromRecipe(recipe), other)).toEqual(recipe);
    expect(recipeFromText(commandFor(recipe, 'a.jpg'), other)).toEqual(recipe);
  });

  it('come back with repaint and keep rows, fixed reaches and a blend', () => {
    expect(recipeFromText(textFromRecipe(newer), { channels, blend: 'oklab' })).toEqual(newer);
    expect(recipeFromText(jsonFromRecipe(newer), now)).toEqual(newer);
    expect(recipeFromText(commandFor(newer, 'a.jpg'), { ...now, channels: other.channels })).toEqual(newer);
  });

  it('come back when the first color is a variable, whose brace is not the brace of JSON', () => {
    const named = makeRecipe({ attractors: ['{brand.primary};50;70', 'red;20;100'], channels });
    expect(recipeFromText(textFromRecipe(named), now)).toEqual(named);
    expect(() => recipeFromText('{brand.primary', now)).toThrow(/JSON/);
  });

  it('name the bad line', () => {
    expect(() => recipeFromText('red;50;70\nblue;50', now)).toThrow(/^line 2: .*3 parts/);
    expect(() => recipeFromText('  ', now)).toThrow(/Nothing to read/);
  });

  it('are told from other text', () => {
    expect(looksLikeRecipe('red;1;2')).toBe(true);
    expect(looksLikeRecipe(jsonFromRecipe(recipe))).toBe(true);
    expect(looksLikeRecipe('a note; nothing more')).toBe(false);
  });

  it('quote file names for the shell', () => {
    expect(commandFor(recipe, "it's here.jpg")).toContain("shine 'it'\\''s here.jpg' \"red;50;70\"");
    expect(commandFor(recipe, '-rf.png')).toContain('shine ./-rf.png ');
  });
});

describe('a recipe as a link', () => {
  const page = 'https://example.com/shine/?a=1#old';
  const recipe = makeRecipe({
    rows: ['oklch(75% 0.15 50);40;120', '#2c4f8f -> teal;~0.08;90', 'keep pink;auto;100'],
    channels: { luminance: true, saturation: true, hue: false },
    blend: 'oklab',
    name: 'Größe → 🌊',
  });

  it('comes back whole, in letters that no program breaks', () => {
    const link = linkTo(page, recipe);
    expect(link).toMatch(/^https:\/\/example\.com\/shine\/\?a=1#recipe=[\w-]+$/);
    expect(recipeFromLink(new URL(link).hash)).toEqual(recipe);
  });

  it('is read whole or not at all', () => {
    const { hash } = new URL(linkTo(page, recipe));
    const of = (value: unknown): string => `#recipe=${Buffer.from(JSON.stringify(value)).toString('base64url')}`;
    expect(recipeFromLink('')).toBeUndefined();
    expect(recipeFromLink('#top')).toBeUndefined();
    const rows = [{ color: 'red', tolerance: 50, strength: 70 }];
    const broken = [hash.slice(0, -7), '#recipe=', '#recipe=%%%', '#recipe=/w', `#recipe=${'A'.repeat(200_000)}`];
    const wrong = [
      {},
      [],
      7,
      { version: 1, rows: [] },
      { version: 99, rows },
      { version: 1, rows: [{ color: 'javascript:x' }] },
    ];
    for (const fragment of [...broken, ...wrong.map(of)]) {
      expect(() => recipeFromLink(fragment), fragment.slice(0, 60)).toThrow(ColorshineError);
    }
  });
});

describe('resultName', () => {
  it('keeps a fitting extension as it was written', () => {
    expect(resultName('a.b.JPEG', 'jpeg')).toBe('a.b_colorshine.JPEG');
    expect(resultName('photo.webp', 'png')).toBe('photo_colorshine.png');
    expect(resultName('noextension', 'jpeg')).toBe('noextension_colorshine.jpg');
  });
});

describe('viewport', () => {
  const stage = { width: 300, height: 200 };
  const picture = { width: 512, height: 256 };
  const fit = fitViewport(stage, picture);

  it('fits and centers', () => {
    expect(fit.scale).toBeCloseTo(284 / 512);
    expect(fit.x).toBeCloseTo(8);
    expect(pixelAt(fit, 150, 100, picture)).toEqual({ x: 256, y: 128 });
    expect(pixelAt(fit, 2, 2, picture)).toBeUndefined();
  });

  it('enlarges small pictures fourfold, and tiny ones until they can be seen', () => {
    expect(fitViewport(stage, { width: 40, height: 30 }).scale).toBe(4);
    const dot = { width: 1, height: 1 };
    const shown = fitViewport(stage, dot);
    expect(shown.scale).toBeGreaterThanOrEqual(64);
    // A press on plus does not make it smaller.
    expect(zoomAt(shown, 1.5, 10, 10, stage, dot).scale).toBe(shown.scale);
  });

  it('zooms around the pointer, never below the fit, and pans only to the edges', () => {
    const zoomed = zoomAt(fit, 4, 200, 100, stage, picture);
    expect(pixelAt(zoomed, 200, 100, picture)).toEqual(pixelAt(fit, 200, 100, picture));
    expect(zoomAt(zoomed, 0.01, 10, 10, stage, picture).scale).toBeCloseTo(fit.scale);
    const far = panBy(zoomed, -1e5, 1e5, stage, picture);
    expect(far.x).toBeCloseTo(stage.width - picture.width * zoomed.scale);
    expect(far.y).toBe(0);
  });
});

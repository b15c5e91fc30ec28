import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LabPicture, toLabPicture } from '../../bench/quality/lab-picture.js';
import { tileOrders } from '../../bench/quality/lightness-order.js';
import { createWasmBackend } from '../../src/backends/wasm/index.js';
import { oklabOfColors } from '../../src/core/analysis/oklab-of-colors.js';
import { type Census, countColors, createColorTable, parseColor, recolorPixels } from '../../src/core/index.js';
import {
  colorsInGroup,
  colorsOf,
  makePaletteRecipe,
  type PaletteRecipe,
  type TokenColors,
} from '../../src/tokens/index.js';
import { dusk, lake, type Rgb, stillLife } from './palette-images.js';
import { errorOf, readFixtures } from './support.js';

/** What the issue asks of a recipe at 100: the mean distance to the nearest design color falls by half. */
const MOST_DISTANCE = 0.5;
/**
 * Lightness order, as Spearman's rank correlation of L before and after. Over the whole picture it sees areas that
 * swap; in each of 12 tiles it sees shading that is turned around within an area. What a tile loses above 0.8 are ties, pixels that
 * became one color, and that few tiles may.
 */
const LEAST_ORDER = 0.95;
const LEAST_MEAN_TILE_ORDER = 0.95;
const LEAST_TILE_ORDER = 0.8;
const TILES = { columns: 4, rows: 3 };

const PALETTES: Record<string, () => TokenColors> = {
  'a Material-like palette': () => colorsOf(readFixtures('material.tokens.json')),
  'a Primer-like palette': () => colorsOf(readFixtures('primer-base.json')),
  'a warm brand': () => colorsInGroup(colorsOf(readFixtures('warm-brand.tokens.json')), 'color.brand'),
};
const IMAGES: Record<string, () => Promise<Rgb> | Rgb> = {
  'the lake': lake,
  'a still life': stillLife,
  'a street at dusk': dusk,
};

const wasm = await createWasmBackend();
afterAll(() => wasm.dispose());

const pictures = new Map<string, Rgb>();
beforeAll(async () => {
  for (const [name, make] of Object.entries(IMAGES)) pictures.set(name, await make());
});

const censusOf = ({ data }: Rgb): Census => countColors(data, 3, createColorTable());

async function recolor(picture: Rgb, colors: TokenColors, howFar: number): Promise<Rgb> {
  const { recipe } = makePaletteRecipe(censusOf(picture), 'srgb', colors, { howFar });
  const data = picture.data.slice();
  await recolorPixels({ ...picture, data, channels: 3 }, recipe, { backend: wasm });
  return { ...picture, data };
}

function labOf({ data }: Rgb): Float64Array {
  const colors = new Uint32Array(data.length / 3);
  for (let i = 0; i < colors.length; i++) {
    colors[i] = (data[3 * i] as number) | ((data[3 * i + 1] as number) << 8) | ((data[3 * i + 2] as number) << 16);
  }
  return oklabOfColors(colors, 'srgb');
}

/** Mean Oklab distance of the pixels to the nearest of all design colors. */
function distanceTo(colors: TokenColors, picture: Rgb): number {
  const targets = [...colors.values()].map((css) => parseColor(css).oklab);
  const lab = labOf(picture);
  let sum = 0;
  for (let at = 0; at < lab.length; at += 3) {
    let nearest = Number.POSITIVE_INFINITY;
    for (const [L, a, b] of targets) {
      const [dL, da, db] = [(lab[at] as number) - L, (lab[at + 1] as number) - a, (lab[at + 2] as number) - b];
      nearest = Math.min(nearest, dL * dL + da * da + db * db);
    }
    sum += Math.sqrt(nearest);
  }
  return sum / (lab.length / 3);
}

/** How well lightness keeps its order, tile by tile; one tile is the whole picture. */
function ordersOf(before: Rgb, after: Rgb, { columns, rows }: { columns: number; rows: number }): number[] {
  const [p, q] = [before, after].map(({ data, width, height }) => toLabPicture(data, width, height));
  return tileOrders(p as LabPicture, q as LabPicture, columns, rows);
}

describe.each(Object.entries(PALETTES))('%s', (_, readColors) => {
  it.each(Object.keys(IMAGES))('at 100 brings %s onto it, dark staying dark and light light', async (name) => {
    const picture = pictures.get(name) as Rgb;
    const colors = readColors();
    const result = await recolor(picture, colors, 100);
    expect(distanceTo(colors, result) / distanceTo(colors, picture)).toBeLessThanOrEqual(MOST_DISTANCE);
    expect(ordersOf(picture, result, { columns: 1, rows: 1 })[0]).toBeGreaterThanOrEqual(LEAST_ORDER);
    const orders = ordersOf(picture, result, TILES);
    expect(orders.length).toBeGreaterThan(6);
    expect(orders.reduce((sum, order) => sum + order, 0) / orders.length).toBeGreaterThanOrEqual(LEAST_MEAN_TILE_ORDER);
    expect(Math.min(...orders)).toBeGreaterThanOrEqual(LEAST_TILE_ORDER);
  });

  it('comes nearer the farther it goes, and not at all at 0', async () => {
    const picture = pictures.get('a still life') as Rgb;
    const colors = readColors();
    const distances: number[] = [];
    for (const howFar of [0, 50, 100, 150, 200])
      distances.push(distanceTo(colors, await recolor(picture, colors, howFar)));
    expect(distances[0]).toBe(distanceTo(colors, picture));
    expect([...distances].sort((p, q) => q - p)).toEqual(distances);
  });
});

describe('a palette recipe', () => {
  const colors = (): TokenColors => colorsOf(readFixtures('primer-base.json'));
  const census = (): Census => censusOf(pictures.get('the lake') as Rgb);
  let made: PaletteRecipe | undefined;
  const lakeRecipe = (): PaletteRecipe => (made ??= makePaletteRecipe(census(), 'srgb', colors()));

  it('is a recipe within all ranges, the same every time, whatever the order of the census', () => {
    const { colors: list, counts } = census();
    const first = lakeRecipe();
    const again = makePaletteRecipe(
      { colors: list.slice().reverse(), counts: counts.slice().reverse() },
      'srgb',
      colors(),
    );
    expect(again.recipe).toEqual(first.recipe);
    expect(first.rows.length).toBeGreaterThan(2);
    expect(first.rows.length).toBeLessThanOrEqual(10);
    for (const { tolerance, strength } of first.recipe.rows) {
      expect(tolerance).toBeGreaterThan(0);
      expect(tolerance).toBeLessThanOrEqual(100);
      expect(strength).toBeGreaterThan(0);
      expect(strength).toBeLessThanOrEqual(200);
    }
    expect(new Set(first.rows.map(({ name }) => name)).size).toBe(first.rows.length);
  });

  it('says what it will do, and does it', async () => {
    const picture = pictures.get('the lake') as Rgb;
    const { before, after } = lakeRecipe();
    const result = await recolor(picture, colors(), 100);
    expect(before).toBeCloseTo(distanceTo(colors(), picture), 2);
    expect(after / before).toBeCloseTo(distanceTo(colors(), result) / distanceTo(colors(), picture), 1);
  });

  it('explains each row in one line of words', () => {
    const { rows } = lakeRecipe();
    for (const { explanation } of rows) expect(explanation).toMatch(/^[a-z ]+: .+/);
    const green = rows.find(({ name }) => name.includes('green'));
    expect(green?.explanation).toMatch(/^(dark|mid) green: takes .*green \d+ %/);
    expect(rows.reduce((sum, { share }) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-9);
    expect(rows.reduce((sum, { share }) => sum + share, 0)).toBeGreaterThan(0.7);
  });

  it('does not call a speck nothing', () => {
    const speck = {
      colors: Uint32Array.of(0x808080, 0x707070, 0x303030, 0x2080f0),
      counts: Float64Array.of(6e4, 2e4, 2e4, 1),
    };
    const design = new Map([
      ['grey', '#777777'],
      ['orange', '#f08020'],
      ['dark', '#333333'],
    ]);
    const words = makePaletteRecipe(speck, 'srgb', design).rows.map(({ explanation }) => explanation);
    expect(words.join('\n')).toContain('under 0.1 %');
  });

  it('keeps references where asked', () => {
    const { recipe, rows } = makePaletteRecipe(census(), 'srgb', colors(), { keepReferences: true });
    expect(recipe.rows.map(({ color }) => color)).toEqual(rows.map(({ name }) => `{${name}}`));
    const odd = new Map([['a;b', '#804020']]); // a path that no recipe can hold
    expect(makePaletteRecipe(census(), 'srgb', odd, { keepReferences: true }).recipe.rows[0]?.color).toBe('#804020');
  });

  it('copes with one design color, one picture color, and both the same', () => {
    const flat = countColors(new Uint8Array(300).fill(120), 3, createColorTable());
    for (const css of ['#787878', '#ff0000']) {
      const { before, after, rows } = makePaletteRecipe(flat, 'srgb', new Map([['one', css]]));
      expect(rows).toHaveLength(1);
      expect(after).toBeLessThanOrEqual(before);
      expect(Number.isFinite(after)).toBe(true);
    }
    expect(makePaletteRecipe(census(), 'srgb', new Map([['one', 'teal']])).rows).toHaveLength(1);
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      '201',
      () => makePaletteRecipe(census(), 'srgb', colors(), { howFar: 201 }),
      /^INVALID_OPTION howFar: expected a number from 0 to 200, got 201/,
    ],
    ['NaN', () => makePaletteRecipe(census(), 'srgb', colors(), { howFar: Number.NaN }), /^INVALID_OPTION howFar/],
    ['no colors', () => makePaletteRecipe(census(), 'srgb', new Map()), /^INVALID_TOKENS .*at least one color/],
    [
      'a picture without pixels',
      () => makePaletteRecipe({ colors: Uint32Array.of(5), counts: Float64Array.of(0) }, 'srgb', colors()),
      /^INVALID_PIXELS .*visible pixels/,
    ],
  ])('refuses %s', (_, call, expected) => {
    expect(errorOf(call)).toMatch(expected);
  });
});

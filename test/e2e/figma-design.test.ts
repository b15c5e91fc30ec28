/** The tab "Design system" in the built window, with the built plugin behind it. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { planFromCensus } from '../../src/core/analysis/plan.js';
import { packColor } from '../../src/core/color/packed.js';
import { createPull } from '../../src/core/pull.js';
import { makeRecipe } from '../../src/core/recipe.js';
import type { Recipe } from '../../src/core/types.js';
import { makePicture } from '../figma/images.js';
import { imagePaint, rectangle, scene, solidPaint } from '../figma/scenes.js';
import {
  type BrowserSession,
  type BrowserSessionOptions,
  type Figma,
  startFigma,
} from '../figma-host/browser-session.js';
import { addAxe, findSerious } from '../support/axe.js';
import { recolorByPlugin } from '../support/recolor-by-plugin.js';
import { runCli } from '../support/run-cli.js';
import { makeTempFolder } from '../support/temp-folder.js';
import { card, collections, hex, solid, styles, variables } from './design-scene.js';
import {
  applyAndRead,
  clickApply,
  decode,
  readNotice,
  shownPixels,
  waitForPreview,
  waitUntil,
} from './window-driver.js';

let figma: Figma;
let session: BrowserSession;
let photo: Uint8Array;

beforeAll(async () => {
  figma = await startFigma();
  photo = await makePicture(90, 60, { isOpaque: true });
});
afterAll(() => figma.close());
afterEach(async () => {
  expect((await session.snapshot()).violations).toEqual([]);
  expect(session.errors).toEqual([]);
  await session.close();
});

const system = { collections, variables, styles };
const photoLayer = { ...rectangle('1:1', imagePaint('photo')), width: 300, height: 200 };

async function open(options: Partial<BrowserSessionOptions> = {}): Promise<BrowserSession> {
  session = await figma.open({
    command: 'design-system',
    images: [{ name: 'photo', bytes: photo }],
    scene: scene([photoLayer, card], system),
    ...options,
  });
  await waitForPreview(session.frame);
  return session;
}

const pick = async (name: string): Promise<void> => {
  await session.frame.getByRole('checkbox', { name: new RegExp(`^${name}`) }).check();
  await waitForMatch();
};
const waitForMatch = async (): Promise<void> => {
  // What is said now may still be about the last match: two frames later it is not.
  await session.frame.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await session.frame.getByText(/picked, .* used/).waitFor();
};
const rowColors = async (): Promise<string[]> => {
  await session.frame.getByRole('tab', { name: 'Colors' }).click();
  return session.frame
    .locator('.color-field')
    .evaluateAll((fields) => fields.map((field) => (field as HTMLInputElement).value));
};
const importRecipe = async (recipe: Recipe): Promise<void> => {
  const buffer = Buffer.from(JSON.stringify(recipe));
  await session.frame
    .locator('input.recipe-file')
    .setInputFiles({ name: 'r.json', mimeType: 'application/json', buffer });
  await session.frame.getByText('r.json imported').waitFor();
  await session.frame.getByRole('button', { name: 'Dismiss' }).click();
};
const setHowFar = async (value: number): Promise<void> => {
  await session.frame.getByRole('textbox', { name: 'How far, number' }).fill(String(value));
  await session.frame.getByRole('textbox', { name: 'How far, number' }).blur();
  await waitForMatch();
};

describe('the tab', () => {
  it('is opened by its menu command and lists collections, groups, styles and the selection’s colors', async () => {
    await open({ scene: scene([photoLayer, card], { ...system, selectionColors: { paints: [solid('e8f0e4')] } }) });
    const { frame } = session;
    expect(await frame.getByRole('tab', { name: 'Design system' }).getAttribute('aria-selected')).toBe('true');
    const source = frame.getByRole('combobox', { name: 'Colors from' });
    expect(await source.locator('option').allTextContents()).toEqual(['Theme', 'Base', 'Styles', 'Selection colors']);
    expect(await frame.locator('.design-row.title').allTextContents()).toEqual(['brand2', 'surface2', 'text2']);
    await source.selectOption('Styles');
    expect(await frame.locator('.design-row:not(.title)').allTextContents()).toEqual(['SunFFCC00', 'Sea004477']);
    await source.selectOption('Selection colors');
    expect(await frame.locator('.design-row:not(.title)').allTextContents()).toEqual(['#e8f0e4']);
    await frame.getByRole('textbox', { name: /Search/ }).fill('sun');
    expect(await frame.locator('.design-row').allTextContents()).toEqual(['Styles / Marketing1', 'SunFFCC00']);
    await frame.getByRole('textbox', { name: /Search/ }).fill('nonsuch');
    await frame.getByText('No color is called “nonsuch”.').waitFor();
    expect(await session.snapshot()).toMatchObject({ writes: 0 });
  });

  it('a group picked gives a recipe that names its variables, with words that explain it', async () => {
    await open();
    await pick('All of brand');
    const { frame } = session;
    await frame.getByRole('button', { name: 'Why?', exact: true }).click();
    const words = await frame.getByRole('dialog', { name: 'Why these colors' }).textContent();
    expect(words).toMatch(/brand\/(primary|accent)/);
    expect(words).toMatch(/nearer to the palette/);
    await frame.getByRole('dialog').press('Escape');
    const colors = await rowColors();
    expect(colors.length).toBeGreaterThan(0);
    for (const color of colors) expect(['{brand.primary}', '{brand.accent}']).toContain(color);
    // Nothing before Apply.
    expect(await session.snapshot()).toMatchObject({ writes: 0, created: 0 });
  });

  it('how far: 0 keeps everything, the strengths grow with it', async () => {
    await open();
    await pick('All of brand');
    await setHowFar(0);
    const strengths = async (): Promise<number[]> => {
      await session.frame.getByRole('tab', { name: 'Colors' }).click();
      const texts = await session.frame.locator('.row .summary').allTextContents();
      const opened = await session.frame.getByLabel('Strength, number').first().inputValue();
      await session.frame.getByRole('tab', { name: 'Design system' }).click();
      return [...texts.map((text) => Number(/(\d+)$/.exec(text)?.[1])), Number(opened)];
    };
    expect(Math.max(...(await strengths()))).toBe(0);
    await setHowFar(200);
    expect(Math.min(...(await strengths()))).toBe(200);
  });

  it('works by keyboard: one Tab into the list, arrows among the colors, Space picks, Enter applies', async () => {
    await open();
    const { frame, page } = session;
    const all = frame.getByRole('checkbox', { name: 'All of brand' });
    await frame.getByRole('textbox', { name: /Search/ }).focus();
    for (let i = 0; i < 3; i++) await page.keyboard.press('Tab');
    expect(await all.evaluate((box) => box === document.activeElement)).toBe(true);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    expect(await frame.getByRole('checkbox', { name: /primary/ }).isChecked()).toBe(true);
    expect(await all.evaluate((box) => (box as HTMLInputElement).indeterminate)).toBe(true);
    await waitForMatch();
    await page.keyboard.press('End');
    await page.keyboard.press('Space');
    expect(await frame.getByRole('checkbox', { name: /soft/ }).isChecked()).toBe(true);
    await waitForMatch();
    await page.keyboard.press('Tab');
    expect(
      await frame.locator('.design-match input[type=range]').evaluate((slider) => slider === document.activeElement),
    ).toBe(true);
    await page.keyboard.press('Enter');
    expect(await readNotice(frame)).toContain('Recolored');
  });

  for (const theme of ['light', 'dark'] as const) {
    it(`has no serious accessibility finding in any state, ${theme}`, async () => {
      await open({ theme });
      const { frame } = session;
      await addAxe(frame);
      expect(await findSerious(frame), 'nothing picked').toEqual([]);
      await pick('All of brand');
      expect(await findSerious(frame), 'picked').toEqual([]);
      await frame.getByRole('button', { name: 'Why?', exact: true }).click();
      expect(await findSerious(frame), 'why').toEqual([]);
      await frame.getByRole('dialog').press('Escape');
      await frame.getByText('Modes', { exact: true }).click();
      await frame.getByRole('radio', { name: /Dusk/ }).waitFor({ state: 'attached' });
      expect(await findSerious(frame), 'modes').toEqual([]);
      await frame.getByRole('textbox', { name: /Search/ }).fill('nonsuch');
      expect(await findSerious(frame), 'nothing found').toEqual([]);
    });
  }
});

describe('modes', () => {
  it('are shown side by side, each in its own colors, and a click takes one', async () => {
    await open();
    const { frame } = session;
    await pick('All of brand');
    await setHowFar(150);
    await frame.getByText('Modes', { exact: true }).click();
    const grid = frame.getByRole('radiogroup', { name: 'Modes of Theme' });
    await frame.waitForFunction(() =>
      [...document.querySelectorAll<HTMLCanvasElement>('.theme canvas')].every(({ width }) => width === 90),
    );
    const pictures = await grid.locator('canvas').evaluateAll((canvases) =>
      canvases.map((canvas) => {
        const painter = (canvas as HTMLCanvasElement).getContext('2d') as CanvasRenderingContext2D;
        const { data } = painter.getImageData(0, 0, 90, 60);
        return data.reduce((sum, value, i) => (sum * 31 + value * (i % 7)) % 1000003, 7);
      }),
    );
    expect(new Set(pictures).size).toBe(3);
    await frame.getByRole('radio', { name: /Dark/ }).check({ force: true });
    expect(await frame.getByRole('combobox', { name: 'Mode of Theme' }).inputValue()).toBe('dark');
    // The rows still name the variables, in their new colors.
    for (const color of await rowColors()) expect(color).toMatch(/^\{brand\./);
    const swatches = await frame
      .locator('.swatch')
      .evaluateAll((all) => all.map((one) => getComputedStyle(one).backgroundColor));
    for (const swatch of swatches) expect(['rgb(31, 78, 121)', 'rgb(217, 119, 6)']).toContain(swatch);
  });
});

describe('a mode in which a variable has no color', () => {
  it('is named, the others are shown', async () => {
    const [first, ...rest] = variables;
    const { light, dark } = (first as (typeof variables)[number]).valuesByMode as Record<string, unknown>;
    const cycle = { type: 'VARIABLE_ALIAS', id: 'V:brand/primary' };
    const holed = [{ ...(first as (typeof variables)[number]), valuesByMode: { light, dark, dusk: cycle } }, ...rest];
    await open({ scene: scene([photoLayer], { ...system, variables: holed }) });
    await pick('primary');
    await session.frame.getByText('Modes', { exact: true }).click();
    await session.frame.getByText('Dusk: a color is missing').waitFor();
    expect(await session.frame.getByRole('radio', { name: /Dusk/ }).isDisabled()).toBe(true);
    await session.frame.getByRole('combobox', { name: 'Mode of Theme' }).selectOption('Dusk');
    expect(await session.frame.getByRole('checkbox', { name: /primary/ }).isDisabled()).toBe(true);
  });
});

describe('layers and images together', () => {
  it('share one plan: a paint of a pixel’s color becomes what the pixel becomes; one undo step; Restore', async () => {
    const flat = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#e8f0e4' } })
      .composite([
        { input: { create: { width: 20, height: 30, channels: 3, background: '#2f7d4f' } }, left: 0, top: 0 },
      ])
      .png()
      .toBuffer();
    await open({ images: [{ name: 'photo', bytes: new Uint8Array(flat) }] });
    const { frame } = session;
    const before = await session.snapshot();
    await pick('All of brand');
    expect(await applyAndRead(frame)).toMatch(/^Recolored 5 layers/);
    const pixels = await shownPixels(session, '1:1');
    const rgb = (at: number): number[] => [...pixels.subarray(at * 4, at * 4 + 3)];
    const codes = (color: unknown): number[] => {
      const { r, g, b } = color as { r: number; g: number; b: number };
      return [r, g, b].map((channel) => Math.round(channel * 255));
    };
    const after = await session.snapshot();
    const stops = after.nodes['3:1']?.fills?.[0]?.gradientStops as { color: object }[];
    expect(codes(stops[0]?.color)).toEqual(rgb(0));
    expect(codes(after.nodes['3:0']?.fills?.[0]?.color)).toEqual(rgb(39));
    expect(rgb(0)).not.toEqual(codes(hex('2f7d4f')));
    expect(after.undoSteps).toBe(1);
    await frame
      .getByRole('button', { name: 'Dismiss' })
      .click()
      .catch(() => undefined);
    await frame.getByRole('button', { name: 'Restore', exact: true }).click();
    await waitUntil(session, 'host.snapshot().undoSteps === 2');
    expect(await readNotice(frame)).toContain('Restored 5 layers');
    expect((await session.snapshot()).nodes).toEqual(before.nodes);
  });

  it('Edit recolor on recolored layers goes on with their recipe, colors included', async () => {
    await open({ scene: scene([card], system) });
    await pick('All of brand');
    await applyAndRead(session.frame);
    const { nodes } = await session.snapshot();
    const [first] = await rowColors();
    expect(first).toMatch(/^\{brand\./);
    await session.close();
    const layer = { ...rectangle('3:3', ...(nodes['3:3']?.fills ?? [])), pluginData: nodes['3:3']?.pluginData ?? {} };
    await open({ command: 'edit', scene: scene([layer, photoLayer], system) });
    await session.frame.getByRole('button', { name: 'Apply to 1 image and 1 color' }).waitFor();
    // In the document stands the color itself: variables may change.
    expect((await rowColors())[0]).toMatch(/^#/);
  });

  it('with the switch off only images change, as the command line would change them', async () => {
    await open();
    await pick('All of brand');
    await session.frame.getByRole('checkbox', { name: /layer colors/ }).uncheck();
    const before = await session.snapshot();
    expect(await applyAndRead(session.frame)).toMatch(/^Recolored 1 layer/);
    const after = await session.snapshot();
    for (const id of ['3:0', '3:1', '3:2', '3:3']) expect(after.nodes[id]).toEqual(before.nodes[id]);
  });

  it('layers without any image have a preview of their colors, and are recolored', async () => {
    await open({ scene: scene([card], system) });
    const { frame } = session;
    await pick('All of surface');
    expect(await frame.locator('.pairs i').count()).toBeGreaterThan(3);
    await frame.getByRole('button', { name: /^Apply to 7 colors/ }).waitFor();
    expect(await applyAndRead(frame)).toMatch(/^Recolored 4 layers/);
    await session.evaluate('host.undo()');
    expect((await session.snapshot()).undoSteps).toBe(0);
  });

  it('of a Display P3 document are measured and written in its own space', async () => {
    const colors = ['c83c28', '3c78c8'];
    const nodes = colors.map((color, i) => rectangle(`1:${i}`, solid(color)));
    await open({ command: 'recolor', scene: scene(nodes, { ...system, documentColorProfile: 'DISPLAY_P3' }) });
    const recipe = makeRecipe(['color(display-p3 0.1 0.9 0.2);100;90']);
    await importRecipe(recipe);
    await applyAndRead(session.frame);
    const codes = colors.map((color) => Object.values(hex(color)).map((channel) => Math.round(channel * 255)));
    const packed = codes.map(([r = 0, g = 0, b = 0]) => packColor(r, g, b));
    const census = { colors: Uint32Array.from(packed), counts: Float64Array.of(1, 1) };
    const pull = createPull(planFromCensus(census, recipe, 'display-p3'));
    const { nodes: after } = await session.snapshot();
    for (const [i, code] of codes.entries()) {
      const color = after[`1:${i}`]?.fills?.[0]?.color as { r: number; g: number; b: number } | undefined;
      expect([color?.r, color?.g, color?.b].map((channel = -1) => Math.round(channel * 255))).toEqual([
        ...pull(code as [number, number, number]),
      ]);
    }
  });

  it('count by their area: the larger layer decides how far an attractor reaches', async () => {
    const sizes = (dark: number, light: number) => [
      { ...rectangle('1:1', solid('303030')), width: dark, height: dark },
      { ...rectangle('1:2', solid('c0c0c0')), width: light, height: light },
    ];
    const changed = async (dark: number, light: number): Promise<boolean[]> => {
      await open({ command: 'recolor', scene: scene(sizes(dark, light), system) });
      await importRecipe(makeRecipe(['black;50;100']));
      const before = await session.snapshot();
      await applyAndRead(session.frame);
      const after = await session.snapshot();
      return ['1:1', '1:2'].map(
        (id) => JSON.stringify(before.nodes[id]?.fills) !== JSON.stringify(after.nodes[id]?.fills),
      );
    };
    // Mostly dark: the radius ends at the dark color itself. Mostly light: it reaches past it, to the light one.
    expect(await changed(300, 10)).toEqual([false, false]);
    await session.close();
    expect(await changed(10, 300)).toEqual([true, false]);
  });

  it('are re-run without a window as they were recolored last', async () => {
    const storage = {
      'colorshine/last-recipe': makeRecipe(['teal;100;80']),
      'colorshine/settings': { withColors: true },
    };
    session = await figma.open({
      command: 'rerun',
      images: [{ name: 'photo', bytes: photo }],
      scene: scene([photoLayer, card], { ...system, storage }),
    });
    await waitUntil(session, 'host.snapshot().closed');
    expect(await session.snapshot()).toMatchObject({ undoSteps: 1, closeMessage: 'Recolored 5 layers' });
  });

  it('binds the variable where the result is its color, in the layer’s own mode', async () => {
    const nodes = [
      { ...rectangle('1:1', solid('0c6f9a')), width: 200, height: 200 },
      { id: '2:0', type: 'FRAME', variableModes: { 'C:theme': 'dusk' }, children: [rectangle('1:2', solid('0c6f9a'))] },
      { ...rectangle('1:3', solid('ffffff')), width: 150, height: 150 },
    ];
    await open({ scene: scene(nodes, system) });
    const { frame } = session;
    await pick('All of brand');
    await setHowFar(200);
    await frame.getByRole('combobox', { name: 'Bind variables' }).selectOption('If the same');
    expect(await applyAndRead(frame)).toContain('variable');
    const { nodes: after } = await session.snapshot();
    expect(after['1:1']?.fills?.[0]).toMatchObject({ boundVariables: { color: { id: 'V:brand/primary' } } });
    expect(after['1:2']?.fills?.[0]).not.toMatchObject({ boundVariables: { color: { id: 'V:brand/primary' } } });
  });

  it('Cancel while an image is still on its way writes nothing', async () => {
    await open({
      scene: scene([photoLayer, rectangle('1:2', imagePaint('second')), card], system),
      images: [
        { name: 'photo', bytes: photo },
        { name: 'second', bytes: await makePicture(50, 40, { seed: 3, isOpaque: true }) },
      ],
    });
    await pick('All of brand');
    const before = await session.snapshot();
    await session.evaluate('host.holdImages()');
    await clickApply(session.frame);
    await session.frame.getByRole('button', { name: 'Cancel' }).click();
    expect(await readNotice(session.frame)).toContain('Canceled. Nothing was changed.');
    await session.evaluate('host.releaseImages()');
    expect((await session.snapshot()).nodes).toEqual(before.nodes);
    expect((await session.snapshot()).writes).toBe(0);
  });

  it('with nothing selected say so and offer nothing to apply', async () => {
    session = await figma.open({ command: 'design-system', scene: scene([card], { ...system, selection: [] }) });
    await session.frame.getByRole('checkbox', { name: 'All of brand' }).check();
    await session.frame.getByText('Select layers to match the colors to.').waitFor();
    await session.frame.getByText('Nothing selected').waitFor();
    expect(await session.frame.getByRole('button', { name: /^Apply/ }).isDisabled()).toBe(true);
    // Picked before, matched as soon as there is something to match.
    await session.evaluate("host.select('3:0')");
    await waitForMatch();
    await session.frame.getByRole('button', { name: 'Apply to 7 colors' }).waitFor();
  });

  it('a shared style is left alone and named, until the box is ticked', async () => {
    const styled = { ...rectangle('1:1'), fillStyleId: 'S:sea', width: 300, height: 300 };
    await open({ scene: scene([styled, card], system) });
    await pick('All of brand');
    expect(await applyAndRead(session.frame)).toContain('skipped 1: belongs to a style');
    await session.frame.getByRole('button', { name: 'Dismiss' }).click();
    await session.frame.getByRole('checkbox', { name: /style of the selection/ }).check();
    expect(await applyAndRead(session.frame)).toContain('1 style');
  });
});

describe('recipe files', () => {
  it('from the window to the command line: same recipe, same variables, same pixels', async () => {
    await open({ scene: scene([photoLayer], system) });
    const { frame, page } = session;
    await pick('All of brand');
    await frame.getByRole('tab', { name: 'Colors' }).click();
    const download = async (label: string): Promise<string> => {
      await frame.getByRole('button', { name: /^Recipe:/ }).click();
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        frame.getByRole('button', { name: label }).click(),
      ]);
      return readFile(await file.path(), 'utf8');
    };
    const recipe = await download('Download recipe');
    const tokens = await download('Download variables');
    expect(recipe).toContain('{brand.');
    const folder = await makeTempFolder();
    await writeFile(join(folder, 'photo.png'), photo);
    await writeFile(join(folder, 'recipe.json'), recipe);
    await writeFile(join(folder, 'variables.json'), tokens);
    await session.close();
    for (const [theme, mode] of [
      ['Light', 'light'],
      ['Dusk', 'dusk'],
    ] as const) {
      // The stand-in's default mode is the first one.
      const order = [...(collections[0]?.modes ?? [])].sort(
        (p, q) => Number(q.modeId === mode) - Number(p.modeId === mode),
      );
      const themed = [{ ...(collections[0] as (typeof collections)[number]), modes: order }, ...collections.slice(1)];
      const { bytes, backend } = await recolorByPlugin(figma, photo, recipe, { collections: themed, variables });
      const args = ['shine', 'photo.png', '--recipe', 'recipe.json', '--tokens', 'variables.json', '--theme', theme];
      const { code, stderr } = await runCli([...args, '--backend', backend, '-o', `${theme}.png`], folder);
      expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
      const [here, there] = await Promise.all([decode(bytes), decode(await readFile(join(folder, `${theme}.png`)))]);
      expect(here.data.equals(there.data)).toBe(true);
      expect(here.data.equals((await decode(photo)).data)).toBe(false);
    }
    await open({ scene: scene([photoLayer], system) });
  });

  it('that cannot be read are refused in one line in the window, and change nothing', async () => {
    await open({ command: 'recolor' });
    const { frame } = session;
    const bad: readonly (readonly [string, string])[] = [
      ['{"version": 2, "attractors": ["red;10;20"]}', 'version: expected 1, got 2'],
      ['{"version": 1, "attractors": ["red;10;20"], "glow": 3}', 'glow'],
      ['{"version": 1, "attractors": [{"color": "blurple", "tolerance": 1, "strength": 2}]}', 'blurple'],
      ['{"version": 1, "attractors": ["{brand.gone};10;20"]}', 'got {brand.gone}'],
      ['not json', 'expected JSON'],
    ];
    for (const [text, message] of bad) {
      await frame
        .locator('input.recipe-file')
        .setInputFiles({ name: 'bad.json', mimeType: 'application/json', buffer: Buffer.from(text) });
      const notice = await readNotice(frame);
      expect(notice).toContain('bad.json: ');
      expect(notice).toContain(message);
      await frame.getByRole('button', { name: 'Dismiss' }).click();
    }
    expect(await rowColors()).toEqual([]);
    expect(await session.snapshot()).toMatchObject({ writes: 0 });
  });

  it('the other way: what the command line saved is imported as it was', async () => {
    await open({ command: 'recolor', scene: scene([photoLayer, rectangle('1:2', solidPaint(1, 0, 0))], system) });
    const folder = await makeTempFolder();
    await writeFile(join(folder, 'photo.png'), photo);
    const args = [
      'shine',
      'photo.png',
      'oklch(60% 0.1 200);40;80',
      '#ff6b35;20;150',
      '--no-hue',
      '--save-recipe',
      'r.json',
    ];
    expect((await runCli(args, folder)).code).toBe(0);
    await session.frame.locator('input.recipe-file').setInputFiles(join(folder, 'r.json'));
    expect(await readNotice(session.frame)).toContain('r.json imported');
    expect(await rowColors()).toEqual(['oklch(60% 0.1 200)', '#ff6b35']);
    expect(await session.frame.getByRole('button', { name: 'Hue' }).getAttribute('aria-pressed')).toBe('false');
  });
});

/** The tab "Design system": lists, picks, words, modes, keyboard and accessibility. */
import { describe, expect, it } from 'vitest';
import { scene } from '../figma/scenes.js';
import { addAxe, findSerious } from '../support/axe.js';
import {
  open,
  photoLayer,
  pick,
  rowColors,
  session,
  setHowFar,
  setUpDesign,
  system,
  waitForMatch,
} from './design-driver.js';
import { card, hex, solid, variables } from './design-scene.js';
import { readNotice } from './window-driver.js';

setUpDesign();

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

  it('lists an enabled library when it is opened, and brings in what is picked of it', async () => {
    const theirs = { id: 'C:acme', name: 'Acme', remote: true, modes: [{ modeId: 'on', name: 'On' }] };
    const remote = ['brand/teal', 'brand/sand'].map((name, i) => ({
      ...{ id: `V:acme${i}`, name, collection: 'C:acme', remote: true },
      valuesByMode: { on: { ...hex(['0b8f8f', 'd9b382'][i] as string), a: 1 } },
    }));
    const published = { key: 'acme', name: 'Palette', libraryName: 'Acme kit' };
    const libraries = [
      { ...published, variables: remote.map(({ id }) => ({ key: `k ${id}`, id })) },
      { key: 'gone', name: 'Old', libraryName: 'Acme kit', rejects: 'No access', variables: [] },
    ];
    const more = {
      ...{ ...system, libraries },
      variables: [...variables, ...remote],
      collections: [...system.collections, theirs],
    };
    await open({ scene: scene([photoLayer, card], more) });
    const { frame } = session;
    const from = frame.getByRole('combobox', { name: 'Colors from' });
    await from.selectOption('Acme kit: Old');
    await frame.getByText('This library could not be read: No access').waitFor();
    await from.selectOption('Acme kit: Palette');
    await frame.getByText('A color shows once it is picked.').waitFor();
    expect(await frame.locator('.dot.unknown').count()).toBe(2);
    await pick('teal');
    await frame.getByText('0B8F8F').waitFor();
    expect(await frame.locator('.dot.unknown').count()).toBe(1);
    expect(await rowColors()).toEqual(['{brand.teal}']);
    expect(await session.snapshot()).toMatchObject({ writes: 0 });
  });

  it('how far: 0 keeps everything, the strengths grow with it', async () => {
    await open();
    await pick('All of brand');
    await setHowFar(0);
    const strengths = async (): Promise<number[]> => {
      await session.frame.getByRole('tab', { name: 'Colors' }).click();
      const opened = await session.frame.getByLabel('Strength, number').first().inputValue();
      const closed = await session.frame.locator('.row .summary').allTextContents();
      await session.frame.getByRole('tab', { name: 'Design system' }).click();
      return [...closed.map((text) => Number(/strength (\d+) %$/.exec(text)?.[1])), Number.parseFloat(opened)];
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

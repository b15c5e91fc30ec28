/** Layers and images recolored together, from the built window to the document and back. */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { planFromCensus } from '../../src/core/analysis/plan.js';
import { packColor } from '../../src/core/color/packed.js';
import { createPull } from '../../src/core/pull.js';
import { makeRecipe } from '../../src/core/recipe.js';
import { parseColor } from '../../src/core/row/color.js';
import { makePicture } from '../figma/images.js';
import { imagePaint, rectangle, scene } from '../figma/scenes.js';
import {
  importRecipe,
  open,
  openOther,
  photo,
  photoLayer,
  pick,
  rowColors,
  session,
  setHowFar,
  setUpDesign,
  system,
  waitForMatch,
} from './design-driver.js';
import { card, hex, solid } from './design-scene.js';
import { applyAndRead, applyHeld, dismissNotice, readNotice, shownPixels, waitUntil } from './window-driver.js';

setUpDesign();

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
    await session.frame.locator('.color-field').first().waitFor();
    expect((await rowColors())[0]).toBe(first);
    // Once taken away, the tick stays away whatever else happens on the page.
    await session.frame.getByRole('tab', { name: 'Design system' }).click();
    await session.frame.getByRole('checkbox', { name: /layer color/ }).uncheck();
    await session.evaluate("host.setPaints('3:3', 'strokes', [{ type: 'SOLID', color: { r: 1, g: 0, b: 0 } }])");
    await session.frame.getByRole('checkbox', { name: '2 layer colors' }).waitFor();
    await session.frame.getByRole('button', { name: 'Apply', exact: true }).waitFor();
    await session.close();
    // Copied into a file that has no such variables.
    await open({ command: 'edit', scene: scene([layer, photoLayer]) });
    await session.frame.getByRole('button', { name: 'Apply to 1 image and 1 color' }).waitFor();
    await session.frame.locator('.color-field').first().waitFor();
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
    await open({
      command: 'recolor',
      scene: scene(nodes, { ...system, documentColorProfile: 'DISPLAY_P3', sourceColors: 'unit' }),
    });
    const recipe = makeRecipe(['color(display-p3 0.1 0.9 0.2);100;90']);
    await importRecipe(recipe);
    await applyAndRead(session.frame);
    const codes = colors.map((color) => Object.values(hex(color)).map((channel) => Math.round(channel * 255)));
    const packed = codes.map(([r = 0, g = 0, b = 0]) => packColor(r, g, b));
    const census = { colors: Uint32Array.from(packed), counts: Float64Array.of(1, 1) };
    const pull = createPull(planFromCensus(census, recipe, 'display-p3'));
    const { nodes: after } = await session.snapshot();
    let moved = 0;
    for (const [i, code] of codes.entries()) {
      const color = after[`1:${i}`]?.fills?.[0]?.color as { r: number; g: number; b: number } | undefined;
      expect([color?.r, color?.g, color?.b].map((channel = -1) => Math.round(channel * 255))).toEqual([
        ...pull(code as [number, number, number]),
      ]);
      // Where Figma keeps them, in OKLCH and unrounded; what stays is not touched.
      if (String(pull(code as [number, number, number])) === String(code)) continue;
      moved++;
      const {
        r = 0,
        g = 0,
        b = 0,
        sourceColor,
      } = (color ?? {}) as { r: number; g: number; b: number; sourceColor?: object };
      const { oklab } = parseColor(`color(display-p3 ${r} ${g} ${b})`);
      const { space, l, c, h } = sourceColor as { space: string; l: number; c: number; h: number };
      const [a, bb] = [c * Math.cos((h * Math.PI) / 180), c * Math.sin((h * Math.PI) / 180)];
      expect(space).toBe('OKLCH');
      expect(Math.hypot(l - oklab[0], a - oklab[1], bb - oklab[2])).toBeLessThan(2e-4);
      expect([r, g, b].some((channel) => Math.abs(channel * 255 - Math.round(channel * 255)) > 0.02)).toBe(true);
    }
    expect(moved).toBe(1);
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
      'colorshine/recents': [makeRecipe(['teal;100;80'])],
      'colorshine/settings': { withColors: true },
    };
    await openOther({
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
    await applyHeld(session);
    await session.frame.getByRole('button', { name: 'Cancel' }).click();
    expect(await readNotice(session.frame)).toContain('Canceled. Nothing was changed.');
    await session.evaluate('host.releaseImages()');
    expect((await session.snapshot()).nodes).toEqual(before.nodes);
    expect((await session.snapshot()).writes).toBe(0);
  });

  it('with nothing selected say so and offer nothing to apply', async () => {
    await openOther({ command: 'design-system', scene: scene([card], { ...system, selection: [] }) });
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
    await dismissNotice(session.frame);
    await session.frame.getByRole('checkbox', { name: /style of the selection/ }).check();
    expect(await applyAndRead(session.frame)).toContain('1 style');
  });
});

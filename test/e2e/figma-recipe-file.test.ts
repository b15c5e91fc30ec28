/** Recipe files between the window and the command line. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rectangle, scene, solidPaint } from '../figma/scenes.js';
import { recolorByPlugin } from '../support/recolor-by-plugin.js';
import { runCli } from '../support/run-cli.js';
import { makeTempFolder } from '../support/temp-folder.js';
import { figma, open, photo, photoLayer, pick, rowColors, session, setUpDesign, system } from './design-driver.js';
import { collections, variables } from './design-scene.js';
import { decode, dismissNotice, readNotice } from './window-driver.js';

setUpDesign();

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
      ['{"version": 3, "rows": ["red;10;20"]}', 'version: expected 1 or 2, got 3'],
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
      await dismissNotice(frame);
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

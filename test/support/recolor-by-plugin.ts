import type { Recipe } from '../../src/core/types.js';
import { imagePaint, rectangle, scene } from '../figma/scenes.js';
import type { Figma } from '../figma-host/browser-session.js';
import type { CollectionSpec, VariableSpec } from '../figma-host/scene.js';

export interface PluginResult {
  /** The recolored file, as the layer shows it afterwards. */
  readonly bytes: Buffer;
  /** What computed it. js and wasm may differ by 1/255 in rare colors, so compare with the same one. */
  readonly backend: 'js' | 'wasm';
}

export interface PluginDocument {
  /** For recipes that name variables. */
  readonly collections?: readonly CollectionSpec[];
  readonly variables?: readonly VariableSpec[];
}

const DONE_MS = 90_000;

/**
 * Recolors a PNG or JPEG as a person would in Figma: a layer that holds it is selected, the built window imports the recipe
 * file, Apply is pressed, and the built code.js writes the new image. Needs `npm run build`.
 *
 * @param figma of `startFigma`, one for many calls
 * @param recipe or the text of a recipe file
 */
export async function recolorByPlugin(
  figma: Figma,
  image: Uint8Array,
  recipe: Recipe | string,
  document: PluginDocument = {},
): Promise<PluginResult> {
  const session = await figma.open({
    images: [{ name: 'image', bytes: image }],
    scene: scene([rectangle('1:1', imagePaint('image'))], { ...document }),
  });
  try {
    const { frame } = session;
    await frame.locator('canvas').first().waitFor({ timeout: DONE_MS });
    const text = typeof recipe === 'string' ? recipe : JSON.stringify(recipe);
    await frame
      .locator('input.recipe-file')
      .setInputFiles({ name: 'recipe.json', mimeType: 'application/json', buffer: Buffer.from(text) });
    await expectNotice('recipe.json imported');
    await frame.getByRole('button', { name: /^Apply/ }).click();
    await expectNotice('Recolored 1 layer');
    const backend = await frame.locator('main').getAttribute('data-backend');
    if (backend !== 'js' && backend !== 'wasm') throw new Error(`the plugin computed with ${backend}`);
    const { nodes } = await session.snapshot();
    const bytes = await session.readImage(String(nodes['1:1']?.fills?.[0]?.imageHash));
    return { bytes, backend };
  } finally {
    await session.close();
  }

  async function expectNotice(start: string): Promise<void> {
    const notice = session.frame.locator('.notice');
    await notice.getByText(/./).first().waitFor({ timeout: DONE_MS });
    const text = ((await notice.textContent()) ?? '').trim();
    if (!text.startsWith(start)) throw new Error(`the plugin said: ${text}`);
    await session.frame.getByRole('button', { name: 'Dismiss' }).click();
  }
}

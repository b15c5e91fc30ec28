/** What a person does in the tab "Design system", in the built window with the built plugin behind it. */
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { Recipe } from '../../src/core/types.js';
import { makePicture } from '../figma/images.js';
import { imagePaint, rectangle, scene } from '../figma/scenes.js';
import {
  type BrowserSession,
  type BrowserSessionOptions,
  type Figma,
  startFigma,
} from '../figma-host/browser-session.js';
import { card, collections, styles, variables } from './design-scene.js';
import { dismissNotice, waitForPreview } from './window-driver.js';

export let figma: Figma;
/** The one that is open; each test leaves one open. */
export let session: BrowserSession;
export let photo: Uint8Array;

/** Starts Figma for a test file; after each test nothing may have gone wrong behind its back. */
export function setUpDesign(): void {
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
}

export const system = { collections, variables, styles };
export const photoLayer = { ...rectangle('1:1', imagePaint('photo')), width: 300, height: 200 };

export async function open(options: Partial<BrowserSessionOptions> = {}): Promise<BrowserSession> {
  session = await figma.open({
    command: 'design-system',
    images: [{ name: 'photo', bytes: photo }],
    scene: scene([photoLayer, card], system),
    ...options,
  });
  await waitForPreview(session.frame);
  return session;
}

export const pick = async (name: string): Promise<void> => {
  const box = session.frame.getByRole('checkbox', { name: new RegExp(`^${name}`) });
  // Not `check()`: what comes from a library is picked once it has come.
  await box.click();
  await box.and(session.frame.locator(':checked')).waitFor();
  await waitForMatch();
};
export const waitForMatch = async (): Promise<void> => {
  // What is said now may still be about the last match: two frames later it is not.
  await session.frame.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await session.frame.getByText(/picked, .* used/).waitFor();
};
export const rowColors = async (): Promise<string[]> => {
  await session.frame.getByRole('tab', { name: 'Colors' }).click();
  return session.frame
    .locator('.color-field')
    .evaluateAll((fields) => fields.map((field) => (field as HTMLInputElement).value));
};
export const importRecipe = async (recipe: Recipe): Promise<void> => {
  const buffer = Buffer.from(JSON.stringify(recipe));
  await session.frame
    .locator('input.recipe-file')
    .setInputFiles({ name: 'r.json', mimeType: 'application/json', buffer });
  await session.frame.getByText('r.json imported').waitFor();
  await dismissNotice(session.frame);
};
export const setHowFar = async (value: number): Promise<void> => {
  await session.frame.getByRole('textbox', { name: 'How far, number' }).fill(String(value));
  await session.frame.getByRole('textbox', { name: 'How far, number' }).blur();
  await waitForMatch();
};

/** For a window of another document than `open` would open. */
export async function openOther(options: BrowserSessionOptions): Promise<BrowserSession> {
  session = await figma.open(options);
  return session;
}

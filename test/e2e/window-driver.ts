/** What a person does in the real window, and what should come of it. */
import type { Frame } from 'playwright-core';
import sharp from 'sharp';
import { expect } from 'vitest';
import { createJsBackend } from '../../src/backends/js/index.js';
import { PRESETS } from '../../src/core/presets.js';
import { recolorPixels } from '../../src/core/recolor.js';
import type { Recipe } from '../../src/core/types.js';
import type { BrowserSession } from '../figma-host/browser-session.js';

export function presetRecipe(name: string): Recipe {
  const preset = PRESETS.find((one) => one.name === name);
  if (!preset) throw new Error(`no preset ${name}`);
  return preset.recipe;
}

/** Opens the tab of looks and takes one. */
export async function pickLook(frame: Frame, name: string): Promise<void> {
  await frame.getByRole('tab', { name: 'Looks' }).click();
  await frame.locator('button.look', { has: frame.getByText(name, { exact: true }) }).click();
}

/** The preview shows a picture. */
export async function waitForPreview(frame: Frame): Promise<void> {
  await frame.locator('canvas').first().waitFor();
}

export async function clickApply(frame: Frame): Promise<void> {
  await frame.getByRole('button', { name: /^Apply/ }).click();
}

/** Applies and waits until the window says how it went. @returns that line and its details */
export async function applyAndRead(frame: Frame): Promise<string> {
  await clickApply(frame);
  return readNotice(frame);
}

export async function readNotice(frame: Frame): Promise<string> {
  const notice = frame.locator('.notice');
  await notice.waitFor();
  return ((await notice.textContent()) ?? '').trim();
}

/** Raw RGBA of a PNG or JPEG. */
export async function decode(bytes: Uint8Array): Promise<{ data: Buffer; width: number; height: number }> {
  const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** What the core makes of an image: the truth for PNG. */
export async function recolorByCore(bytes: Uint8Array, recipe: Recipe): Promise<Buffer> {
  const { data, width, height } = await decode(bytes);
  await recolorPixels({ data, width, height, channels: 4 }, recipe, { backend: createJsBackend() });
  return data;
}

/** Hash that a layer's first fill shows. */
export async function shownHash(session: BrowserSession, id: string): Promise<string> {
  const { nodes } = await session.snapshot();
  return String(nodes[id]?.fills?.[0]?.imageHash);
}

/** Pixels that a layer's first fill shows. */
export async function shownPixels(session: BrowserSession, id: string): Promise<Buffer> {
  return (await decode(await session.readImage(await shownHash(session, id)))).data;
}

/** Waits for something about the document. */
export async function waitUntil(session: BrowserSession, expression: string, milliseconds = 15_000): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!(await session.evaluate<boolean>(expression))) {
    if (Date.now() > end) throw new Error(`waited in vain for ${expression}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Compares whole pictures; a matcher would take minutes over the bytes of a large one. */
export function expectSamePixels(actual: Buffer, expected: Buffer): void {
  let different = 0;
  for (let i = 0; i < expected.length; i++) if (actual[i] !== expected[i]) different++;
  expect({ length: actual.length, different }).toEqual({ length: expected.length, different: 0 });
}

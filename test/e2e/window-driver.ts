/** What a person does in the real window, and what should come of it. */
import type { Frame } from 'playwright-core';
import sharp from 'sharp';
import { expect } from 'vitest';
import { createJsBackend } from '../../src/backends/js/index.js';
import { createWasmBackend } from '../../src/backends/wasm/index.js';
import type { Backend } from '../../src/core/backend.js';
import { PRESETS } from '../../src/core/presets.js';
import { recolorPixels } from '../../src/core/recolor.js';
import type { Recipe } from '../../src/core/types.js';
import type { BrowserSession } from '../figma-host/browser-session.js';

export function presetRecipe(name: string): Recipe {
  const preset = PRESETS.find((one) => one.name === name);
  if (!preset) throw new Error(`no preset ${name}`);
  return preset.recipe;
}

/** A busy machine takes its time over a large image. */
const SETTLED_MS = 150;
const NOTICE_MS = 90_000;

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

/**
 * Applies while images stay on the network, and waits until the job asks for its first one: by then it has noted which layers
 * it is for. The footer counts from the click on, before the job has begun.
 */
export async function applyHeld(session: BrowserSession): Promise<void> {
  const countFetches = async (): Promise<number> =>
    Object.values((await session.snapshot()).fetches).reduce((sum, count) => sum + count, 0);
  let before = -1;
  // What the preview and the looks ask for comes first.
  for (let count = await countFetches(); count !== before; count = await countFetches()) {
    before = count;
    await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
  }
  await session.evaluate('host.holdImages()');
  await clickApply(session.frame);
  const total = 'Object.values(host.snapshot().fetches).reduce((sum, count) => sum + count, 0)';
  await waitUntil(session, `${total} > ${before}`);
}

/** Applies and waits until the window says how it went. @returns that line and its details */
export async function applyAndRead(frame: Frame): Promise<string> {
  await clickApply(frame);
  return readNotice(frame);
}

export async function readNotice(frame: Frame): Promise<string> {
  const notice = frame.locator('.notice');
  await notice.waitFor({ timeout: NOTICE_MS });
  return ((await notice.textContent()) ?? '').trim();
}

/** Takes the notice away, unless it went by itself: good news stay for five seconds, which a busy machine needs for less. */
export async function dismissNotice(frame: Frame): Promise<void> {
  const notice = frame.locator('.notice');
  await notice.evaluateAll((shown) => shown[0]?.querySelector<HTMLElement>('[aria-label=Dismiss]')?.click());
  await notice.waitFor({ state: 'detached' });
}

/** Raw RGBA of a PNG or JPEG. */
export async function decode(bytes: Uint8Array): Promise<{ data: Buffer; width: number; height: number }> {
  const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** What the core makes of an image, on each backend that the window may choose: they may differ by 1/255 in rare colors. */
export type Truth = Readonly<Record<'js' | 'wasm', Buffer>>;

export async function recolorByCore(bytes: Uint8Array, recipe: Recipe): Promise<Truth> {
  const { data, width, height } = await decode(bytes);
  const run = async (backend: Backend): Promise<Buffer> => {
    const copy = Buffer.from(data);
    await recolorPixels({ data: copy, width, height, channels: 4 }, recipe, { backend });
    return copy;
  };
  return { js: await run(createJsBackend()), wasm: await run(await createWasmBackend()) };
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

/** Compares whole pictures with either truth, exactly; a matcher would take minutes over the bytes of a large one. */
export function expectSamePixels(actual: Buffer, { js, wasm }: Truth): void {
  if (actual.equals(wasm)) return;
  let different = 0;
  for (let i = 0; i < js.length; i++) if (actual[i] !== js[i]) different++;
  expect({ length: actual.length, different }).toEqual({ length: js.length, different: 0 });
}

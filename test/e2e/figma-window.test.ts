/** What the plugin's window shows and says, where Figma has its part in it. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makePicture } from '../figma/images.js';
import { imagePaint, rectangle, scene } from '../figma/scenes.js';
import { type BrowserSession, type Figma, startFigma } from '../figma-host/browser-session.js';
import type { ImageSpec, Scene } from '../figma-host/scene.js';
import { addAxe, findSerious } from '../support/axe.js';
import { collections, styles, variables } from './design-scene.js';
import { waitForPreview } from './window-driver.js';

let figma: Figma;
let session: BrowserSession;
let photo: ImageSpec;
beforeAll(async () => {
  figma = await startFigma();
  photo = { name: 'photo', bytes: await makePicture(60, 40, { isOpaque: true }) };
});
afterAll(() => figma.close());
afterEach(async () => {
  expect((await session.snapshot()).violations).toEqual([]);
  expect(session.errors).toEqual([]);
  await session.close();
});

const system: Partial<Scene> = { collections, variables, styles };

async function open(more: Partial<Scene> = {}, theme: 'light' | 'dark' = 'light'): Promise<BrowserSession['frame']> {
  session = await figma.open({
    images: [photo],
    scene: scene([rectangle('1:1', imagePaint('photo'))], { ...system, ...more }),
    theme,
  });
  await waitForPreview(session.frame);
  return session.frame;
}

describe('colors of the file', () => {
  it('come after the picker has opened, and it still fits into the window', async () => {
    const frame = await open();
    await frame.locator('.chip').first().click(); // asks for the target at once
    await frame.getByRole('dialog').getByText('Styles').waitFor();
    // Room is made in the frame after.
    const ends = (): Promise<number> =>
      frame.getByRole('dialog').evaluate((element) => innerHeight - element.getBoundingClientRect().bottom);
    await expect.poll(ends).toBeGreaterThanOrEqual(8);
    // The row's own field stays free, and the picture: what there is no room for can be scrolled to.
    const edge = (selector: string, side: 'top' | 'bottom'): Promise<number> =>
      frame.locator(selector).evaluate((element, which) => element.getBoundingClientRect()[which], side);
    expect(await edge('.popover', 'top')).toBeGreaterThan(await edge('.row-line > .color-field', 'bottom'));
    expect(await edge('.popover', 'top')).toBeGreaterThan(await edge('.stage', 'bottom'));
    const last = frame.locator('.popover .chip').last();
    await last.scrollIntoViewIfNeeded();
    const isIn = await last.evaluate((chip) => {
      const { left, top, width, height } = chip.getBoundingClientRect();
      return document.elementFromPoint(left + width / 2, top + height / 2) === chip;
    });
    expect(isIn).toBe(true);
  });

  it('can be named in a row from the start, and a wrong name is called one', async () => {
    const frame = await open();
    await frame.locator('.chip').first().click();
    const field = frame.locator('.color-field');
    await field.click();
    await field.fill('{brand.primary}');
    await expect.poll(() => field.getAttribute('aria-invalid')).toBe('false');
    await field.blur();
    expect(await field.inputValue()).toBe('{brand.primary}');
    await field.fill('{brand.primry}');
    await frame.getByText('No color variable of this file is called {brand.primry}').waitFor();
  });
});

describe('an address that is the whole page', () => {
  it('is not what its scripts are called: Chromium copies the name for every function that posts a message', async () => {
    session = await figma.open({ scene: scene([]), form: 'data' });
    await session.frame.locator('main[data-backend]').waitFor();
    const debug = await session.page.context().newCDPSession(session.page);
    const names: string[] = [];
    debug.on('Debugger.scriptParsed', ({ url }) => names.push(url.slice(0, 20)));
    await debug.send('Debugger.enable');
    await debug.detach();
    expect(session.frame.url().length).toBeGreaterThan(500_000);
    expect(names).toContain('colorshine.js');
    expect(names.filter((name) => name.startsWith('data:'))).toEqual([]);
  });
});

describe('what stands in the way', () => {
  it('can be tried again when the network was at fault', async () => {
    session = await figma.open({
      images: [{ ...photo, rejects: 'The network is down' }],
      scene: scene([rectangle('1:1', imagePaint('photo'))]),
    });
    const { frame } = session;
    await frame.getByText('could not be opened').waitFor();
    await session.evaluate('host.mendImages()');
    await frame.getByRole('button', { name: 'Try again' }).click();
    await waitForPreview(frame);
    await frame.locator('.stage').waitFor();
    await frame.locator('.thumb canvas').waitFor();
  });
});

describe('in the colors that Figma gives', () => {
  for (const theme of ['light', 'dark'] as const) {
    it(`texts are readable and marks are seen, ${theme}`, async () => {
      const frame = await open({}, theme);
      await addAxe(frame);
      await frame.locator('.chip').first().click();
      await frame.locator('.color-field').fill('nonsense');
      await frame.getByText('Not a CSS color').waitFor();
      expect(await findSerious(frame), 'field error').toEqual([]);
      await frame.locator('.color-field').press('Escape');
      await frame.getByRole('button', { name: 'Row 1 on' }).click();
      expect(await findSerious(frame), 'row that is off').toEqual([]);
      // WCAG 1.4.11: 3:1 against what is beside it.
      for (const mark of ['--brand', '--fill']) {
        for (const ground of ['--bg', '--bg-2', '--bg-3']) {
          expect(await contrastOf(frame, mark, ground), `${mark} on ${ground}`).toBeGreaterThanOrEqual(3);
        }
      }
      expect(await contrastOf(frame, '--brand', '--stage'), '--brand on --stage').toBeGreaterThanOrEqual(3);
    });
  }
});

/** Contrast ratio of two custom properties, as the browser computes their colors. */
function contrastOf(frame: BrowserSession['frame'], one: string, other: string): Promise<number> {
  return frame.evaluate(
    (names) => {
      const luminances = names.map((name) => {
        const probe = document.createElement('i');
        probe.style.color = `var(${name})`;
        document.body.append(probe);
        const painter = document.createElement('canvas').getContext('2d') as CanvasRenderingContext2D;
        painter.fillStyle = getComputedStyle(probe).color;
        painter.fillRect(0, 0, 1, 1);
        probe.remove();
        const [r = 0, g = 0, b = 0] = [...painter.getImageData(0, 0, 1, 1).data].map((code) => {
          const part = code / 255;
          return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      });
      return (Math.max(...luminances) + 0.05) / (Math.min(...luminances) + 0.05);
    },
    [one, other],
  );
}

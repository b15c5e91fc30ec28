/** Pictures of the built plugin's window, as a sandboxed iframe of the stand-in for Figma: `npx tsx scripts/screenshots-figma.ts` after a build. */
import { mkdir, readFile, stat } from 'node:fs/promises';
import sharp from 'sharp';
import { imagePaint, rectangle, scene } from '../test/figma/scenes.js';
import { type BrowserSession, startFigma } from '../test/figma-host/browser-session.js';

const OUT = 'docs/images';
const SIZE = { width: 360, height: 680 };
const PHOTOS = 9;
const RECIPE = ['#3a5b91 -> oklch(45% 0.09 200);auto;100', '#f2b04f;45;90', 'keep #51691f;~0.08;100'];

await mkdir(OUT, { recursive: true });
const lake = await sharp(await readFile('examples/lake.jpg'))
  .resize(1200)
  .jpeg({ quality: 90 })
  .toBuffer();
const boats = await sharp(lake).extract({ left: 500, top: 300, width: 500, height: 400 }).png().toBuffer();
const figma = await startFigma();
for (const theme of ['light', 'dark'] as const) {
  const session = await figma.open({
    theme,
    images: [
      { name: 'lake', bytes: lake },
      { name: 'boats', bytes: boats },
    ],
    scene: scene([
      { ...rectangle('1:1', imagePaint('lake')), name: 'Hero' },
      { ...rectangle('1:2', imagePaint('boats')), name: 'Card' },
      { ...rectangle('1:3', imagePaint('lake')), name: 'Footer' },
    ]),
  });
  await shootSession(session, theme);
  await session.close();
  const page = await figma.open({ theme, ...(await makePage()) });
  await shootPage(page, theme);
  await page.close();
}
await figma.close();

/** A page of photographs in many cuts, with nothing selected. */
async function makePage(): Promise<Pick<Parameters<typeof figma.open>[0], 'images' | 'scene'>> {
  const cuts = Array.from({ length: PHOTOS }, (_, i) => ({
    source: i % 2 ? 'still-life' : 'lake',
    left: 60 * i,
    top: 20 * i,
  }));
  const images = await Promise.all(
    cuts.map(async ({ source, left, top }, i) => ({
      name: `photo ${i}`,
      bytes: await sharp(`examples/${source}.jpg`)
        .resize(1200, 800)
        .extract({ left, top, width: 480, height: 360 })
        .png()
        .toBuffer(),
    })),
  );
  const layers = images.map(({ name }, i) => ({
    ...rectangle(`1:${i + 1}`, imagePaint(name)),
    name: `Photo ${i + 1}`,
  }));
  const frame = { id: '2:1', type: 'FRAME', children: layers };
  return { images, scene: { ...scene([]), pages: [{ id: '0:1', children: [frame] }] } };
}

async function shootPage(session: BrowserSession, theme: string): Promise<void> {
  const { page, frame } = session;
  const shoot = await prepare(session, theme);
  await frame.getByText('Nothing selected').waitFor();
  await shoot('scope');
  await frame.getByRole('button', { name: 'This page' }).click();
  await frame.locator('.stage').waitFor();
  await frame.getByRole('tab', { name: 'Looks' }).click();
  await frame.getByRole('button', { name: /^Golden hour/ }).click();
  await frame.getByRole('tab', { name: 'Colors' }).click();
  await frame.getByRole('radio', { name: 'All', exact: true }).check({ force: true });
  await frame.locator('.card canvas').nth(7).waitFor();
  await frame.getByRole('checkbox', { name: 'Photo 2', exact: true }).click();
  await page.waitForTimeout(2500);
  await shoot('sheet');
  await frame.getByRole('button', { name: /^How to apply/ }).click();
  await page.waitForTimeout(300);
  await shoot('placement');
}

/** The window in its usual size. @returns takes a picture of a state */
async function prepare({ page, frame }: BrowserSession, theme: string): Promise<(state: string) => Promise<void>> {
  await page.setViewportSize({ width: 400, height: 720 });
  await (await frame.frameElement()).evaluate((element, { width, height }) => {
    Object.assign((element as HTMLElement).style, {
      position: 'fixed',
      top: '0',
      left: '0',
      border: '0',
      width: `${width}px`,
      height: `${height}px`,
    });
  }, SIZE);
  return async (state) => {
    const path = `${OUT}/figma-${state}-${theme}.webp`;
    const picture = await page.screenshot({ clip: { x: 0, y: 0, ...SIZE } });
    await sharp(picture).webp({ quality: 82, effort: 6, smartSubsample: true }).toFile(path);
    console.log(`${path} ${Math.round((await stat(path)).size / 1000)} kB`);
  };
}

async function shootSession(session: BrowserSession, theme: string): Promise<void> {
  const { page, frame } = session;
  const shoot = await prepare(session, theme);
  await frame.locator('.stage').waitFor();
  await page.waitForTimeout(1500);
  await shootSteps(page, frame, shoot);
  await frame.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, RECIPE.join('\n'));
  await frame.getByText('Touches').waitFor();
  await frame.locator('.notice').waitFor({ state: 'detached' });
  await page.waitForTimeout(3000);
  await shoot('rows');
  await frame.locator('.segmented').getByText('Reach').click();
  await page.waitForTimeout(400);
  await shoot('reach');
  await frame.getByText('Split', { exact: true }).click();
  await frame.getByRole('tab', { name: 'Looks' }).click();
  await page.waitForTimeout(1500);
  await shoot('looks');
  await frame.getByRole('tab', { name: 'Colors' }).click();
  await frame.getByRole('button', { name: /^Apply/ }).click();
  await frame.getByText('Recolored').waitFor();
  await shoot('applied');
}

/** A box around the meadow, and its new color. */
async function shootSteps(
  page: BrowserSession['page'],
  frame: BrowserSession['frame'],
  shoot: (state: string) => Promise<void>,
): Promise<void> {
  const box = await frame.locator('.layer').first().boundingBox();
  if (!box) throw new Error('no picture');
  const at = (x: number, y: number): [number, number] => [box.x + box.width * x, box.y + box.height * y];
  await page.mouse.move(...at(0.3, 0.84));
  await page.mouse.down();
  await page.mouse.move(...at(0.6, 0.95), { steps: 4 });
  await shoot('pick');
  await page.mouse.up();
  await frame.getByRole('dialog').waitFor();
  await frame.getByLabel('Lightness, number').fill('62');
  await frame.getByLabel('Chroma, number').fill('0.14');
  await frame.getByLabel('Hue, number').fill('62');
  await page.mouse.move(1, 1);
  await page.waitForTimeout(500);
  await shoot('choose');
  await page.keyboard.press('Escape');
}

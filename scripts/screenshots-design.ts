/** Pictures of the plugin's tab "Design system", as `screenshots-figma.ts` takes those of the other tabs: run it after a build. */
import { mkdir, readFile, stat } from 'node:fs/promises';
import sharp from 'sharp';
import { card, collections, solid, styles, variables } from '../test/e2e/design-scene.js';
import { imagePaint, rectangle, scene } from '../test/figma/scenes.js';
import { type BrowserSession, startFigma } from '../test/figma-host/browser-session.js';

const OUT = 'docs/images';
const SIZE = { width: 360, height: 680 };

await mkdir(OUT, { recursive: true });
const lake = await sharp(await readFile('examples/lake.jpg'))
  .resize(1200)
  .jpeg({ quality: 90 })
  .toBuffer();
const figma = await startFigma();
const system = { collections, variables, styles, selectionColors: { paints: [solid('e8f0e4'), solid('d9683a')] } };
const hero = { ...rectangle('1:1', imagePaint('lake')), name: 'Hero', width: 640, height: 400 };
for (const theme of ['light', 'dark'] as const) {
  const withPhoto = await openWindow(theme, scene([hero, card], system));
  await shootDesign(withPhoto, theme);
  await withPhoto.close();
  const colorsOnly = await openWindow(theme, scene([card], system));
  await colorsOnly.frame.getByRole('checkbox', { name: 'All of surface' }).check();
  await settle(colorsOnly);
  await shoot(colorsOnly, 'layers', theme);
  await colorsOnly.close();
}
await figma.close();

async function openWindow(theme: 'light' | 'dark', shown: ReturnType<typeof scene>): Promise<BrowserSession> {
  const session = await figma.open({
    command: 'design-system',
    theme,
    images: [{ name: 'lake', bytes: lake }],
    scene: shown,
  });
  const { page, frame } = session;
  await page.setViewportSize({ width: 400, height: 720 });
  await (await frame.frameElement()).evaluate((element, { width, height }) => {
    const style = { position: 'fixed', top: '0', left: '0', border: '0', width: `${width}px`, height: `${height}px` };
    Object.assign((element as HTMLElement).style, style);
  }, SIZE);
  await frame.locator('.stage').waitFor();
  await frame.locator('.design-row').first().waitFor();
  await page.waitForTimeout(1500);
  return session;
}

async function shootDesign(session: BrowserSession, theme: string): Promise<void> {
  const { frame } = session;
  await shoot(session, 'empty', theme);
  for (const group of ['brand', 'surface', 'text']) {
    await frame.getByRole('checkbox', { name: `All of ${group}` }).check();
  }
  await settle(session);
  await shoot(session, 'picked', theme);
  await frame.getByRole('button', { name: 'Why?', exact: true }).click();
  await shoot(session, 'why', theme);
  await frame.getByRole('dialog').press('Escape');
  await frame.getByText('Modes', { exact: true }).click();
  await frame.waitForFunction(() =>
    [...document.querySelectorAll<HTMLCanvasElement>('.theme canvas')].every(({ width }) => width > 300),
  );
  await session.page.waitForTimeout(800);
  await shoot(session, 'modes', theme);
  await frame.getByRole('textbox', { name: /Search/ }).fill('blue');
  await shoot(session, 'search', theme);
  await frame.getByRole('tab', { name: 'Colors' }).click();
  await shoot(session, 'rows', theme);
}

async function settle({ frame, page }: BrowserSession): Promise<void> {
  await frame.getByText(/picked, .* used/).waitFor();
  await page.mouse.move(1, 690);
  await page.waitForTimeout(1500);
}

async function shoot({ page }: BrowserSession, state: string, theme: string): Promise<void> {
  const path = `${OUT}/figma-design-${state}-${theme}.webp`;
  const picture = await page.screenshot({ clip: { x: 0, y: 0, ...SIZE } });
  await sharp(picture).webp({ quality: 82, effort: 6, smartSubsample: true }).toFile(path);
  console.log(`${path} ${Math.round((await stat(path)).size / 1000)} kB`);
}

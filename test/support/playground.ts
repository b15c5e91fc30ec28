import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Download, Page } from 'playwright-core';
import { type Chromium, openChromium } from './chromium.js';

/** The built, minified playground in a real browser. */
export interface Playground {
  readonly chromium: Chromium;
  /** Size of the plugin's window file, bytes. */
  readonly uiBytes: number;
  /** Of the page. */
  readonly url: string;
  open(options?: OpenOptions): Promise<Page>;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  /** A Content-Security-Policy for the page, to forbid what some hosts forbid. */
  readonly policy?: string;
  /** Runs before the page's own script. */
  readonly before?: () => void;
}

interface Built {
  readonly page: Buffer;
  readonly uiBytes: number;
}

/** Once a process. */
let built: Promise<Built> | undefined;

async function buildPages(): Promise<Built> {
  const outDir = await mkdtemp(join(tmpdir(), 'colorshine-ui-'));
  try {
    const { buildUi } = (await import('../../scripts/build/ui.mjs' as string)) as {
      buildUi(options: { outDir: string; quiet: boolean }): Promise<void>;
    };
    await buildUi({ outDir, quiet: true });
    const page = await readFile(join(outDir, 'playground/index.html'));
    return { page, uiBytes: (await readFile(join(outDir, 'figma/ui.html'))).length };
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}

export async function startPlayground(flags: readonly string[] = []): Promise<Playground> {
  built ??= buildPages();
  const { page, uiBytes } = await built;
  const server = createServer((request, response) => {
    const policy = new URL(request.url ?? '/', 'http://localhost').searchParams.get('policy');
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      ...(policy && { 'content-security-policy': policy }),
    });
    response.end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://localhost:${port}/`;
  const chromium = await openChromium(flags);
  return {
    chromium,
    uiBytes,
    url,
    async open({ width = 320, height = 560, dark = false, policy, before } = {}) {
      const context = await chromium.newContext({
        viewport: { width, height },
        colorScheme: dark ? 'dark' : 'light',
        acceptDownloads: true,
      });
      const opened = await context.newPage();
      opened.setDefaultTimeout(20_000);
      opened.on('pageerror', (error) => {
        throw error;
      });
      if (before) await opened.addInitScript(before);
      const query = policy ? `?policy=${encodeURIComponent(policy)}` : '';
      await opened.goto(url + query);
      await opened.getByText('Drop images here').waitFor();
      // The backends have been tried: from here on it is known which one computes.
      await opened.locator('main[data-backend]').waitFor();
      return opened;
    },
    async close() {
      await chromium.close();
      server.close();
    },
  };
}

export interface InputFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** Hands files to the page and waits for the preview. */
export async function addFiles(page: Page, files: readonly InputFile[]): Promise<void> {
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles([...files]);
  await page.locator('.stage').waitFor();
}

/** Pastes text outside of any field, as Cmd+V does. */
export async function pasteText(page: Page, text: string): Promise<void> {
  await page.evaluate((pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

/** A window that was used before, with nothing open and these rows, or none. */
export async function startOver(page: Page, recipe?: string): Promise<void> {
  await page.keyboard.press('Escape'); // what is open, or being typed
  await page.getByRole('tab', { name: 'Colors' }).click();
  await page.locator('.segmented').getByText('Split').click();
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.mouse.move(1, 1);
  await page.getByRole('button', { name: /^Recipe/ }).click();
  await page.getByRole('button', { name: 'Remove all' }).evaluate((button: HTMLButtonElement) => button.click());
  await page.keyboard.press('Escape');
  if (recipe !== undefined) {
    await pasteText(page, recipe);
    await page.getByText('Recipe pasted').waitFor();
  }
  // Unless it went by itself.
  await page.locator('.notice [aria-label=Dismiss]').evaluateAll(([dismiss]) => (dismiss as HTMLElement)?.click());
  await page.locator('.notice').waitFor({ state: 'detached' });
}

/** Applies by the button and reads what is downloaded. */
export async function applyAndRead(page: Page): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Recolor and download' }).click(),
  ]);
  return readDownload(download);
}

export async function readDownload(download: Download): Promise<{ name: string; bytes: Buffer }> {
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

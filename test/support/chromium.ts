import { existsSync } from 'node:fs';
import chromium from '@sparticuz/chromium';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
  chromium as playwright,
} from 'playwright-core';

/** Pages and contexts of one user of a browser. */
export interface Chromium {
  /** For measuring; others may have pages in it. */
  readonly browser: Browser;
  /** A page in a context of its own. */
  newPage(options?: BrowserContextOptions): Promise<Page>;
  newContext(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** Closes what was opened here. */
  close(): Promise<void>;
}

/** A browser's first page costs seconds: the test files of a process take turns with one for each set of flags. */
const shared = new Map<string, Promise<Browser>>();
const isShared = '__vitest_worker__' in globalThis;

/** @param flags extra command-line flags */
export async function openChromium(flags: readonly string[] = []): Promise<Chromium> {
  const browser = await (isShared ? share(flags) : launch(flags));
  const contexts = new Set<BrowserContext>();
  const newContext: Chromium['newContext'] = async (options) => {
    const context = await browser.newContext(options);
    contexts.add(context);
    context.once('close', () => contexts.delete(context));
    return context;
  };
  return {
    browser,
    newContext,
    async newPage(options) {
      const context = await newContext(options);
      const page = await context.newPage();
      page.once('close', () => context.close().catch(() => undefined));
      return page;
    },
    async close() {
      if (isShared) await Promise.all([...contexts].map((context) => context.close()));
      else await browser.close();
    },
  };
}

function share(flags: readonly string[]): Promise<Browser> {
  const key = flags.join(' ');
  const known = shared.get(key);
  if (known) return known;
  const starting = launch(flags);
  shared.set(key, starting);
  const forget = (): boolean => shared.delete(key);
  starting.then((browser) => browser.once('disconnected', forget), forget);
  return starting;
}

/**
 * A real headless Chromium from an npm package: no browser download, WebGL2 by SwiftShader.
 *
 * The package's own default flags are made for another place (--single-process, --disable-web-security) and would
 * hide what these tests are about, so only its binary is used.
 */
async function launch(flags: readonly string[]): Promise<Browser> {
  chromium.setGraphicsMode = true;
  const executablePath = await chromium.executablePath();
  if (!existsSync(executablePath)) throw new Error(`Chromium was not unpacked to ${executablePath}`);
  return playwright.launch({
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--use-gl=angle',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--ignore-gpu-blocklist',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-quic',
      '--no-first-run',
      '--disable-dev-shm-usage',
      ...flags,
    ],
  });
}

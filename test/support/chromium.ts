import { existsSync } from 'node:fs';
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';

/**
 * A real headless Chromium from an npm package: no browser download, WebGL2 by SwiftShader.
 *
 * The package's own default flags are made for another place (--single-process, --disable-web-security) and would
 * hide what these tests are about, so only its binary is used.
 *
 * @param flags extra command-line flags
 */
export async function launchChromium(flags: readonly string[] = []): Promise<Browser> {
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

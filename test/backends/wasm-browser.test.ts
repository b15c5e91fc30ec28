import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.js';
import type { PageResult } from '../support/wasm-page.js';

/** `'wasm-unsafe-eval'` allows WebAssembly; without it the page has none. */
const POLICIES: Record<string, string> = {
  '/open': '',
  '/no-blob': "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'",
  '/no-wasm': "default-src 'self'; script-src 'self'; worker-src blob:",
};

let browser: Browser;
let server: Server;
let origin: string;

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: ['test/support/wasm-page.ts'],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
  });
  const script = outputFiles[0]?.text ?? '';
  server = createServer(({ url = '' }, response) => {
    if (url === '/page.js') return response.setHeader('content-type', 'text/javascript').end(script);
    const policy = POLICIES[url];
    if (policy) response.setHeader('content-security-policy', policy);
    response.setHeader('content-type', 'text/html').end('<!doctype html><script src="/page.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

async function open(path: string): Promise<PageResult> {
  const page = await browser.newPage();
  try {
    await page.goto(origin + path);
    return await page.evaluate(() => (globalThis as unknown as { runWasmPage(): Promise<PageResult> }).runWasmPage());
  } finally {
    await page.close();
  }
}

function expectExact({ comparisons, colors }: PageResult): void {
  expect(comparisons).toHaveLength(6);
  for (const { max, different } of comparisons) {
    expect(max).toBeLessThanOrEqual(1);
    expect(different / colors).toBeLessThanOrEqual(0.001);
  }
}

describe('the wasm backend in Chromium, bundled and minified', () => {
  it('runs SIMD in web workers made from a blob', async () => {
    const result = await open('/open');
    expect(result).toMatchObject({ variant: 'simd', threads: 3, notices: [] });
    expectExact(result);
  });

  it('goes on with one thread where the page forbids workers from a blob, and says so once', async () => {
    const result = await open('/no-blob');
    expect(result.threads).toBe(1);
    expect(result.notices).toHaveLength(1);
    expectExact(result);
  });

  it('fails with a coded error where the page forbids WebAssembly', async () => {
    await expect(open('/no-wasm')).rejects.toThrow('kernel did not start');
  });
});

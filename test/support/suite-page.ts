import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Frame, type Page, chromium as playwright } from 'playwright-core';
import { bundleScript } from '../../scripts/build/script-plugin.mjs';
import type { Suite } from '../browser/pages/suite.js';
import { type Chromium, openChromium } from './chromium.js';

/** Gives Chromium a WebGPU adapter without a GPU. */
const WEBGPU_FLAGS = ['--enable-unsafe-webgpu', '--enable-features=Vulkan', '--use-webgpu-adapter=swiftshader'];

/** Chromium with a local page, and the bundled suite (test/browser/pages/suite.ts). */
export interface SuiteBrowser {
  /** Minified, as the build would make it. */
  readonly script: string;
  /** A new page from http://localhost, which is a secure context; the suite is loaded in it. */
  openPage(): Promise<Page>;
  /** A new page whose one sandboxed frame, without an origin, is a data: URL. */
  openDataFrame(): Promise<Frame>;
  /** The same with `srcdoc` and a policy that forbids eval, blobs and everything else not needed. */
  openStrictFrame(): Promise<Frame>;
  /** The same without WebAssembly. */
  openFrameWithoutWasm(): Promise<Frame>;
  close(): Promise<void>;
}

/** Forbids eval, blob workers and every request; `wasm-unsafe-eval` is the least a page with WebAssembly allows. */
const STRICT_POLICY = "default-src 'none'; script-src 'nonce-suite' 'wasm-unsafe-eval'; style-src 'none'";

/** @param executablePath another Chromium, with whatever GPU it finds; without one the tests' own, in software */
export async function openSuiteBrowser(executablePath?: string): Promise<SuiteBrowser> {
  const { text: script } = await bundleScript('test/browser/pages/suite.ts');
  // A closing tag inside a string of the bundle would end the script element; a replacer, because it also holds `$&`.
  const inline = script.replace(/<\/script/gi, () => '<\\/script');
  const html = `<!doctype html><meta charset="utf-8"><script>${inline}</script>`;
  const under = (policy: string): string =>
    `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><script nonce="suite">${inline}</script>`;
  const [server, origin] = await serve(html);
  const chromium: Pick<Chromium, 'newPage' | 'close'> = executablePath
    ? await playwright.launch({ executablePath, args: ['--enable-unsafe-webgpu'] })
    : await openChromium(WEBGPU_FLAGS);

  async function openFrame(attribute: 'src' | 'srcdoc', value: string): Promise<Frame> {
    const page = await chromium.newPage();
    await page.goto(`${origin}/empty`);
    await page.evaluate(
      ([name, text]) => {
        const frame = document.createElement('iframe');
        frame.setAttribute('sandbox', 'allow-scripts');
        frame.setAttribute(name, text);
        document.body.append(frame);
        return new Promise((resolve) => frame.addEventListener('load', resolve));
      },
      [attribute, value] as const,
    );
    const frame = page.frames().find((candidate) => candidate !== page.mainFrame());
    if (!frame) throw new Error('the frame was not created');
    await frame.waitForFunction(() => 'suite' in globalThis);
    return frame;
  }

  return {
    script,
    async openPage() {
      const page = await chromium.newPage();
      await page.goto(origin);
      return page;
    },
    openDataFrame: () => openFrame('src', `data:text/html;base64,${Buffer.from(html).toString('base64')}`),
    openStrictFrame: () => openFrame('srcdoc', under(STRICT_POLICY)),
    openFrameWithoutWasm: () => openFrame('srcdoc', under(STRICT_POLICY.replace(" 'wasm-unsafe-eval'", ''))),
    async close() {
      await chromium.close();
      server.close();
    },
  };
}

/** Calls a function of the suite inside a page or a frame. */
export function callSuite<
  K extends { [P in keyof Suite]: Suite[P] extends (...a: never[]) => unknown ? P : never }[keyof Suite],
>(place: Page | Frame, name: K, ...args: Parameters<Suite[K]>): Promise<Awaited<ReturnType<Suite[K]>>> {
  return place.evaluate(
    ([fn, list]) => {
      const { suite } = globalThis as unknown as { suite: Record<string, (...a: unknown[]) => unknown> };
      return suite[fn]?.(...list);
    },
    [name, args] as [string, unknown[]],
  ) as Promise<Awaited<ReturnType<Suite[K]>>>;
}

async function serve(html: string): Promise<[Server, string]> {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(request.url === '/empty' ? '<!doctype html><body></body>' : html);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return [server, `http://localhost:${(server.address() as AddressInfo).port}`];
}

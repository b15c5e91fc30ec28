/** A plugin session in real Chromium: the harness page from a local server, the window as Figma frames it. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { Frame, Page } from 'playwright-core';
import { openChromium } from '../support/chromium.js';
import { bundleStandIn, textOf } from './bundle.js';
import type { Form, StartOptions } from './page/harness.js';
import type { ImageSpec, Scene, Snapshot } from './scene.js';

const WASM = 'node_modules/@jitl/quickjs-wasmfile-release-sync/dist/emscripten-module.wasm';

/**
 * What a host may forbid: blob: workers, blob: images, eval, any connection. A srcdoc iframe inherits it. WebAssembly
 * stays allowed, since the page's own QuickJS needs it.
 */
const STRICT_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "connect-src 'self'",
].join('; ');

export interface Figma {
  open(options: BrowserSessionOptions): Promise<BrowserSession>;
  close(): Promise<void>;
}

export interface BrowserSessionOptions {
  readonly scene: Scene;
  readonly images?: readonly ImageSpec[];
  /** The window's page; the built ui.html unless given. */
  readonly html?: string;
  readonly command?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly timers?: boolean;
  /** Default: `blob`. `srcdoc` has a strict policy. */
  readonly form?: Form;
  readonly theme?: 'light' | 'dark';
}

export interface BrowserSession {
  readonly page: Page;
  /** The plugin's window. */
  readonly frame: Frame;
  /** Errors that nobody caught, in the page or the window. */
  readonly errors: string[];
  snapshot(): Promise<Snapshot>;
  evaluate<T = unknown>(expression: string): Promise<T>;
  hashOf(name: string): Promise<string>;
  /** Bytes of an image that the plugin created, or of the scene. */
  readImage(hash: string): Promise<Buffer>;
  close(): Promise<void>;
}

/** Starts Chromium and the server, once a test file. */
export async function startFigma(): Promise<Figma> {
  const [standIn, harnessScript, server] = await Promise.all([bundleStandIn(), bundlePage('harness'), startServer()]);
  server.files.set('/harness.js', { type: 'text/javascript', body: harnessScript });
  server.files.set('/emscripten-module.wasm', { type: 'application/wasm', body: await readFile(WASM) });
  server.files.set('/', {
    type: 'text/html',
    body: '<!doctype html><body><script type="module" src="/harness.js"></script>',
  });
  const chromium = await openChromium();
  const manifest = JSON.parse(await readFile('manifest.json', 'utf8')) as {
    main: string;
    ui: string;
    relaunchButtons: { command: string }[];
  };

  const pages = new Map<string, { readonly page: Page; readonly errors: string[] }>();
  /** One page a policy, used again and again: starting QuickJS takes most of a second. */
  async function openPage(policy: 'strict' | 'none') {
    const known = pages.get(policy);
    if (known) return known;
    const page = await chromium.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(`${server.origin}/?policy=${policy}`);
    await page.waitForFunction(() => 'harness' in globalThis);
    pages.set(policy, { page, errors });
    return { page, errors };
  }

  return {
    async open(options) {
      const { form = 'blob', theme = 'light', timers = false, command = 'recolor' } = options;
      const { page, errors } = await openPage(form === 'srcdoc' ? 'strict' : 'none');
      errors.length = 0;
      await page.emulateMedia({ colorScheme: theme });
      const start: StartOptions = {
        standIn,
        code: await readBuilt(manifest.main),
        html: options.html ?? (await readBuilt(manifest.ui)),
        scene: options.scene,
        images: (options.images ?? []).map(({ bytes, ...spec }, i) => {
          const url = `/images/${i}`;
          server.files.set(url, { type: 'application/octet-stream', body: Buffer.from(bytes) });
          return { ...spec, url };
        }),
        relaunchCommands: manifest.relaunchButtons.map((button) => button.command),
        timers,
        form,
        theme,
        command,
        ...(options.parameters && { parameters: options.parameters }),
      };
      await page.evaluate((given) => harness.start(given), start);
      return makeSession(page, errors);
    },
    async close() {
      await chromium.close();
      await server.close();
    },
  };
}

function makeSession(page: Page, errors: string[]): BrowserSession {
  const evaluate = <T>(expression: string): Promise<T> =>
    page.evaluate((text) => harness.evaluate(text), expression) as Promise<T>;
  return {
    page,
    get frame() {
      const frame = page.frames()[1];
      if (!frame) throw new Error('the plugin has no window');
      return frame;
    },
    errors,
    snapshot: () => page.evaluate(() => harness.snapshot()),
    evaluate,
    hashOf: (name) => evaluate<string>(`host.hashOf(${JSON.stringify(`@${name}`)})`),
    readImage: async (hash) => Buffer.from(await page.evaluate((key) => harness.readImage(key), hash), 'base64'),
    close: () => page.evaluate(() => harness.stop()),
  };
}

/** A file that `npm run build` made. */
async function readBuilt(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    throw new Error(`${path} is missing: run npm run build first`);
  }
}

/** A page's script from page/, bundled for the browser. */
export async function bundlePage(name: string): Promise<string> {
  return textOf(
    await build({
      entryPoints: [`test/figma-host/page/${name}.ts`],
      bundle: true,
      format: name === 'harness' ? 'esm' : 'iife',
      platform: 'browser',
      target: 'es2022',
      write: false,
      outdir: 'out',
      logLevel: 'silent',
    }),
  );
}

interface Served {
  readonly origin: string;
  readonly files: Map<string, { readonly type: string; readonly body: string | Buffer }>;
  close(): Promise<void>;
}

async function startServer(): Promise<Served> {
  const files: Served['files'] = new Map();
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const file = files.get(url.pathname);
    if (!file) {
      response.writeHead(404).end();
      return;
    }
    const policy = url.searchParams.get('policy') === 'strict' ? { 'content-security-policy': STRICT_POLICY } : {};
    response.writeHead(200, { 'content-type': file.type, 'cache-control': 'no-store', ...policy }).end(file.body);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://localhost:${port}`,
    files,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

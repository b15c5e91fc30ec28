/** The window's built worker with a GPU in real Chromium, which is a software one here. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Frame, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleScript } from '../../scripts/build/script-plugin.mjs';
import { createJsBackend, makeRecipe, recolorPixels } from '../../src/index.js';
import { type Chromium, openChromium } from '../support/chromium.js';
import { addFiles, type Playground, startPlayground } from '../support/playground.js';
import { makePhotoLike, writePng } from '../support/png-images.js';
import type { GpuPage } from './pages/ui-gpu.js';

const SIDE = 320;
const RECIPE = makeRecipe(['teal;60;90', 'oklch(75% 0.15 50);40;120', '#d13;25;70']);
const photo = makePhotoLike(SIDE, SIDE);
const file = writePng(photo, { width: SIDE, height: SIDE });

/** Put before the GPU worker's script: says when a tile was read, and loses contexts on demand. */
const GPU_PRELUDE = `{
  const channel = new BroadcastChannel('gpu-test');
  const contexts = [];
  const { getContext } = OffscreenCanvas.prototype;
  OffscreenCanvas.prototype.getContext = function (...args) {
    const context = getContext.apply(this, args);
    if (context && !contexts.includes(context)) contexts.push(context);
    return context;
  };
  const { readPixels } = WebGL2RenderingContext.prototype;
  WebGL2RenderingContext.prototype.readPixels = function (...args) {
    channel.postMessage('tile');
    return readPixels.apply(this, args);
  };
  channel.onmessage = ({ data }) => {
    if (data !== 'lose') return;
    for (const context of contexts) context.getExtension('WEBGL_lose_context')?.loseContext();
  };
}`;
/**
 * Put before the engine's script: hands that prelude to the workers it starts, and ends them on demand. Deadlines strike for
 * workers that were ended, and at once; on a busy machine they would strike for living ones.
 */
const ENGINE_PRELUDE = `{
  const workers = [];
  const { setTimeout } = globalThis;
  let areEnded = false;
  globalThis.setTimeout = (strike, delay, ...rest) => {
    if (delay < 5000) return setTimeout(strike, delay, ...rest);
    return areEnded ? setTimeout(strike, 0, ...rest) : 0;
  };
  globalThis.Blob = class extends Blob {
    constructor(parts, options) {
      super(options?.type === 'text/javascript' ? [${JSON.stringify(GPU_PRELUDE)}, ...parts] : parts, options);
    }
  };
  globalThis.Worker = class extends Worker {
    constructor(...args) {
      super(...args);
      workers.push(this);
    }
  };
  new BroadcastChannel('gpu-test').onmessage = ({ data }) => {
    if (data !== 'terminate') return;
    areEnded = true;
    for (const worker of workers) worker.terminate();
  };
}\n`;

let chromium: Chromium;
let server: Server;
let html: string;
let source: string;
beforeAll(async () => {
  const { bundleWorker } = (await import('../../scripts/build/ui.mjs' as string)) as {
    bundleWorker(): Promise<{ text: string }>;
  };
  source = (await bundleWorker()).text;
  const { text } = await bundleScript('test/browser/pages/ui-gpu.ts');
  html = `<!doctype html><meta charset="utf-8"><script>${text.replaceAll('</script', '<\\/script')}</script>`;
  server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(html));
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  chromium = await openChromium();
});
afterAll(async () => {
  await chromium.close();
  server.close();
});

async function openPage(): Promise<Page> {
  const page = await chromium.newPage();
  await page.goto(`http://localhost:${(server.address() as AddressInfo).port}`);
  return page;
}

/** Calls a function of the page (pages/ui-gpu.ts). */
function call<K extends keyof GpuPage>(place: Page | Frame, name: K, ...args: Parameters<GpuPage[K]>) {
  return place.evaluate(
    ([fn, list]) => {
      const { page } = globalThis as unknown as { page: Record<string, (...all: unknown[]) => unknown> };
      return page[fn]?.(...list);
    },
    [name, args] as [string, unknown[]],
  ) as Promise<Awaited<ReturnType<GpuPage[K]>>>;
}

/** Recolors the photo in the page and compares it with what the core makes of it. */
async function transform(place: Page | Frame): Promise<{ max: number; identical: number; tiles: number }> {
  const { bytes, tiles } = await call(place, 'transform', file.toString('base64'), RECIPE);
  const got = await sharp(Buffer.from(bytes, 'base64')).ensureAlpha().raw().toBuffer();
  const data = photo.slice();
  const pixels = { data, width: SIDE, height: SIDE, channels: 4, gamut: 'srgb' } as const;
  await recolorPixels(pixels, RECIPE, { backend: createJsBackend() });
  expect(got.length).toBe(data.length);
  let max = 0;
  let same = 0;
  for (let i = 0; i < data.length; i++) {
    const off = Math.abs((got[i] as number) - (data[i] as number));
    if (off === 0) same++;
    max = Math.max(max, off);
  }
  return { max, identical: same / data.length, tiles };
}

async function expectRight(place: Page | Frame, runsOnGpu: boolean): Promise<void> {
  const { max, identical, tiles } = await transform(place);
  expect(max).toBeLessThanOrEqual(1);
  expect(identical).toBeGreaterThanOrEqual(0.999);
  expect(tiles > 0).toBe(runsOnGpu);
}

const SOFTWARE = { includeSoftware: true };
/** Colors a second that count as measured on the processor: the race is decided before it begins, whatever the machine. */
const SLOW_PROCESSOR = { ...SOFTWARE, speed: 1 };
const FAST_PROCESSOR = { ...SOFTWARE, speed: 1e15 };

describe('the race in the window', () => {
  it('is decided by the clock; a GPU that wins is used until it fails, and what failed is said once', async () => {
    const page = await openPage();
    expect(await call(page, 'start', ENGINE_PRELUDE + source)).toBe(true);
    const lost = await call(page, 'race', FAST_PROCESSOR);
    console.log(lost.reason);
    expect(lost.name).toBe('wasm');
    expect(lost.reason).toMatch(/^Using wasm, the fastest here at [\d.]+ million .*webgl2 [\d.]+; .*js [\d.]+\)\.$/);
    await expectRight(page, false);

    const won = await call(page, 'race', SLOW_PROCESSOR);
    expect(won.name).toBe('webgl2');
    expect(won.reason).toMatch(/^Using webgl2, the fastest here/);
    await expectRight(page, true);
    expect(await call(page, 'notices')).toEqual([]);

    const repaired = 'webgl2: the WebGL context was lost; a new context took over';
    await call(page, 'harm', 'lose');
    await expectRight(page, true);
    await expectRight(page, true);
    expect(await call(page, 'notices')).toEqual([repaired]);
    expect(await call(page, 'describe')).toEqual({ name: 'webgl2', reason: `${won.reason} ${repaired}` });

    await call(page, 'harm', 'terminate');
    await expectRight(page, false);
    await expectRight(page, false);
    const notices = await call(page, 'notices');
    expect(notices).toHaveLength(2);
    expect(notices[1]).toMatch(/^webgl2 failed \(.*did not answer within 15 s\); the work goes on with wasm\.$/);
    expect(await call(page, 'describe')).toMatchObject({ name: 'wasm', reason: expect.stringContaining('goes on') });
    await page.close();
  });

  it('does not hold up previews', async () => {
    const page = await openPage();
    await call(page, 'start', ENGINE_PRELUDE + source);
    const previews = await call(page, 'previewDuringRace', file.toString('base64'), RECIPE);
    console.log(`${previews} previews while the GPU raced`);
    // On one thread with the GPU the first would come when the race is over.
    expect(previews).toBeGreaterThan(5);
    await page.close();
  });

  it('leaves software out unless told otherwise, and names it', async () => {
    const page = await openPage();
    await call(page, 'start', ENGINE_PRELUDE + source);
    const { name, reason } = await call(page, 'race', { includeSoftware: false });
    expect(name).toBe('wasm');
    expect(reason).toMatch(
      /^Using wasm: it passed its self-test.*\. The GPU was left out: SwiftShader is software, which runs on/,
    );
    await page.close();
  });

  it('works in a frame without an origin, from a data: URL', async () => {
    const page = await openPage();
    await page.evaluate(
      (url) => {
        const frame = document.createElement('iframe');
        frame.setAttribute('sandbox', 'allow-scripts');
        frame.src = url;
        document.body.append(frame);
        return new Promise((resolve) => frame.addEventListener('load', resolve));
      },
      `data:text/html;base64,${Buffer.from(html).toString('base64')}`,
    );
    const frame = page.frames()[1] ?? expect.fail('no frame');
    expect(await call(frame, 'start', ENGINE_PRELUDE + source)).toBe(true);
    expect((await call(frame, 'race', SLOW_PROCESSOR)).name).toBe('webgl2');
    const { max, identical } = await transform(frame);
    expect({ max: max <= 1, identical: identical >= 0.999 }).toEqual({ max: true, identical: true });
    expect(await call(frame, 'notices')).toEqual([]);
    await page.close();
  });
});

describe('the window', () => {
  let playground: Playground;
  beforeAll(async () => {
    playground = await startPlayground();
  });
  afterAll(() => playground.close());

  it.each([
    [
      'software',
      {},
      /^wasm in a worker\. Using wasm: it passed its self-test.* The GPU was left out: SwiftShader is software/,
    ],
    [
      'no worker',
      { policy: "worker-src 'none'" },
      /^wasm on the page\. Using wasm: it passed its self-test.* The GPU was left out: it needs a worker, and this window may run none\.$/,
    ],
  ])('tries the GPU once an image is open, and says why not: %s', async (_, options, expected) => {
    const page = await playground.open(options);
    await addFiles(page, [{ name: 'photo.png', mimeType: 'image/png', buffer: file }]);
    await page.getByRole('button', { name: /^Recipe/ }).click();
    const line = page.getByRole('button', { name: /^Computed by wasm/ });
    await expect.poll(() => line.getAttribute('title'), { timeout: 20_000 }).toMatch(expected);
    await page.context().close();
  });
});

/** What goes wrong with GPUs and workers, made to go wrong in real Chromium. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callSuite, openSuiteBrowser, type SuiteBrowser } from '../support/suite-page.js';

const EVALUATIONS = 400;
/** JavaScript heap that they may leave behind, bytes: as much as 1000 that leave 32 MB. */
const GROWTH_LIMIT = 0.4 * 32 * 2 ** 20;

let chromium: SuiteBrowser;
let page: Page;
beforeAll(async () => {
  chromium = await openSuiteBrowser();
});
afterAll(() => chromium.close());
beforeEach(async () => {
  page = await chromium.openPage();
  return () => page.close();
});

/** Whether the page has a WebGPU adapter; if not, why is printed. */
async function hasWebgpu(): Promise<boolean> {
  const { reason } = await callSuite(page, 'probe', 'webgpu');
  if (reason !== undefined) console.log(`skipped: ${reason}`);
  return reason === undefined;
}

describe('a GPU that is lost in the middle of an image', () => {
  it('WebGL2: the image comes out right, and so does the next', async () => {
    const { before, after, notices, restarts } = await page.evaluate(() => {
      const contexts: WebGL2RenderingContext[] = [];
      const { getContext } = HTMLCanvasElement.prototype;
      HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, ...args: unknown[]) {
        const context = getContext.apply(this, args as Parameters<typeof getContext>);
        if (context instanceof WebGL2RenderingContext) contexts.push(context);
        return context;
      } as typeof getContext;
      type Lose = (list: WebGL2RenderingContext[]) => Promise<Awaited<ReturnType<LoseContext>>>;
      type LoseContext = import('./pages/suite.js').Suite['loseContext'];
      return (globalThis as unknown as { suite: { loseContext: Lose } }).suite.loseContext(contexts);
    });
    expect(before).toMatchObject({ tilesBefore: 1, alphaChanges: 0, compared: 200_000 });
    expect(before.max).toBeLessThanOrEqual(1);
    expect(after.max).toBeLessThanOrEqual(1);
    expect(restarts).toBe(1);
    expect(notices).toEqual(['webgl2: the WebGL context was lost; a new context took over']);
  });

  it('WebGPU: the image comes out right, and so does the next', async ({ skip }) => {
    if (!(await hasWebgpu())) return skip('no WebGPU adapter');
    await page.reload();
    const { before, after, notices, restarts } = await page.evaluate(() => {
      const devices: { destroy(): void }[] = [];
      const { GPUAdapter } = globalThis as unknown as {
        GPUAdapter: { prototype: { requestDevice(...args: unknown[]): Promise<{ destroy(): void }> } };
      };
      const { requestDevice } = GPUAdapter.prototype;
      GPUAdapter.prototype.requestDevice = async function (...args) {
        const device = await requestDevice.apply(this, args);
        devices.push(device);
        return device;
      };
      type LoseDevice = import('./pages/suite.js').Suite['loseDevice'];
      return (globalThis as unknown as { suite: { loseDevice: LoseDevice } }).suite.loseDevice(devices);
    });
    expect(before).toMatchObject({ tilesBefore: 1, alphaChanges: 0, compared: 200_000 });
    expect(before.max).toBeLessThanOrEqual(1);
    expect(after.max).toBeLessThanOrEqual(1);
    expect(restarts).toBe(1);
    expect(notices).toEqual(['webgpu: the WebGPU device was lost; a new context took over']);
  });
});

describe('a context that is lost while a tile is being drawn', () => {
  it('costs that tile, which is drawn again', async () => {
    await page.evaluate(() => {
      const { fenceSync } = WebGL2RenderingContext.prototype;
      let fences = 0;
      WebGL2RenderingContext.prototype.fenceSync = function (...args) {
        const fence = fenceSync.apply(this, args);
        if (++fences === 2) this.getExtension('WEBGL_lose_context')?.loseContext();
        return fence;
      };
    });
    const { max, restarts, notices } = await callSuite(page, 'runSeveralTiles', 'webgl2');
    expect({ isClose: max <= 1, restarts }).toEqual({ isClose: true, restarts: 1 });
    expect(notices).toEqual(['webgl2: the WebGL context was lost; a new context took over']);
  });
});

describe('memory', () => {
  it('WebGL2: smaller tiles do the work after an OUT_OF_MEMORY', async () => {
    await page.evaluate(() => {
      const { getError } = WebGL2RenderingContext.prototype;
      let failures = 3;
      WebGL2RenderingContext.prototype.getError = function () {
        return failures-- > 0 ? this.OUT_OF_MEMORY : getError.call(this);
      };
    });
    const { max, halvings, restarts, notices } = await callSuite(page, 'runSeveralTiles', 'webgl2');
    expect({ isClose: max <= 1, halvings, restarts }).toEqual({ isClose: true, halvings: 3, restarts: 0 });
    expect(notices).toEqual(['webgl2: the GPU ran out of memory, so smaller tiles are used']);
  });

  it('WebGPU: smaller tiles do the work after an out-of-memory', async ({ skip }) => {
    if (!(await hasWebgpu())) return skip('no WebGPU adapter');
    await page.evaluate(() => {
      type Scopes = { prototype: { popErrorScope(): Promise<unknown>; pushErrorScope(filter: string): void } };
      const { GPUDevice } = globalThis as unknown as { GPUDevice: Scopes };
      const { popErrorScope, pushErrorScope } = GPUDevice.prototype;
      const filters: string[] = [];
      let failures = 3;
      GPUDevice.prototype.pushErrorScope = function (filter) {
        filters.push(filter);
        pushErrorScope.call(this, filter);
      };
      GPUDevice.prototype.popErrorScope = async function () {
        const isMemory = filters.pop() === 'out-of-memory';
        const error = await popErrorScope.call(this);
        return isMemory && failures-- > 0 ? { message: 'no memory' } : error;
      };
    });
    const { max, halvings, restarts } = await callSuite(page, 'runSeveralTiles', 'webgpu');
    expect({ isClose: max <= 1, halvings, restarts }).toEqual({ isClose: true, halvings: 3, restarts: 0 });
  });

  for (const mode of ['webgl2', 'webgpu'] as const) {
    it(`${mode}: ${EVALUATIONS} evaluations leave at most 32 MB behind`, async ({ skip }) => {
      if (mode === 'webgpu' && !(await hasWebgpu())) return skip('no WebGPU adapter');
      const session = await page.context().newCDPSession(page);
      const heap = async (): Promise<number> => {
        await session.send('HeapProfiler.collectGarbage');
        // Typed arrays lie outside the JavaScript heap, GPU handles in the embedder's.
        const usage = (await session.send('Runtime.getHeapUsage')) as Record<string, number>;
        return (usage.usedSize ?? 0) + (usage.embedderHeapUsedSize ?? 0) + (usage.backingStorageSize ?? 0);
      };
      await callSuite(page, 'evaluateOften', mode, 50);
      const before = await heap();
      await callSuite(page, 'evaluateOften', mode, EVALUATIONS);
      const growth = (await heap()) - before;
      console.log(`${mode}: ${EVALUATIONS} evaluations: ${(growth / 2 ** 20).toFixed(2)} MiB more heap`);
      expect(growth).toBeLessThan(GROWTH_LIMIT);
    });
  }

  it('gives its context back: more backends than a browser keeps contexts', async () => {
    const lost: string[] = [];
    page.on('console', (message) => /Too many active WebGL contexts/.test(message.text()) && lost.push(message.text()));
    const { max } = await callSuite(page, 'reopen', 'webgl2', 18);
    expect(max).toBeLessThanOrEqual(1);
    expect(lost).toEqual([]);
  });
});

describe('a worker', () => {
  it('computes the same as the page and leaves it responsive', async () => {
    const name = 'webgl2 in a worker';
    expect(await callSuite(page, 'probe', name)).not.toHaveProperty('reason');
    for (const caseName of ['eight colors', 'radii exactly on colors', 'Display P3']) {
      expect(await callSuite(page, 'checkSample', name, caseName)).toMatchObject({ strays: 0 });
      expect((await callSuite(page, 'checkSample', name, caseName)).max).toBeLessThanOrEqual(1);
    }
    expect((await callSuite(page, 'stats', name)).tiles).toBeGreaterThan(0);
    // Waiting for a GPU is what holds a page up.
    expect(await callSuite(page, 'countReads', 'webgl2')).toBeGreaterThan(0);
    expect(await callSuite(page, 'countReads', name)).toBe(0);
  });

  it('runs WebGPU too', async ({ skip }) => {
    const { reason } = await callSuite(page, 'probe', 'webgpu in a worker');
    if (reason !== undefined) return skip(reason);
    expect((await callSuite(page, 'checkSample', 'webgpu in a worker', 'eight colors')).max).toBeLessThanOrEqual(1);
  });

  it('can be canceled and goes on working', async () => {
    const { code, max, strays } = await callSuite(page, 'cancelInWorker', 'webgl2 in a worker');
    expect(code).toBe('CANCELED');
    expect({ strays, isClose: max <= 1 }).toEqual({ strays: 0, isClose: true });
  });

  it('fails in one sentence when it crashes in the middle of an image', async () => {
    // The real worker, which throws outside every promise as soon as it is given colors.
    const script = await callSuite(page, 'workerScript');
    const crash = `${script};{const serve=onmessage;onmessage=(e)=>{if(e.data.type==='evaluate')throw new Error('out of memory');serve(e)}}`;
    expect(await callSuite(page, 'breakWorker', crash, 20_000)).toMatch(/^webgl2: the GPU worker crashed: .*memory$/);
  });

  it('fails in one sentence when it never answers', async () => {
    const sentence = 'webgl2: the GPU worker did not answer within 5.05 s';
    const silent = ['for (;;) {}', ''].map((script) => callSuite(page, 'breakWorker', script, 50));
    expect(await Promise.all(silent)).toEqual([sentence, sentence]);
  });

  it('fails in one sentence when its script is broken', async () => {
    expect(await callSuite(page, 'breakWorker', 'this is no script', 5000)).toMatch(
      /^webgl2: the GPU worker was refused/,
    );
  });

  it('says when the mode does not work in it', async () => {
    const script = await callSuite(page, 'workerScript');
    const without = `delete globalThis.OffscreenCanvas;${script}`;
    expect(await callSuite(page, 'breakWorker', without, 5000)).toBe('webgl2: this environment offers no webgl2');
  });
});

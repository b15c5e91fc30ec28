/** Broken pictures in the window's worker, in a real browser: each call is answered, by a picture or by one line of ours. */
import type { Page } from 'playwright-core';
import { ERROR_CODES } from '../../src/core/errors.js';
import { makeRecipe } from '../../src/index.js';
import { type Chromium, openChromium } from '../../test/support/chromium.js';
import { residentMegabytes } from '../../test/support/resident.js';
import type { EngineAnswer, EngineCall, EngineMethod } from '../../ui/worker/messages.js';
import { judgeGrowth } from './growth.js';
import { type Line, pick } from './line.js';
import { mutate } from './mutate.js';
import { makePictures } from './pictures.js';

const BATCH = 25;
const MAX_GROWTH = 1.2;
/** Files until then: the browser's heaps, tables and caches of code grow into the work. */
const WARM_UP = 5000;
const RECIPE = makeRecipe(['teal;40;90', 'navy -> #8c2f4f;auto;100']);

/** What is asked of a file, and the arguments around it. */
const CALLS: readonly (readonly [EngineMethod, (file: null) => readonly unknown[]])[] = [
  ['open', (file) => [file]],
  ['thumbnail', (file) => [file, 96]],
  ['transform', (file) => [file, RECIPE]],
  ['count', (file) => ['hash', file]],
];

interface Asked {
  readonly name: string;
  readonly method: EngineMethod;
  /** `null` stands for the file. */
  readonly args: readonly unknown[];
  readonly base64: string;
}

type Heard = Pick<EngineAnswer & { kind: 'failed' }, 'code' | 'message'> | 'done';

export const BROKEN_WINDOW_LINE: Line = {
  name: 'broken pictures, window',
  share: 4,
  async run({ random, goesOn, keep }) {
    // The window takes no TIFF: it says so, which is soon tried enough.
    const seeds = (await makePictures()).filter(({ name }) => !name.startsWith('tiled'));
    const { bundleWorker } = (await import('../build/ui.mjs' as string)) as {
      bundleWorker(): Promise<{ text: string }>;
    };
    const { text } = await bundleWorker();
    const chromium = await openChromium();
    const faults: string[] = [];
    const memory: number[] = [];
    let page = await openPage(chromium, text);
    let count = 0;
    let refused = 0;
    try {
      let goingOn = true;
      while (goingOn && faults.length < 10) {
        const batch: Asked[] = [];
        while (goingOn && batch.length < BATCH) {
          const { name, bytes } = pick(random, seeds);
          const [method, argsFor] = pick(random, CALLS);
          batch.push({ name, method, args: argsFor(null), base64: mutate(bytes, random).toString('base64') });
          goingOn = goesOn();
        }
        count += batch.length;
        const heard = await page.evaluate(askAll, batch).catch((error: Error) => error.message);
        if (typeof heard === 'string') {
          faults.push(`the page died: ${heard} (${await keep(`window-${count}.json`, JSON.stringify(batch))})`);
          page = await openPage(chromium, text);
          continue;
        }
        for (const [i, answer] of heard.entries()) {
          const fault = faultOf(answer);
          if (answer !== 'done') refused++;
          const { name, method, base64 } = batch[i] as Asked;
          if (fault)
            faults.push(`${method}: ${fault} (${await keep(`${count}-${name}`, Buffer.from(base64, 'base64'))})`);
        }
        memory.push(await residentMegabytes(chromium.browser));
      }
    } finally {
      await chromium.close();
    }
    // After the warm-up a file each batch, as many again at least.
    const warm = WARM_UP / BATCH;
    const grown = judgeGrowth('memory', memory.slice(warm), warm, MAX_GROWTH);
    return {
      tried: `${count} files in one page, ${refused} refused${grown.words}`,
      faults: [...faults, ...grown.faults],
    };
  },
};

function faultOf(answer: Heard): string | undefined {
  if (answer === 'done') return undefined;
  const { code, message } = answer;
  if (!(ERROR_CODES as readonly string[]).includes(code)) return `an error that is not ours: ${code}: ${message}`;
  return message.includes('\n') ? `more than one line: ${message}` : undefined;
}

/** A page without an origin, as Figma's window is, with the window's worker. */
async function openPage(chromium: Chromium, script: string): Promise<Page> {
  const page = await chromium.newPage();
  await page.evaluate((text) => {
    const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
    Object.assign(globalThis, { url, worker: new Worker(url) });
  }, script);
  return page;
}

/** Runs in the page. */
async function askAll(batch: readonly Asked[]): Promise<Heard[]> {
  /** Without an answer for so long it hangs. */
  const PATIENCE_MS = 60_000;
  const scope = globalThis as unknown as { url: string; worker: Worker };
  const heard: Heard[] = [];
  for (const [id, { method, args, base64 }] of batch.entries()) {
    const file = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const { worker } = scope;
    const answer = await new Promise<Heard>((resolve) => {
      const timer = setTimeout(() => resolve({ code: 'HANGS', message: 'no answer' }), PATIENCE_MS);
      worker.onerror = ({ message }) => resolve({ code: 'CRASH', message });
      worker.onmessage = ({ data }: MessageEvent<EngineAnswer>) => {
        if ((data.kind !== 'done' && data.kind !== 'failed') || data.id !== id) return;
        clearTimeout(timer);
        resolve(data.kind === 'done' ? 'done' : { code: data.code, message: data.message });
      };
      worker.postMessage({
        kind: 'call',
        id,
        method,
        args: args.map((arg) => (arg === null ? file : arg)),
      } satisfies EngineCall);
    });
    heard.push(answer);
    if (answer !== 'done' && (answer.code === 'HANGS' || answer.code === 'CRASH')) {
      worker.terminate();
      scope.worker = new Worker(scope.url);
    }
  }
  return heard;
}

import { performance } from 'node:perf_hooks';
import type { Page } from 'playwright-core';
import { addFiles, applyAndRead, type Playground, pasteText, startPlayground } from '../test/support/playground.js';
import { makePhotoLike, writePng } from '../test/support/png-images.js';
import { summarize, table } from './measure.js';

const THREE_ATTRACTORS = 'teal;60;90\noklch(75% 0.15 50);40;120\n#d13;25;70';
const PREVIEW_SIDE = 1024;
const APPLY_SIDE = 2048;
const MOVES = 41;
const APPLIES = 5;

/** How long a person waits in the window: from a slider's move to the painted preview, and for a whole picture. */
export async function benchWindow(): Promise<string> {
  const playground = await startPlayground();
  try {
    const rows: string[][] = [];
    for (const [place, policy] of [['worker'], ['page', "worker-src 'none'"]] as const) {
      rows.push(await timePreviews(playground, place, policy), ...(await timeApplies(playground, place, policy)));
    }
    return table(['what', 'median ms', 'min', 'max'], rows);
  } finally {
    await playground.close();
  }
}

async function timePreviews(playground: Playground, place: string, policy?: string): Promise<string[]> {
  const page = await openWithPhoto(playground, PREVIEW_SIDE, policy);
  const times = await page.evaluate(measureMoves, MOVES);
  await page.context().close();
  return rowOf(`slider to painted preview, ${PREVIEW_SIDE} x ${PREVIEW_SIDE}, on the ${place}`, times);
}

async function timeApplies(playground: Playground, place: string, policy?: string): Promise<string[][]> {
  const page = await openWithPhoto(playground, APPLY_SIDE, policy);
  const times: number[] = [];
  const longest: number[] = [];
  for (let run = -1; run < APPLIES; run++) {
    await page.evaluate(watchTasks);
    const began = performance.now();
    await applyAndRead(page);
    const took = performance.now() - began;
    const task = await page.evaluate(readLongestTask);
    if (run < 0) continue; // the warm-up
    times.push(took);
    longest.push(task);
  }
  await page.context().close();
  const what = `${APPLY_SIDE} x ${APPLY_SIDE} PNG on the ${place}`;
  return [rowOf(what, times), rowOf(`${what}: longest task of the page`, longest)];
}

async function openWithPhoto(playground: Playground, side: number, policy?: string): Promise<Page> {
  const page = await playground.open(policy ? { policy } : {});
  const buffer = writePng(makePhotoLike(side, side), { width: side, height: side });
  await addFiles(page, [{ name: 'photo.png', mimeType: 'image/png', buffer }]);
  await pasteText(page, THREE_ATTRACTORS);
  await page.getByText('Touches', { exact: false }).waitFor();
  return page;
}

function rowOf(what: string, samples: readonly number[]): string[] {
  const { median, min, max } = summarize(samples);
  return [what, ...[median, min, max].map((ms) => ms.toFixed(0))];
}

/** Runs in the page: moves a slider and waits for pixels on the result's canvas, tolerance and strength in turn. */
async function measureMoves(moves: number): Promise<number[]> {
  let painted: (() => void) | undefined;
  const original = CanvasRenderingContext2D.prototype.putImageData as (...args: unknown[]) => void;
  CanvasRenderingContext2D.prototype.putImageData = function (...args: unknown[]) {
    original.apply(this, args);
    if (this.canvas.closest('.cut')) painted?.();
  };
  const sliders = [...document.querySelectorAll<HTMLInputElement>('.row input[type=range]')];
  const times: number[] = [];
  for (let i = 0; i < moves; i++) {
    const slider = sliders[i % 2];
    if (!slider) throw new Error('no slider');
    const done = new Promise<void>((resolve) => {
      painted = resolve;
    });
    const began = performance.now();
    slider.value = String(30 + (i % 40));
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    await done;
    await new Promise((resolve) => requestAnimationFrame(resolve));
    times.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return times;
}

/** Runs in the page. */
function watchTasks(): void {
  const seen: number[] = [];
  Object.assign(globalThis, { seenTasks: seen });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.push(duration);
  }).observe({ type: 'longtask' });
}

/** Runs in the page. @returns milliseconds, 0 when no task took 50 */
async function readLongestTask(): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 100));
  return Math.max(0, ...(globalThis as unknown as { seenTasks: number[] }).seenTasks);
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as rest } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { applyAndRead as applyAndReadNotice, pickLook, waitForPreview } from '../test/e2e/window-driver.js';
import { makePicture } from '../test/figma/images.js';
import { imagePaint, rectangle, scene } from '../test/figma/scenes.js';
import { startFigma } from '../test/figma-host/browser-session.js';
import {
  addFiles,
  applyAndRead,
  type InputFile,
  type Playground,
  pasteText,
  startPlayground,
} from '../test/support/playground.js';
import { makePhotoLike, writePng } from '../test/support/png-images.js';
import { residentMegabytes } from '../test/support/resident.js';
import { APPLY_STAGES } from '../ui/worker/time-stages.js';
import { summarize, table } from './measure.js';

const ROWS = [
  'teal;60;90\noklch(75% 0.15 50);40;120\n#d13;25;70',
  '#2c4f8f -> #6b1f33;30;100\nkeep #d8a58c;20;100\n#40a060;30;60\nwhite;15;40\nblack;20;50',
];
const SIDES = [2048, 4096];
const OPENINGS = 5;
const MOVES = 41;
const APPLIES = 5;
const THUMBNAILS = 30;
const LAYERS = 10;
const PATIENCE_MS = 120_000;
/** After so many memory is looked at. */
const MEMORY_APPLIES = [10, 100, 200, 300];
/** Time for what is to be collected in other threads. */
const REST_MS = 3000;
const NO_WORKER = "worker-src 'none'";

/** How long a person waits in the window: for the first paint and picture, a slider, a whole picture; and what a long session holds. */
export async function benchWindow(): Promise<string> {
  const playground = await startPlayground();
  try {
    const rows = [
      rowOf('first paint after navigation', await timeFirstPaint(playground)),
      ...(await timeFirstPictures(playground)),
      ...(await timeMoves(playground, 'in the worker')),
      ...(await timeMoves(playground, 'on the page', NO_WORKER)),
    ];
    const stages: string[][] = [];
    for (const side of SIDES)
      for (const file of await makeFiles(side)) {
        const { row, parts } = await timeApplies(playground, file, side);
        rows.push(row);
        stages.push([`${file.name} ${side} x ${side}`, ...parts]);
      }
    rows.push(...(await timeThumbnails(playground)), ...(await timePlugin()));
    const heads = ['apply, median of each stage', ...APPLY_STAGES, 'read, messages, write'];
    return [table(['what', 'median', 'min', 'max'], rows), table(heads, stages), await measureMemory(playground)].join(
      '\n\n',
    );
  } finally {
    await playground.close();
  }
}

async function makeFiles(side: number): Promise<InputFile[]> {
  const photo = sharp('examples/lake.jpg').resize(side, side, { fit: 'fill' });
  return [
    { name: 'photo.png', mimeType: 'image/png', buffer: await photo.clone().png().toBuffer() },
    { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: await photo.clone().jpeg({ quality: 90 }).toBuffer() },
    // Larger ones are files of 50 MB.
    ...(side > 2048
      ? []
      : [
          {
            name: 'photo-like.png',
            mimeType: 'image/png',
            buffer: writePng(makePhotoLike(side, side), { width: side, height: side }),
          },
        ]),
  ];
}

async function timeFirstPaint(playground: Playground): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < OPENINGS; i++) {
    const page = await playground.open();
    times.push(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0));
    await page.context().close();
  }
  return times;
}

/** From a new window's first image to its result on the screen. */
async function timeFirstPictures(playground: Playground): Promise<string[][]> {
  const rows: string[][] = [];
  for (const file of await makeFiles(2048)) {
    const times: number[] = [];
    for (let i = 0; i < OPENINGS; i++) {
      const page = await playground.open();
      await page.locator('input[type=file]').first().setInputFiles(file);
      await page.evaluate(() => Object.assign(globalThis, { began: performance.now() }));
      await page.locator('.stage canvas').first().waitFor();
      times.push(await page.evaluate(() => performance.now() - (globalThis as unknown as { began: number }).began));
      await page.context().close();
    }
    rows.push(rowOf(`first picture, ${file.name} 2048 x 2048`, times));
  }
  return rows;
}

async function timeMoves(playground: Playground, place: string, policy?: string): Promise<string[][]> {
  const rows: string[][] = [];
  const [photo] = await makeFiles(2048);
  for (const recipe of [ROWS[0] as string, ROWS.join('\n')]) {
    const page = await openWith(playground, photo as InputFile, recipe, policy);
    const times = await page.evaluate(measureMoves, MOVES);
    await page.context().close();
    const count = recipe.split('\n').length;
    rows.push(
      ...['tolerance', 'strength'].map((what, k) =>
        rowOf(
          `${what} to painted preview, ${count} rows, ${place}`,
          times.filter((_, i) => i % 2 === k),
        ),
      ),
    );
  }
  return rows;
}

/** @returns `parts` are milliseconds: the worker's stages, and what the whole took beside them */
async function timeApplies(
  playground: Playground,
  file: InputFile,
  side: number,
): Promise<{ row: string[]; parts: string[] }> {
  const page = await openWith(playground, file, ROWS[0] as string);
  const times: number[] = [];
  const parts: number[][] = [];
  for (let run = -1; run < APPLIES; run++) {
    const began = performance.now();
    await applyAndRead(page);
    if (run < 0) continue; // a warm-up
    const took = performance.now() - began;
    times.push(took);
    parts.push(await readStages(page, took));
  }
  await page.context().close();
  const medians = [...APPLY_STAGES, 'rest'].map((_, i) => summarize(parts.map((part) => part[i] as number)).median);
  return { row: rowOf(`apply, ${file.name} ${side} x ${side}`, times), parts: medians.map((ms) => ms.toFixed(0)) };
}

/** What the worker that recolored last has entered in its timeline. */
async function readStages(page: Page, took: number): Promise<number[]> {
  const found = await Promise.all(
    page
      .workers()
      .map((worker) =>
        worker.evaluate(
          (names) => names.map((name) => performance.getEntriesByName(name, 'measure').at(-1)?.duration ?? 0),
          APPLY_STAGES,
        ),
      ),
  );
  const stages = found.find((durations) => durations.some((ms) => ms > 0)) ?? APPLY_STAGES.map(() => 0);
  return [...stages, took - stages.reduce((sum, ms) => sum + ms, 0)];
}

/** Of as many different pictures, which come at once. */
async function timeThumbnails(playground: Playground): Promise<string[][]> {
  const [photo] = await makeFiles(2048);
  const folder = await mkdtemp(join(tmpdir(), 'colorshine-bench-'));
  const files = Array.from({ length: THUMBNAILS }, (_, i) => join(folder, `${i}.png`));
  for (const file of files) await writeFile(file, (photo as InputFile).buffer);
  const page = await playground.open();
  const began = performance.now();
  await page.locator('input[type=file]').first().setInputFiles(files);
  const shown = async (which: 'some' | 'every'): Promise<number> => {
    await page.waitForFunction(
      (method) => {
        const canvases = [...document.querySelectorAll<HTMLCanvasElement>('.thumb canvas')];
        // A canvas without a picture is 300 pixels wide.
        return canvases.length > 1 && canvases[method](({ width }) => width !== 300);
      },
      which,
      { timeout: PATIENCE_MS },
    );
    return performance.now() - began;
  };
  const rows = [rowOf(`first thumbnail of ${THUMBNAILS} PNGs of 2048 x 2048`, [await shown('some')])];
  rows.push(rowOf('all that the strip shows without scrolling', [await shown('every')]));
  await page.context().close();
  await rm(folder, { recursive: true });
  return rows;
}

/** The plugin in a frame whose address is its page, with the stand-in for Figma on the other side. */
async function timePlugin(): Promise<string[][]> {
  const names = Array.from({ length: LAYERS }, (_, i) => `photo-${i}`);
  const images = await Promise.all(
    names.map(async (name, i) => ({ name, bytes: await makePicture(256, 256, { seed: i + 1 }) })),
  );
  const layers = scene(names.map((name, i) => rectangle(`1:${i}`, imagePaint(name))));
  const openings: number[] = [];
  const applies: number[] = [];
  const figma = await startFigma();
  try {
    // The first warms the browser up.
    for (let i = 0; i <= OPENINGS; i++) {
      let began = performance.now();
      const session = await figma.open({ images, scene: layers, form: 'data' });
      await waitForPreview(session.frame);
      if (i > 0) openings.push(performance.now() - began);
      await pickLook(session.frame, 'Sepia');
      began = performance.now();
      await applyAndReadNotice(session.frame);
      if (i > 0) applies.push(performance.now() - began);
      await session.close();
    }
  } finally {
    await figma.close();
  }
  return [
    rowOf('the plugin, from its start to its first picture', openings),
    rowOf(`the plugin, Apply to ${LAYERS} layers of 256 x 256`, applies),
  ];
}

/** What the page's process, with its worker, has in memory after a few applies and after many, garbage collected. */
async function measureMemory(playground: Playground): Promise<string> {
  const [photo] = await makeFiles(1024);
  const page = await openWith(playground, photo as InputFile, ROWS[0] as string);
  const tab = await page.context().newCDPSession(page);
  const samples: string[] = [];
  for (let run = 1; run <= Math.max(...MEMORY_APPLIES); run++) {
    await applyAndRead(page);
    if (!MEMORY_APPLIES.includes(run)) continue;
    await tab.send('HeapProfiler.collectGarbage');
    await rest(REST_MS);
    samples.push(`${(await residentMegabytes(playground.chromium.browser)).toFixed(0)} MB after ${run}`);
  }
  await page.context().close();
  return `Memory of the page's process over applies to a picture of 1024 x 1024: ${samples.join(', ')}.`;
}

async function openWith(playground: Playground, file: InputFile, recipe: string, policy?: string): Promise<Page> {
  const page = await playground.open(policy ? { policy } : {});
  await addFiles(page, [file]);
  await pasteText(page, recipe);
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
    times.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return times;
}

/** A folder served over HTTP, and what its pictures look like in a browser. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type { Page } from 'playwright-core';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webp': 'image/webp',
};

export interface Site {
  readonly origin: string;
  /** Put before the folder's files, by path: `/expected/a.png`. */
  readonly extra: Map<string, Uint8Array>;
  close(): Promise<void>;
}

export async function serveFolder(folder: string): Promise<Site> {
  const extra = new Map<string, Uint8Array>();
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const path = decodeURIComponent(pathname.endsWith('/') ? `${pathname}index.html` : pathname);
    const body = extra.get(path) ?? (await readFile(join(folder, normalize(path))).catch(() => undefined));
    if (!body) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  return { origin: `http://localhost:${port}`, extra, close };
}

/** A picture as the browser shows it. */
export interface Shown {
  readonly src: string;
  readonly width: number;
  readonly height: number;
  /** SHA-256 of the RGBA samples. */
  readonly hash: string;
  /** Of all samples, alpha included, 0 to 255. */
  readonly mean: number;
}

/** Gives a page the function that `readImages` and `readImage` use. Call it before the page is opened. */
export async function addReader(page: Page): Promise<void> {
  // willReadFrequently keeps the canvas off the GPU, whose JPEG colors differ in the last bit from run to run.
  await page.addInitScript(`globalThis.readShown = async (image) => {
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
    return {
      src: image.src,
      width: canvas.width,
      height: canvas.height,
      hash: [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
      mean: data.reduce((sum, value) => sum + value, 0) / data.length,
    };
  };`);
}

/** Every `<img>` of a page by its alt text. Waits until there are `count` and all are loaded. */
export async function readImages(page: Page, count: number): Promise<Record<string, Shown>> {
  await page.waitForFunction(
    (wanted) =>
      document.images.length === wanted &&
      [...document.images].every(({ complete, naturalWidth }) => complete && naturalWidth > 0),
    count,
  );
  return page.evaluate(async () =>
    Object.fromEntries(
      await Promise.all([...document.images].map(async (image) => [image.alt, await readShown(image)])),
    ),
  ) as Promise<Record<string, Shown>>;
}

/** An image by its URL, shown by the same browser. */
export async function readImage(page: Page, url: string): Promise<Shown> {
  return page.evaluate(async (src) => {
    const image = new Image();
    image.src = src;
    await image.decode();
    return readShown(image);
  }, url);
}

declare function readShown(image: HTMLImageElement): Promise<Shown>;

import type { Page } from 'playwright-core';

/** What a page of the window has done so far. */
export interface Work {
  /** Pixels put on the result's canvas. */
  readonly paints: number;
  /** Messages to workers, and the bytes of buffers in them. Left out are those that the clock sends: the trial of the GPU and pings. */
  readonly messages: number;
  readonly bytes: number;
  /** Times that work on the page stepped aside, for input and painting (ui/codec/pacer.ts). */
  readonly pauses: number;
}

/** Runs in the page before its own script: counts what the window does, whatever the machine. */
export function countWork(): void {
  const work = { paints: 0, messages: 0, bytes: 0, pauses: 0 };
  Object.assign(globalThis, { work });

  const bytesIn = (value: unknown): number => {
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return value.byteLength;
    if (typeof value !== 'object' || value === null) return 0;
    return Object.values(value).reduce((sum: number, part) => sum + bytesIn(part), 0);
  };
  const post = Worker.prototype.postMessage as (this: Worker, ...args: unknown[]) => void;
  Worker.prototype.postMessage = function (this: Worker, ...args: unknown[]) {
    const { kind, method } = (args[0] ?? {}) as { kind?: string; method?: string };
    if (kind !== 'ping' && method !== 'race') work.messages++;
    work.bytes += bytesIn(args[0]);
    post.apply(this, args);
  };

  const put = CanvasRenderingContext2D.prototype.putImageData as (...args: unknown[]) => void;
  CanvasRenderingContext2D.prototype.putImageData = function (...args: unknown[]) {
    put.apply(this, args);
    if (this.canvas.closest('.cut')) work.paints++;
  };

  globalThis.MessageChannel = class extends MessageChannel {
    constructor() {
      super();
      work.pauses++;
    }
  };
}

export const readWork = (page: Page): Promise<Work> =>
  page.evaluate(() => ({ ...(globalThis as unknown as { work: Work }).work }));

/** What has been done since `before`. */
export async function workSince(page: Page, before: Work): Promise<Work> {
  const { paints, messages, bytes, pauses } = await readWork(page);
  return {
    paints: paints - before.paints,
    messages: messages - before.messages,
    bytes: bytes - before.bytes,
    pauses: pauses - before.pauses,
  };
}

/** Sessions of a document with a red and a blue picture. */
import { afterEach, beforeAll, expect } from 'vitest';
import { type Session, type SessionOptions, startSession } from '../figma-host/node-session.js';
import { makeJpeg, makePng } from './images.js';

/** A PNG of 8 x 6. */
export let red: Uint8Array;
/** A JPEG of 10 x 10. */
export let blue: Uint8Array;
/** The one that `start` opened last. */
export let session: Session;

/** To be called once in a file: pictures before its tests, and after each the session's end, without a violation. */
export function useTwoPictures(): void {
  beforeAll(async () => {
    red = await makePng(8, 6, { r: 200, g: 20, b: 20 });
    blue = await makeJpeg(10, 10, { r: 20, g: 20, b: 200 });
  });
  afterEach(() => {
    expect(session.snapshot().violations).toEqual([]);
    session.end();
  });
}

export async function start(options: SessionOptions): Promise<Session> {
  session = await startSession({
    images: [
      { name: 'red', bytes: red },
      { name: 'blue', bytes: blue },
    ],
    ...options,
  });
  return session;
}

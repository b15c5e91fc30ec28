/** The harness itself, with the smallest window: both forms of iframe, timers present and absent. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePng } from '../figma/images.js';
import { imagePaint, rectangle, scene } from '../figma/scenes.js';
import { bundlePage, type Figma, startFigma } from '../figma-host/browser-session.js';

let figma: Figma;
let html: string;

beforeAll(async () => {
  figma = await startFigma();
  const script = (await bundlePage('tiny-window')).replaceAll('</script', '<\\/script');
  html = `<!doctype html><html><body><script>${script}</script></body></html>`;
});
afterAll(() => figma.close());

/** Runs in the window. */
async function roundTrip(): Promise<unknown> {
  const { client } = globalThis as unknown as { client: { request(name: string, payload: object): Promise<never> } };
  const recipe = { version: 1, attractors: [], channels: { luminance: true, saturation: true, hue: true } };
  const { images } = (await client.request('selection.get', {})) as { images: { hash: string }[] };
  const hash = images[0]?.hash;
  const { jobId } = (await client.request('job.begin', { hashes: [hash], includeStyles: false })) as {
    jobId: string;
  };
  const { bytes } = (await client.request('image.bytes', { hash })) as { bytes: Uint8Array };
  const changed = new Uint8Array(bytes.length + 1);
  changed.set(bytes);
  const { newHash } = (await client.request('job.put', { jobId, hash, bytes: changed })) as { newHash: string };
  const report = await client.request('job.commit', { jobId, recipe });
  return { length: bytes.length, isBytes: bytes instanceof Uint8Array, newHash, report, origin: self.origin };
}

describe.each([
  ['data', false],
  ['data', true],
  ['srcdoc', false],
  ['srcdoc', true],
] as const)('a %s iframe, timers: %s', (form, timers) => {
  it('is of null origin and gets bytes through to the document and back', async () => {
    const png = await makePng(64, 48, { r: 9, g: 99, b: 199 });
    const session = await figma.open({
      html,
      form,
      timers,
      scene: scene([rectangle('1:1', imagePaint('a'))]),
      images: [{ name: 'a', bytes: png }],
    });
    const result = (await session.frame.evaluate(roundTrip)) as { newHash: string };
    expect(result).toMatchObject({
      length: png.length,
      isBytes: true,
      origin: 'null',
      report: { layers: 1, skipped: [] },
    });
    const { nodes, violations, undoSteps } = await session.snapshot();
    expect(nodes['1:1']?.fills?.[0]?.imageHash).toBe(result.newHash);
    expect({ violations, undoSteps }).toEqual({ violations: [], undoSteps: 1 });
    expect(await session.readImage(result.newHash)).toEqual(Buffer.concat([png, Buffer.alloc(1)]));
    expect(await session.evaluate('typeof setTimeout')).toBe(timers ? 'function' : 'undefined');
    expect(session.errors).toEqual([]);
    await session.close();
  });
});

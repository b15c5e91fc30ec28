/** What counts as selected: the selection, all of the page, all of the file. */
import { afterEach, expect, it } from 'vitest';
import { type Session, startSession } from '../figma-host/node-session.js';
import { invert, makePng } from './images.js';
import { imagePaint, rectangle, scene } from './scenes.js';
import { RECIPE } from './window.js';

let session: Session;
afterEach(() => {
  expect(session.snapshot().violations).toEqual([]);
  session.end();
});

const frame = {
  id: '1:0',
  type: 'FRAME',
  children: [rectangle('1:1', imagePaint('a')), rectangle('1:2', imagePaint('b'))],
};

async function start(): Promise<void> {
  const bytes = await Promise.all([10, 90, 200].map((r) => makePng(4, 4, { r, g: 20, b: 20 })));
  const pages = [
    { id: '0:1', children: [frame] },
    { id: '0:2', children: [rectangle('2:1', imagePaint('c')), rectangle('2:2', imagePaint('a'))] },
  ];
  session = await startSession({
    scene: { ...scene([]), pages, selection: ['1:1'] },
    images: bytes.map((one, i) => ({ name: 'abc'[i] as string, bytes: one })),
  });
}

const layersOf = async (scope?: 'selection' | 'page' | 'file') => {
  const { images, revision } = await session.ui.request('selection.get', scope ? { scope } : {});
  return { layers: images.flatMap(({ layers }) => layers.map(({ id }) => id)).sort(), revision };
};

it('is the selection unless something else is asked for; other pages are loaded for the file', async () => {
  await start();
  const [selected, page, file, again] = [
    await layersOf(),
    await layersOf('page'),
    await layersOf('file'),
    await layersOf('selection'),
  ];
  expect(selected.layers).toEqual(['1:1']);
  expect(page.layers).toEqual(['1:1', '1:2']);
  expect(file.layers).toEqual(['1:1', '1:2', '2:1', '2:2']);
  expect(again.layers).toEqual(['1:1']);
  // What was told under a revision is that for good.
  expect(new Set([selected, page, file, again].map(({ revision }) => revision)).size).toBe(4);
});

it('Apply and Restore reach layers of other pages, by the revision that the window shows', async () => {
  await start();
  const before = session.snapshot().nodes;
  const { revision } = await layersOf('file');
  await layersOf('selection');
  const hash = session.hashOf('a');
  const job = await session.ui.request('job.begin', { hashes: [hash], recipe: RECIPE, includeStyles: false, revision });
  const { bytes } = await session.ui.request('image.bytes', { hash });
  await session.ui.request('job.put', { jobId: job.jobId, hash, bytes: await invert(bytes) });
  expect(await session.ui.request('job.commit', { jobId: job.jobId })).toMatchObject({ layers: 2, images: 1 });
  expect(await session.ui.request('restore', { includeStyles: false, revision })).toMatchObject({ layers: 2 });
  expect(session.snapshot().nodes).toEqual(before);
});

it('of a page does not mind what is selected, and minds what happens on it', async () => {
  await start();
  await layersOf('page');
  const told: number[] = [];
  session.ui.on('selection.changed', ({ revision }) => void told.push(revision));
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  session.vm.evaluate("host.select('1:2')");
  await settle();
  expect(told).toEqual([]);
  session.vm.evaluate("host.setPaints('1:2', 'fills', [])");
  await settle();
  expect(told).toHaveLength(1);
});

/** What counts as selected: the selection, all of the page, all of the file. */
import { afterEach, expect, it } from 'vitest';
import { type Session, startSession } from '../figma-host/node-session.js';
import type { PageSpec } from '../figma-host/scene.js';
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

async function start(more: readonly PageSpec[] = []): Promise<void> {
  const bytes = await Promise.all([10, 90, 200].map((r) => makePng(4, 4, { r, g: 20, b: 20 })));
  const pages = [
    { id: '0:1', children: [frame] },
    { id: '0:2', children: [rectangle('2:1', imagePaint('c')), rectangle('2:2', imagePaint('a'))] },
    ...more,
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
  const job = await session.ui.request('job.begin', { hashes: [hash], includeStyles: false, revision });
  const { bytes } = await session.ui.request('image.bytes', { hash });
  await session.ui.request('job.put', { jobId: job.jobId, hash, bytes: await invert(bytes) });
  expect(await session.ui.request('job.commit', { jobId: job.jobId, recipe: RECIPE })).toMatchObject({
    layers: 2,
    images: 1,
  });
  expect(await session.ui.request('restore', { includeStyles: false, revision })).toMatchObject({ layers: 2 });
  expect(session.snapshot().nodes).toEqual(before);
});

it('of a file hears what happens on its other pages, a person who undoes included', async () => {
  await start();
  const { revision } = await layersOf('file');
  let told = 0;
  session.ui.on('selection.changed', () => void told++);
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const hash = session.hashOf('c');
  const job = await session.ui.request('job.begin', { hashes: [hash], includeStyles: false, revision });
  const { bytes } = await session.ui.request('image.bytes', { hash });
  await session.ui.request('job.put', { jobId: job.jobId, hash, bytes: await invert(bytes) });
  await session.ui.request('job.commit', { jobId: job.jobId, recipe: RECIPE });
  await settle();
  expect(told).toBe(1);
  expect(await session.ui.request('selection.get', { scope: 'file' })).toMatchObject({ recolored: 1 });
  session.vm.evaluate('host.undo()');
  await settle();
  expect(told).toBe(2);
  // Back to the selection, another page is of no account again.
  await layersOf('selection');
  session.vm.evaluate("host.setPaints('2:1', 'fills', [])");
  await settle();
  expect(told).toBe(2);
});

it('names a page that does not load, leaves out one that is gone, and stays what it was', async () => {
  await start([{ id: '0:3', name: 'Archive', failsToLoad: true, children: [] }]);
  await layersOf('page');
  const failed = session.ui.request('selection.get', { scope: 'file' });
  await expect(failed).rejects.toThrow(/^page "Archive": .*network/);
  let told = 0;
  session.ui.on('selection.changed', () => void told++);
  session.vm.evaluate("host.select('1:2')");
  await new Promise((resolve) => setImmediate(resolve));
  expect(told).toBe(0);
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

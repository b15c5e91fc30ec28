import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { watchFiles } from '../../../src/node/build/watch-files.js';
import { makeTempFolder } from '../../support/temp-folder.js';

it('hears of what was saved in a new folder since it was read, and of nothing older, once', async () => {
  const folder = await makeTempFolder();
  const watcher = watchFiles();
  onTestFinished(() => watcher.close());
  await writeFile(join(folder, 'old.json'), '1');
  await new Promise((wait) => setTimeout(wait, 100));
  const since = Date.now();
  await writeFile(join(folder, 'new.json'), '2');
  await writeFile(join(folder, 'other.txt'), '3');
  await mkdir(join(folder, 'empty'));
  const list = { folders: [folder], isRelevant: (path: string) => path.endsWith('.json') };
  watcher.watch(list, since);
  expect(await watcher.next(0)).toEqual([join(folder, 'new.json')]);
  watcher.watch(list, since);
  expect(await watcher.next(0)).toEqual([]);
});

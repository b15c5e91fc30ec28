import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { FOREIGN_AGE_MS } from '../../src/node/files/temp.js';
import { censusFolder, openCensusFolder, sweepCensusFolders } from '../../src/node/queue/census-folder.js';
import { leaveOrphan } from '../support/leave-orphan.js';
import { makeTempFolder } from '../support/temp-folder.js';

const RUN = '0123456789abcdef';
const OTHER = 'fedcba9876543210';

let root: string;
beforeEach(async () => {
  root = await makeTempFolder();
});

async function leaveCensus(run: string): Promise<void> {
  await mkdir(censusFolder(root, run), { recursive: true });
  await writeFile(join(censusFolder(root, run), 'c0'), 'half');
}

it('of a build that was killed goes, with the folder of all', async () => {
  await leaveCensus(RUN);
  await leaveOrphan(censusFolder(root, RUN));
  await sweepCensusFolders(root);
  expect(await readdir(root)).toEqual([]);
});

it('of a build that was killed while it deleted goes too: the name of its owner went first', async () => {
  await leaveCensus(RUN);
  await sweepCensusFolders(root);
  expect(await readdir(root)).toEqual([]);
});

it('of a build at work stays, and one that has just been made', async () => {
  const remove = await openCensusFolder(root, RUN);
  await leaveCensus(RUN);
  await mkdir(censusFolder(root, OTHER));
  await sweepCensusFolders(root);
  const parent = dirname(censusFolder(root, RUN));
  expect((await readdir(parent)).sort()).toEqual([RUN, OTHER].sort());
  // One that nobody has touched for long is no build's any more.
  const longAgo = new Date(Date.now() - 2 * FOREIGN_AGE_MS);
  await utimes(censusFolder(root, OTHER), longAgo, longAgo);
  await sweepCensusFolders(root);
  expect(await readdir(parent)).toEqual([RUN]);
  await remove();
  expect(await readdir(root)).toEqual([]);
});

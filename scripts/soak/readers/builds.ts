/** Readers of builds: configurations, manifests, records and other caches, and what travels on the queue. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { openFileHashes } from '../../../src/node/build/file-hashes.js';
import { hashBytes, jobKey } from '../../../src/node/build/job.js';
import { formatManifest, makeManifest, readShard } from '../../../src/node/build/manifest.js';
import { planBuild } from '../../../src/node/build/plan-build.js';
import { openRecords } from '../../../src/node/build/records.js';
import { writeSealed } from '../../../src/node/files/sealed.js';
import { carryLook, readCarried } from '../../../src/node/plugins/carried-look.js';
import { formatQuery, parseQuery } from '../../../src/node/plugins/query.js';
import { findStored, storeImage } from '../../../src/node/plugins/store.js';
import { decodeCensuses, encodeCensuses } from '../../../src/node/queue/census-file.js';
import { checkTask, checkTaskResult, limitTask, type Task } from '../../../src/node/queue/task.js';
import { expectThat, jsonOf, type Reader, readsAnything } from './reader.js';
import { CENSUS, JOB, PLAN, RECIPE, RECORD, REPORT, SAMPLE_BUILD, SAMPLE_CONFIG, SAMPLE_HASH } from './samples.js';

const EXPECTED = [{ job: JOB, build: SAMPLE_BUILD }];
const RECORD_FILE = `${hashBytes(JOB.output).slice(0, 32)}.json`;
const BASE = { run: '0123456789abcdef', timeoutS: 300 };
const TASKS: readonly Task[] = [
  { kind: 'recolor', ...BASE, jobs: [JOB], inputHash: SAMPLE_HASH },
  { kind: 'census', ...BASE, input: JOB.input, inputHash: SAMPLE_HASH, target: 'c1' },
  { kind: 'merge', ...BASE, sources: ['c1', 'c2'], target: 'm1' },
  { kind: 'plan', ...BASE, sources: ['m1'], recipes: [RECIPE] },
];
const RESULTS: readonly unknown[] = [
  [{ output: JOB.output, report: REPORT }],
  { colors: 5, bytes: 100 },
  { colors: 5, bytes: 100 },
  [PLAN],
];
const HASH_BYTES = 32;

export const BUILD_READERS: readonly Reader[] = [
  {
    kind: 'configuration',
    makeSeeds: () => [
      JSON.stringify({
        version: 1,
        inputs: ['in/*.png'],
        recipe: ['teal;40;90', { from: 'navy', color: 'red', reach: 'auto', strength: 100 }],
        themes: ['light', { name: 'dark', recipe: ['white;15;40'] }],
        formats: ['png', 'webp', 'same'],
        sizes: [320, 'full', { name: 'wide', width: 640, height: 480 }],
        quality: { webp: 80 },
        out: 'dist/{dir}/{name}.{theme}.{size}.{ext}',
        snippets: { picture: 'dist/pictures.html', alt: { 'in/a.png': 'A' }, base: '/' },
      }),
      JSON.stringify({
        root: '.',
        builds: [{ name: 'a', inputs: 'in/*', recipe: ['teal;40;90'], pooled: true, out: 'dist/{name}.{ext}' }],
      }),
    ],
    async read(bytes, folder) {
      await makePicture(folder);
      const config = join(folder, SAMPLE_CONFIG);
      await writeFile(config, bytes);
      await planBuild({ config, readOnly: true, outlineOnly: true });
    },
  },
  {
    kind: 'manifest',
    makeSeeds: () => [formatManifest(makeManifest(SAMPLE_HASH, [{ record: RECORD, build: SAMPLE_BUILD }]))],
    async read(bytes, folder) {
      const path = join(folder, 'colorshine-manifest.json');
      await writeFile(path, bytes);
      const { sources } = await readShard(path, SAMPLE_HASH, EXPECTED);
      expectThat(sources[0]?.outputs[0]?.path === JOB.output, 'the outputs of the configuration');
    },
  },
  {
    kind: 'record',
    makeSeeds: () => [JSON.stringify(RECORD)],
    read: (bytes, folder) =>
      readsAnything(async () => {
        await writeSealed(join(folder, RECORD_FILE), jsonOf(bytes));
        for (const { job } of (await openRecords(folder).readAll()).values()) jobKey(job, SAMPLE_HASH);
      }),
  },
  {
    kind: 'sealed file',
    makeSeeds: async () => [await sealedBytes(RECORD)],
    read: (bytes, folder) =>
      readsAnything(async () => {
        await writeFile(join(folder, RECORD_FILE), bytes);
        await openRecords(folder).readAll();
      }),
  },
  {
    kind: 'index of files',
    makeSeeds: () => [JSON.stringify([[join('in', 'a.png'), ['48 1 1 7', SAMPLE_HASH, 1_700_000_000_000]]])],
    read: (bytes, folder) =>
      readsAnything(async () => {
        await makePicture(folder);
        await writeSealed(join(folder, 'files.json'), jsonOf(bytes));
        const path = join(folder, 'in', 'a.png');
        const found = await (await openFileHashes(folder)).ofInput(path);
        expectThat(found === hashBytes(await readFile(path)), 'the hash of the file');
      }),
  },
  {
    kind: 'entry of a plugin',
    makeSeeds: () => [
      JSON.stringify({
        version: 2,
        key: SAMPLE_HASH,
        name: 'a.png',
        hash: hashBytes('x'),
        format: 'png',
        width: 1,
        height: 1,
      }),
    ],
    read: (bytes, folder) =>
      readsAnything(async () => {
        const about = { format: 'png', width: 1, height: 1 };
        const { file } = await storeImage(folder, SAMPLE_HASH, 'a.png', Buffer.from('x'), about);
        await writeSealed(join(file, '..', 'entry.json'), jsonOf(bytes));
        const found = await findStored(folder, SAMPLE_HASH);
        expectThat(
          found === undefined || hashBytes(await readFile(found.file)) === hashBytes('x'),
          'the image, or none',
        );
      }),
  },
  {
    kind: 'task',
    makeSeeds: () => TASKS.map((task) => JSON.stringify(task)),
    read(bytes) {
      const task = limitTask(checkTask(jsonOf(bytes)), { maxPixels: 1000, timeoutS: 10 });
      expectThat(task.timeoutS <= 10, 'the limits of the worker');
    },
  },
  {
    kind: 'result of a task',
    makeSeeds: () => RESULTS.map((result, task) => JSON.stringify({ task, result })),
    read(bytes) {
      const { task, result } = (jsonOf(bytes) ?? {}) as { task?: number; result?: unknown };
      checkTaskResult(TASKS[Number(task)] ?? (TASKS[0] as Task), result);
    },
  },
  {
    kind: 'census of a queue',
    makeSeeds: async () => [(await encodeCensuses([{ gamut: 'srgb', census: CENSUS }])).subarray(0, -HASH_BYTES)],
    async read(bytes) {
      const sealed = Buffer.concat([bytes, createHash('sha256').update(bytes).digest()]);
      for (const { census } of await decodeCensuses(sealed, 'census'))
        expectThat(census.colors.length === census.counts.length, 'a count for each color');
    },
  },
  {
    kind: 'carried look',
    makeSeeds: () => [
      carryLook({ recipe: RECIPE } as Parameters<typeof carryLook>[0]),
      carryLook({ plan: PLAN } as Parameters<typeof carryLook>[0]),
    ],
    read: (bytes) => readCarried(bytes.toString()),
  },
  {
    kind: 'query of an import',
    makeSeeds: () => ['shine=teal;40;90|navy%20-%3E%20red;auto;100&theme=dark&width=640&format=webp&quality=80&url'],
    read: (bytes) => formatQuery(parseQuery(bytes.toString())),
  },
];

async function makePicture(folder: string): Promise<void> {
  await mkdir(join(folder, 'in'), { recursive: true });
  const image = sharp({ create: { width: 2, height: 2, channels: 3, background: 'teal' } });
  await image.png().toFile(join(folder, 'in', 'a.png'));
}

async function sealedBytes(value: unknown): Promise<string> {
  const json = JSON.stringify(value);
  return `${hashBytes(json)}\n${json}`;
}

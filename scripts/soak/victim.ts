/** A process that does what it is told with files that may be broken, and says how each ended. Its death is a finding. */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { READERS } from './readers/index.js';

const OURS = ['ColorshineError', 'RpcError'];

type Work = (path: string, folder: string) => unknown;

async function worksOnPictures(): Promise<Record<string, Work>> {
  const built = '../../dist/node.js';
  const { recolorBuffer, recolorFile } = (await import(built)) as typeof import('../../src/node/index.js');
  return {
    picture: (path) => recolorFile(path, `${path}.png`, ['teal;40;90', 'navy -> red;auto;100']),
    buffer: async (path) => recolorBuffer(await readFile(path), ['teal;40;90']),
  };
}

/** From the sources: most readers are nobody's to import. */
function worksOnTexts(): Record<string, Work> {
  return Object.fromEntries(
    READERS.map(({ kind, read }): [string, Work] => [
      kind,
      async (path, folder) => {
        await mkdir(folder);
        try {
          await read(await readFile(path), folder);
        } finally {
          await rm(folder, { recursive: true });
        }
      },
    ]),
  );
}

const works = process.argv[2] === 'texts' ? worksOnTexts() : await worksOnPictures();

process.on('message', async ({ kind, path }: { kind: string; path: string }) => {
  let answer: object = { ok: true };
  try {
    await works[kind]?.(path, `${path}.folder`);
  } catch (thrown) {
    const { code, name, message, stack } = thrown as Error & { code?: string };
    const isOurs = OURS.includes(name);
    answer = { ok: false, code, line: isOurs ? message : stack, isOurs };
  }
  process.send?.({ ...answer, rss: process.memoryUsage.rss() });
});
process.send?.({ ready: true });

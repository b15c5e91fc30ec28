/** Files broken in every way: an error of ours in one line, or a picture; never a crash, a hang, or memory that grows. */
import { type ChildProcess, fork } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { judgeGrowth } from './growth.js';
import { type Context, type Line, type Outcome, pick } from './line.js';
import { mutate, mutateJson } from './mutate.js';
import { makePictures } from './pictures.js';
import { READERS } from './readers/index.js';

/** Without an answer for so long it hangs; a processor that others use is no hang. */
const PATIENCE_MS = 60_000;
const MAX_GROWTH = 1.2;
const SAMPLES = 1000;

interface Seed {
  readonly kind: string;
  readonly name: string;
  readonly bytes: Buffer;
}

interface Answer {
  readonly ok: boolean;
  readonly code?: string;
  readonly line?: string;
  readonly isOurs?: boolean;
  readonly rss: number;
}

export const BROKEN_LINES: readonly Line[] = [
  {
    name: 'broken pictures',
    share: 6,
    run: (context) => breakFiles(context, 'pictures', makePictureSeeds, (seed, random) => mutate(seed.bytes, random)),
  },
  {
    name: 'broken texts',
    share: 3,
    run: (context) =>
      breakFiles(context, 'texts', makeTexts, ({ bytes }, random) =>
        isJson(bytes) && random() < 0.7 ? Buffer.from(mutateJson(bytes.toString(), random)) : mutate(bytes, random),
      ),
  },
];

async function breakFiles(
  { random, folder, goesOn, keep }: Context,
  what: 'pictures' | 'texts',
  makeSeeds: () => Promise<Seed[]>,
  breakIt: (seed: Seed, random: () => number) => Buffer,
): Promise<Outcome> {
  const seeds = await makeSeeds();
  const faults: string[] = [];
  const memory: number[] = [];
  let victim = await startVictim(what);
  let count = 0;
  let refused = 0;
  do {
    const seed = pick(random, seeds);
    const bytes = breakIt(seed, random);
    const path = join(folder, seed.name);
    await writeFile(path, bytes);
    const answer = await ask(victim, { kind: seed.kind, path });
    count++;
    const complain = async (fault: string): Promise<void> => {
      faults.push(`${fault} (${await keep(`${count}-${seed.name}`, bytes)})`);
    };
    if (typeof answer === 'string') {
      await complain(`${seed.kind}: ${answer}`);
      victim.kill('SIGKILL');
      victim = await startVictim(what);
      continue;
    }
    memory.push(answer.rss);
    if (!answer.ok) {
      refused++;
      if (!answer.isOurs) await complain(`${seed.kind}: an error that is not ours: ${answer.line}`);
      else if (answer.line?.includes('\n')) await complain(`${seed.kind}: more than one line: ${answer.line}`);
    }
    await rm(`${path}.png`, { force: true });
  } while (goesOn() && faults.length < 10);
  victim.kill();
  const grown = judgeGrowth('memory', memory, SAMPLES, MAX_GROWTH);
  return { tried: `${count} files, ${refused} refused${grown.words}`, faults: [...faults, ...grown.faults] };
}

async function startVictim(what: string): Promise<ChildProcess> {
  const program = fileURLToPath(new URL('./victim.ts', import.meta.url));
  const child = fork(program, [what], { stdio: 'ignore', execArgv: ['--import', 'tsx'] });
  await new Promise((done, failed) => {
    child.once('message', done);
    child.once('exit', () => failed(new Error('the program under test did not start: npm run build')));
  });
  child.removeAllListeners('exit');
  return child;
}

/** @returns a sentence when there is no answer */
function ask(victim: ChildProcess, work: { kind: string; path: string }): Promise<Answer | string> {
  return new Promise((done) => {
    const finish = (answer: Answer | string): void => {
      clearTimeout(timer);
      victim.off('message', onMessage);
      victim.off('exit', onExit);
      done(answer);
    };
    const onMessage = (message: unknown): void => finish(message as Answer);
    const onExit = (code: number | null, signal: string | null): void => finish(`crashed: ${signal ?? `exit ${code}`}`);
    const timer = setTimeout(() => finish(`no answer in ${PATIENCE_MS / 1000} s`), PATIENCE_MS);
    victim.on('message', onMessage);
    victim.on('exit', onExit);
    victim.send(work);
  });
}

/** Each from disk and from memory. */
async function makePictureSeeds(): Promise<Seed[]> {
  const pictures = await makePictures();
  return pictures.flatMap(({ name, bytes }) => ['picture', 'buffer'].map((kind) => ({ kind, name, bytes })));
}

async function makeTexts(): Promise<Seed[]> {
  const seeds = await Promise.all(
    READERS.map(async ({ kind, makeSeeds }) =>
      (await makeSeeds()).map((seed): Seed => ({ kind, name: kind.replaceAll(' ', '-'), bytes: Buffer.from(seed) })),
    ),
  );
  return seeds.flat();
}

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString());
    return true;
  } catch {
    return false;
  }
}

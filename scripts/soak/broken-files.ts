/** Files broken in every way: an error of ours in one line, or a picture; never a crash, a hang, or memory that grows. */
import { type ChildProcess, fork } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp, { type Sharp } from 'sharp';
import { type Context, type Line, type Outcome, pick } from './line.js';
import { mutate, mutateJson } from './mutate.js';

/** Without an answer for so long it hangs; a processor that others use is no hang. */
const PATIENCE_MS = 60_000;
const MAX_GROWTH = 1.2;

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
    run: (context) => breakFiles(context, makePictures, (seed, random) => mutate(seed.bytes, random)),
  },
  {
    name: 'broken texts',
    share: 3,
    run: (context) =>
      breakFiles(context, makeTexts, ({ name, bytes }, random) =>
        name.endsWith('.json') && random() < 0.7
          ? Buffer.from(mutateJson(bytes.toString(), random))
          : mutate(bytes, random),
      ),
  },
];

async function breakFiles(
  { random, folder, goesOn, keep }: Context,
  makeSeeds: () => Promise<Seed[]>,
  breakIt: (seed: Seed, random: () => number) => Buffer,
): Promise<Outcome> {
  const seeds = await makeSeeds();
  const faults: string[] = [];
  const memory: number[] = [];
  let victim = await startVictim();
  let count = 0;
  let refused = 0;
  do {
    const seed = pick(random, seeds);
    const bytes = breakIt(seed, random);
    const path = join(folder, seed.name);
    await writeFile(path, bytes);
    const answer = await ask(victim, { kind: seed.kind, path });
    count++;
    const complain = async (what: string): Promise<void> => {
      faults.push(`${what} (${await keep(`${count}-${seed.name}`, bytes)})`);
    };
    if (typeof answer === 'string') {
      await complain(`${seed.kind}: ${answer}`);
      victim.kill('SIGKILL');
      victim = await startVictim();
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
  const tenth = Math.ceil(memory.length / 10);
  const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0);
  const growth = most(memory.slice(-tenth)) / most(memory.slice(0, tenth));
  if (memory.length > 1000 && growth > MAX_GROWTH)
    faults.push(`memory grew ${growth.toFixed(2)} times after the first tenth`);
  return { tried: `${count} files, ${refused} refused, memory x ${growth.toFixed(2)}`, faults };
}

async function startVictim(): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL('./victim.mjs', import.meta.url)), { stdio: 'ignore' });
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

async function makePictures(): Promise<Seed[]> {
  const side = 48;
  const data = Buffer.from(Array.from({ length: side * side * 4 }, (_, i) => (i * 37) ^ (i >> 5)));
  const image = (): Sharp => sharp(data, { raw: { width: side, height: side, channels: 4 } });
  const made: Record<string, Sharp> = {
    'a.png': image().png(),
    'palette.png': image().png({ palette: true }),
    'interlaced.png': image().removeAlpha().png({ progressive: true }),
    'deep.png': image().toColourspace('rgb16').png(),
    'a.jpg': image()
      .removeAlpha()
      .withExif({ IFD0: { Artist: 'x' } })
      .jpeg(),
    'progressive.jpg': image().removeAlpha().withIccProfile('p3').jpeg({ progressive: true }),
    'cmyk.jpg': image().removeAlpha().toColourspace('cmyk').jpeg(),
    'a.webp': image().webp(),
    'lossless.webp': image().webp({ lossless: true }),
    'a.gif': image().gif(),
    'a.tiff': image().tiff({ compression: 'lzw' }),
    'tiled.tiff': image().tiff({ tile: true, pyramid: true }),
    'a.avif': image().avif({ effort: 0 }),
  };
  const seeds: Seed[] = [];
  for (const [name, picture] of Object.entries(made)) {
    const bytes = await picture.toBuffer();
    seeds.push({ kind: 'picture', name, bytes }, { kind: 'buffer', name, bytes });
  }
  return seeds;
}

async function makeTexts(): Promise<Seed[]> {
  const recipe = {
    version: 2,
    name: 'Brand',
    rows: [
      { color: 'teal', tolerance: 40, strength: 90 },
      { from: '#2c4f8f', color: 'oklch(45% 0.1 20)', reach: 'auto', strength: 100 },
      { keep: true, color: '#d8a58c', reach: 0.08, strength: 100 },
    ],
    channels: { luminance: true, saturation: true, hue: true },
    blend: 'oklch',
  };
  const cube = [
    'TITLE "x"',
    'LUT_3D_SIZE 2',
    ...Array.from({ length: 8 }, (_, i) => `${i & 1} ${(i >> 1) & 1} ${i >> 2}`),
  ];
  const tokens = await Promise.all(
    ['material.tokens.json', 'primer-base.json', 'warm-brand.tokens.json'].map((name) =>
      readFile(`test/fixtures/tokens/${name}`),
    ),
  );
  return [
    { kind: 'recipe', name: 'recipe.json', bytes: Buffer.from(JSON.stringify(recipe)) },
    ...tokens.map((bytes, i) => ({ kind: 'tokens', name: `tokens-${i}.json`, bytes })),
    { kind: 'cube', name: 'look.cube', bytes: Buffer.from(`${cube.join('\n')}\n`) },
  ];
}

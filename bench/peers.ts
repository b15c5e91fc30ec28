import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import sharp from 'sharp';
import { createWasmBackend } from '../src/backends/wasm/index.js';
import { buildLut, makeRecipe, planFor } from '../src/index.js';
import { writeLutFile } from '../src/node/lut-file.js';

/** Another program on the same pixels, without codecs. */
export interface Peer {
  readonly name: string;
  /** How near it can come to what Colorshine does. */
  readonly kind: 'approximate' | 'other' | 'floor';
  /** @returns milliseconds for the picture */
  run(): Promise<number> | number;
}

export interface Peers {
  readonly peers: readonly Peer[];
  /** Programs that are not installed here. */
  readonly missing: readonly string[];
  close(): Promise<void>;
}

/** Frames that an ffmpeg run filters after its first: start-up and reading the file drop out. */
const FRAMES = 6;
/** Nodes an axis: usual for .cube; of a Hald image the nearest square. */
const CUBE_SIZE = 33;
const HALD_SIZE = 36;
/** Any matrix: a warm tint. */
const MATRIX: [number, number, number][] = [
  [1.05, 0.03, 0.0],
  [0.02, 0.98, 0.01],
  [0.0, 0.04, 0.9],
];

/**
 * What other tools do to the same RGB pixels: a lookup table in place of the pull (approximate), or less.
 *
 * @param threads given to each tool that takes a number
 */
export async function openPeers(
  picture: Uint8Array,
  size: number,
  attractors: readonly string[],
  threads: number,
): Promise<Peers> {
  const folder = await mkdtemp(join(tmpdir(), 'colorshine-peers-'));
  const files = { raw: join(folder, 'picture.rgb'), cube: join(folder, 'look.cube'), hald: join(folder, 'look.png') };
  await writeFile(files.raw, picture);
  await writeLooks(picture, size, attractors, files);
  const magick = ['magick', 'convert'].find(isInstalled);
  const hasFfmpeg = isInstalled('ffmpeg');
  return {
    peers: [
      { name: 'memory copy', kind: 'floor', run: copyMemory(picture) },
      {
        name: 'libvips recomb 3 x 3, through sharp',
        kind: 'other',
        run: recomb(picture, size, threads),
      },
      ...(hasFfmpeg ? ffmpegPeers(files, size, threads) : []),
      ...(magick
        ? [
            {
              name: 'ImageMagick -hald-clut',
              kind: 'approximate' as const,
              run: imageMagick(magick, files, size, threads),
            },
          ]
        : []),
    ],
    missing: [...(hasFfmpeg ? [] : ['ffmpeg']), ...(magick ? [] : ['ImageMagick'])],
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

interface Files {
  readonly raw: string;
  readonly cube: string;
  readonly hald: string;
}

/** The same look as tables in the peers' formats. */
async function writeLooks(picture: Uint8Array, size: number, attractors: readonly string[], files: Files) {
  const backend = await createWasmBackend();
  const plan = planFor({ data: picture, width: size, height: size, channels: 3 }, makeRecipe(attractors));
  await writeLutFile(files.cube, await buildLut(plan, CUBE_SIZE, backend), plan, { version: 'bench' });
  await writeLutFile(files.hald, await buildLut(plan, HALD_SIZE, backend), plan, { version: 'bench' });
  backend.dispose();
}

function copyMemory(picture: Uint8Array): Peer['run'] {
  const copy = new Uint8Array(picture.length);
  return () => {
    copy.set(picture); // a system under pressure takes idle pages back
    return timeSync(() => copy.set(picture));
  };
}

function recomb(picture: Uint8Array, size: number, threads: number): Peer['run'] {
  return async () => {
    sharp.concurrency(threads);
    const began = performance.now();
    await sharp(picture, { raw: { width: size, height: size, channels: 3 } })
      .recomb(MATRIX as Parameters<ReturnType<typeof sharp>['recomb']>[0])
      .raw()
      .toBuffer();
    return performance.now() - began;
  };
}

function ffmpegPeers({ raw, cube }: Files, size: number, threads: number): Peer[] {
  const lut = `lut3d=file=${cube}:interp=tetrahedral`;
  const scale = `scale=threads=${threads}`;
  const run = (filters: string): Peer['run'] => {
    const seconds = (frames: number): number =>
      timeCommand('ffmpeg', [
        ...['-hide_banner', '-loglevel', 'error', '-filter_threads', String(threads)],
        ...['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${size}x${size}`, '-i', raw],
        ...['-vf', `loop=loop=${frames}:size=1:start=0,${filters}`, '-frames:v', String(frames + 1), '-f', 'null', '-'],
      ]);
    return () => (seconds(FRAMES) - seconds(0)) / FRAMES;
  };
  return [
    { name: `ffmpeg lut3d ${CUBE_SIZE}, tetrahedral, rgb24`, kind: 'approximate', run: run(lut) },
    {
      name: `ffmpeg lut3d ${CUBE_SIZE}, tetrahedral, gbrp16 SIMD`,
      kind: 'approximate',
      run: run(`${scale},format=gbrp16le,${lut},${scale},format=rgb24`),
    },
  ];
}

function imageMagick(command: string, { raw, hald }: Files, size: number, threads: number): Peer['run'] {
  const open = ['-limit', 'thread', String(threads), '-size', `${size}x${size}`, '-depth', '8', `rgb:${raw}`];
  return () => timeCommand(command, [...open, hald, '-hald-clut', 'null:']) - timeCommand(command, [...open, 'null:']);
}

function timeCommand(command: string, args: readonly string[]): number {
  const began = performance.now();
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command}: ${stderr}`);
  return performance.now() - began;
}

function timeSync(work: () => void): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

function isInstalled(command: string): boolean {
  return spawnSync(command, ['-version'], { stdio: 'ignore' }).status === 0;
}

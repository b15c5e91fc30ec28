import { performance } from 'node:perf_hooks';
import sharp from 'sharp';
import { createJsBackend } from '../../backends/js/index.js';
import { throwIfCanceled } from '../../core/errors.js';
import { type Cancel, type Pixels, type Plan, type Recipe, recolorPixels } from '../../core/index.js';
import { createEngine, type Engine } from '../engine.js';
import type { DecodedImage } from '../image/decode.js';
import { encodeImage } from '../image/encode-image.js';
import { BUFFER_TARGET } from '../image/encode-target.js';
import { decodeImage } from '../image/open-image.js';
import { copySamples } from '../pipeline/pixel-source.js';
import { type BenchRow, createTurn, type Runner } from './bench-turn.js';
import { backendLabel, type Configuration, strategyLabel } from './configurations.js';
import { type Spread, spreadOf } from './statistics.js';

export interface BenchOptions {
  /** The image's file, for the decoder's own small copy. */
  readonly encoded: Buffer;
  readonly configurations: readonly Configuration[];
  /** Longest sides in pixels; empty: the image as it is. */
  readonly sizes: readonly number[];
  /** Measured runs of each configuration, and runs before them that do not count. */
  readonly runs: number;
  readonly warmups: number;
  readonly signal: Cancel;
  /** @param share of the runs that is done, 0 to 1 */
  readonly onStep?: (share: number, what: string) => void;
}

export interface BenchSize {
  readonly width: number;
  readonly height: number;
  readonly pixels: number;
  readonly distinctColors?: number;
  /** Milliseconds to decode and to encode the image at this size, in its own format. */
  readonly decode: Spread;
  readonly encode: Spread;
  readonly rows: readonly BenchRow[];
}

/** Codec runs are few: they are context, not what is compared. */
const CODEC_RUNS = 3;

/**
 * Measures every configuration at every size. Configurations take turns, so that a machine that slows down hits all
 * alike. Each result is compared with the exact one before it counts.
 *
 * @throws CANCELED, and what decoding and recoloring throw
 */
export async function runBench(
  image: DecodedImage,
  recipe: Recipe | Plan,
  options: BenchOptions,
): Promise<BenchSize[]> {
  const engines = new Map<string, Engine>();
  try {
    const runners: Runner[] = [];
    for (const configuration of options.configurations) runners.push(await prepare(configuration, engines));
    const sizes = options.sizes.length > 0 ? options.sizes : [undefined];
    const results: BenchSize[] = [];
    for (const [i, size] of sizes.entries()) {
      const scaled = size === undefined ? image : await scaleImage(image, size);
      const encoded = size === undefined ? options.encoded : await encodeAlike(scaled);
      const onStep = (share: number, what: string): void => options.onStep?.((i + share) / sizes.length, what);
      results.push(await benchSize(scaled, recipe, runners, { ...options, encoded, onStep }));
    }
    return results;
  } finally {
    for (const engine of engines.values()) engine.dispose();
  }
}

/** Starts the backend, or finds out why it does not start. Configurations of one backend share it. */
async function prepare(configuration: Configuration, engines: Map<string, Engine>): Promise<Runner> {
  const key = backendLabel(configuration);
  let engine = engines.get(key);
  if (!engine) {
    engine = createEngine({ backend: configuration.backend, threads: configuration.threads });
    engines.set(key, engine);
  }
  const { chosen, candidates, backend } = await engine.select();
  const wanted = configuration.backend === 'gpu' ? 'webgpu' : configuration.backend;
  if (chosen === wanted) return { configuration, backend };
  return { configuration, why: candidates.find(({ name }) => name === wanted)?.why ?? 'not available' };
}

/** The image with its longest side at a size; the format and its options stay. */
async function scaleImage(image: DecodedImage, size: number): Promise<DecodedImage> {
  const { data, width, height, channels } = image.pixels;
  const deep = data instanceof Uint16Array;
  const pipeline = sharp(data, { limitInputPixels: false, raw: { width, height, channels } })
    .resize(size, size, { fit: 'inside', kernel: 'lanczos3' })
    .toColourspace(deep ? 'rgb16' : 'srgb')
    .raw(deep ? { depth: 'ushort' } : {});
  const { data: bytes, info } = await pipeline.toBuffer({ resolveWithObject: true });
  const samples = deep ? new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2) : bytes;
  const pixels = { ...image.pixels, data: samples, width: info.width, height: info.height };
  return { ...image, pixels, pageHeight: info.height };
}

async function benchSize(
  image: DecodedImage,
  recipe: Recipe | Plan,
  runners: readonly Runner[],
  { runs, warmups, signal, onStep, encoded }: BenchOptions,
): Promise<BenchSize> {
  const base = image.pixels;
  const work: Pixels = { ...base, data: copySamples(base.data) };
  const steps = 2 + runners.length * (warmups + runs);
  let step = 0;
  const begin = (what: string): void => {
    throwIfCanceled(signal);
    onStep?.(step++ / steps, what);
  };

  begin('the exact result');
  const exact = copySamples(base.data);
  const deep = exact instanceof Uint16Array;
  const reference = await recolorPixels({ ...base, data: exact }, recipe, {
    backend: createJsBackend(),
    strategy: deep ? 'direct' : 'table',
    signal,
  });
  begin('decoding and encoding');
  const codec = await timeCodec({ ...image, pixels: { ...base, data: exact } }, signal);

  const turns = runners.map((runner) =>
    createTurn(runner, { image, encoded, work, recipe, plan: reference.plan, signal }),
  );
  for (let turn = -warmups; turn < runs; turn++) {
    for (const current of turns) {
      const { configuration } = current.runner;
      begin(`${backendLabel(configuration)}, ${strategyLabel(configuration)}`);
      // Checked once, on the first run; all others do the same work.
      await current.run(turn >= 0, turn === -warmups ? exact : undefined);
    }
  }
  const { width, height } = base;
  const { distinctColors } = reference;
  return {
    width,
    height,
    pixels: width * height,
    ...(distinctColors !== undefined && { distinctColors }),
    ...codec,
    rows: turns.map((current) => current.finish()),
  };
}

/** The image as a file in its own format. */
async function encodeAlike(image: DecodedImage): Promise<Buffer> {
  const format = image.format === 'heic' ? 'avif' : image.format;
  return (await encodeImage(image, { format }, BUFFER_TARGET)).result;
}

async function timeCodec(image: DecodedImage, signal: Cancel): Promise<{ decode: Spread; encode: Spread }> {
  const decode: number[] = [];
  const encode: number[] = [];
  for (let run = 0; run < CODEC_RUNS; run++) {
    throwIfCanceled(signal);
    const t0 = performance.now();
    const bytes = await encodeAlike(image);
    const t1 = performance.now();
    await decodeImage(bytes, { name: 'the image', maxPixels: Number.MAX_SAFE_INTEGER });
    encode.push(t1 - t0);
    decode.push(performance.now() - t1);
  }
  return { decode: spreadOf(decode), encode: spreadOf(encode) };
}

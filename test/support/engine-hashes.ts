import { createHash } from 'node:crypto';
import { createWasmBackend } from '../../src/backends/wasm/index.js';
import { NODE_THREADS } from '../../src/backends/wasm/node-threads.js';
import { toFileShape } from '../../src/core/recipe.js';
import { type Backend, createJsBackend, type Pixels, recolorPixels } from '../../src/index.js';
import { type EnginePicture, recipeOrPlan } from './engine-pictures.js';

/** One way to have the same bytes: a backend with some threads, alone or as one picture of many. */
export interface Way {
  readonly name: string;
  /** Ways of one family give the same bytes and the same plan. */
  readonly family: 'js' | 'wasm';
  readonly backend: Backend;
  readonly isOneOfMany: boolean;
}

/** What came out of one way: `bytes plan`, each the beginning of a SHA-256, or the code of the error. */
export interface Outcome {
  readonly way: Way;
  readonly recipe: string;
  readonly strategy: string;
  readonly hashes: string;
}

const STRATEGIES = { 8: ['table', 'direct', 'lut'], 16: ['direct', 'lut'] } as const;
const HASH_DIGITS = 16;
/** From this many pixels on the pictures of one batch are recolored side by side; small ones all need the same 64 MiB. */
const SIDE_BY_SIDE_PIXELS = 1 << 17;
/** Up to so many pixels js is asked, too; its ways do not depend on the size. */
const JS_PIXELS = 1 << 18;
/** Nodes on an axis of a lookup table: filling a fine one would take longer than all the rest of a small picture. */
const LUT_SIZE = { small: 9, large: 33 } as const;

const hashOf = (content: Uint8Array | string): string =>
  createHash('sha256').update(content).digest('hex').slice(0, HASH_DIGITS);

/** Workers are started, so that they take part from the first picture on where the engine lets them. */
export async function openWays(): Promise<readonly Way[]> {
  const [one, two, three] = await Promise.all([
    createWasmBackend(),
    createWasmBackend({ threads: 2, support: NODE_THREADS }),
    createWasmBackend({ threads: 3, support: NODE_THREADS }),
  ]);
  return [
    { name: 'js', family: 'js', backend: createJsBackend(), isOneOfMany: false },
    { name: 'wasm, 1 thread', family: 'wasm', backend: one, isOneOfMany: false },
    { name: 'wasm, 2 threads', family: 'wasm', backend: two, isOneOfMany: false },
    { name: 'wasm, 3 threads', family: 'wasm', backend: three, isOneOfMany: false },
    { name: 'wasm, 3 threads, one of many', family: 'wasm', backend: three, isOneOfMany: true },
  ];
}

export function closeWays(ways: readonly Way[]): void {
  for (const backend of new Set(ways.map((way) => way.backend))) backend.dispose();
}

/** Recolors a picture in every way, with each of its recipes and by each strategy. */
export async function hashPicture(picture: EnginePicture, ways: readonly Way[]): Promise<readonly Outcome[]> {
  const source = picture.make();
  const strategies = STRATEGIES[source.data instanceof Uint16Array ? 16 : 8];
  const tasks = picture.recipes.flatMap((recipe) => strategies.map((strategy) => ({ recipe, strategy })));
  const outcomes: Outcome[] = [];
  for (const way of ways) {
    if (way.family === 'js' && source.width * source.height > JS_PIXELS) continue;
    const hash = async ({ recipe, strategy }: (typeof tasks)[number]): Promise<Outcome> => {
      const hashes = await hashRun(source, recipe, strategy, way);
      return { way, recipe, strategy, hashes };
    };
    if (way.isOneOfMany && source.width * source.height >= SIDE_BY_SIDE_PIXELS) {
      outcomes.push(...(await Promise.all(tasks.map((task) => hash(task)))));
    } else {
      for (const task of tasks) outcomes.push(await hash(task));
    }
  }
  return outcomes;
}

async function hashRun(
  source: Pixels,
  recipe: string,
  strategy: 'table' | 'direct' | 'lut',
  { backend, isOneOfMany }: Way,
): Promise<string> {
  const pixels = copyInPlace(source);
  const plan = recipeOrPlan(recipe, source.gamut ?? 'srgb');
  const size = source.width * source.height < SIDE_BY_SIDE_PIXELS ? LUT_SIZE.small : LUT_SIZE.large;
  const options = { backend, strategy, isOneOfMany, lut: { size, measureError: false } };
  try {
    const report = await recolorPixels(pixels, plan, options);
    const { buffer, byteOffset, byteLength } = pixels.data;
    return `${hashOf(new Uint8Array(buffer, byteOffset, byteLength))} ${hashOf(JSON.stringify(toFileShape(report.plan)))}`;
  } catch (error) {
    return `error ${(error as { code?: string }).code ?? error}`;
  }
}

/** A copy at the same place in its buffer: `slice` would align it. */
function copyInPlace(pixels: Pixels): Pixels {
  const { data } = pixels;
  const Samples = data.constructor as Uint8ArrayConstructor;
  const copy = new Samples(data.buffer.slice(0) as ArrayBuffer, data.byteOffset, data.length);
  return { ...pixels, data: copy };
}

import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { BRIEF } from '../../backends/select.js';
import type { Cancel } from '../../core/index.js';
import { createEngine } from '../engine.js';
import { peekPixels } from '../files/peek-pixels.js';
import { SHINE_FLAGS } from './flags.js';
import { parseFlags } from './parse-flags.js';
import { say } from './say.js';

/**
 * `colorshine shine`. Loading sharp takes 65 ms of one core; what the engine needs for the picture is made on another meanwhile.
 *
 * @returns the exit code, see `shine`
 */
export async function startShine(args: readonly string[], signal: Cancel): Promise<number> {
  const { values, positionals } = parseFlags(args, SHINE_FLAGS);
  const { threads: named, backend = 'auto', gpu, explain, verbose, dryRun } = values;
  const threads = named ?? availableParallelism();
  // libuv starts its four threads with the first file that is read; sharp decodes and encodes on them.
  if (threads > 4) process.env.UV_THREADPOOL_SIZE ??= String(threads + 4);
  const notices = { tell: (sentence: string): void => say(`colorshine: ${sentence}`) };
  const engine = createEngine({
    ...{ threads: named, backend, gpu },
    // Who asks for the numbers gets real ones.
    ...((explain || verbose) && { budget: BRIEF }),
    onNotice: (sentence) => notices.tell(sentence),
  });
  try {
    if (!dryRun) engine.warmUp(guessPixels(positionals));
    const { shine } = await import('./shine.js');
    return await shine({ values, positionals, threads, engine, notices }, signal);
  } finally {
    engine.dispose();
  }
}

/** Of the one image, as far as that can be told at once: 0 for one of many. */
function guessPixels([first = '', ...others]: readonly string[]): number | undefined {
  const isPattern = /[*?{[]/.test(first) && !existsSync(first);
  const isBatch = isPattern || others.some((text) => existsSync(text));
  return isBatch ? 0 : peekPixels(first);
}

/** Which outputs may stand beside each other and beside the inputs, by their names alone. */
import { posix } from 'node:path';
import { ColorshineError, quote } from '../../core/index.js';
import type { RecolorJob } from './job.js';
import { pathKey } from './paths.js';

interface Draft {
  readonly job: RecolorJob;
}

/**
 * Leaves out inputs that are outputs of an earlier build, lying beside the originals.
 *
 * @throws OUTPUT_IS_INPUT when an output would replace an input that no build wrote
 */
export function leaveOutOwn<D extends Draft>(
  drafts: readonly D[],
  isOwnOutput: (path: string) => boolean,
): { kept: D[]; leftOut: string[] } {
  const makers = new Map<string, string>();
  for (const { job } of drafts) {
    const key = pathKey(job.output);
    if (!makers.has(key) || job.input === job.output) makers.set(key, job.input);
  }
  const leftOut = new Set<string>();
  for (const input of new Set(drafts.map(({ job }) => job.input))) {
    const maker = makers.get(pathKey(input));
    if (maker === undefined) continue;
    if (maker !== input && isOwnOutput(input)) {
      leftOut.add(input);
      continue;
    }
    const advice =
      maker === input
        ? 'add {theme} or another folder to "out"'
        : `leave it out of "inputs" with ${quote(`!${input}`)}`;
    throw new ColorshineError(
      'OUTPUT_IS_INPUT',
      `${input}: expected outputs that are no inputs, got it as an output of ${maker}; ${advice}`,
    );
  }
  return { kept: drafts.filter(({ job }) => !leftOut.has(job.input)), leftOut: [...leftOut].sort() };
}

/**
 * Refuses two outputs that some file system takes for one, by letter case or Unicode form, and a file where another output
 * needs a folder.
 *
 * @throws OUTPUT_COLLISION
 */
export function checkCollisions(drafts: readonly Draft[]): void {
  const seen = new Map<string, RecolorJob>();
  for (const { job } of drafts) {
    const key = pathKey(job.output);
    const other = seen.get(key);
    if (other) {
      const pair = other.input === job.input ? `${job.input} twice` : `${other.input} and ${job.input}`;
      const advice = adviseAgainstCollision(other.input, job.input);
      throw new ColorshineError(
        'OUTPUT_COLLISION',
        `${job.output}: expected one input for each output, got ${pair}${advice}`,
      );
    }
    seen.set(key, job);
  }
  for (const { job } of drafts) {
    for (let folder = posix.dirname(job.output); folder !== '.' && folder !== '/'; folder = posix.dirname(folder)) {
      const other = seen.get(pathKey(folder));
      if (other)
        throw new ColorshineError(
          'OUTPUT_COLLISION',
          `${job.output}: expected a folder at ${folder}, got the output of ${other.input}`,
        );
    }
  }
}

function adviseAgainstCollision(a: string, b: string): string {
  if (a === b) return '';
  if (posix.basename(a) === posix.basename(b)) return '; put {dir} into "out"';
  return posix.dirname(a) === posix.dirname(b) ? '; rename one, or leave it out of "inputs"' : '';
}

/** Package entry `colorshine/style-dictionary`, for Style Dictionary 5. */
import type { Action, Config } from 'style-dictionary/types';
import { checkOptions, text } from '../../core/check-options.js';
import { ColorshineError } from '../../core/index.js';
import type { RecolorJob } from '../build/job.js';
import { makeBuild } from '../build/make-build.js';
import { planBuild } from '../build/plan-build.js';
import { undoBuild } from '../build/undo-build.js';
import { withPlainErrors } from './plain-error.js';

export interface StyleDictionaryOptions {
  /** The build's configuration, from the working folder. Default `colorshine.config.json`. */
  readonly config?: string;
}

/** Platforms are built at the same time, and several may have the action: the later ones find everything made. */
let last: Promise<unknown> = Promise.resolve();

/**
 * An action that runs `colorshine build` when a platform's files are written, and deletes the outputs when it is cleaned:
 *
 *     hooks: { actions: { colorshine: colorshine() } },
 *     platforms: { css: { transformGroup: 'css', files: […], actions: ['colorshine'] } },
 *
 * What a changed token does not concern is left alone, as in any build.
 */
export default function colorshine(options: StyleDictionaryOptions = {}): Action {
  checkOptions(options, { config: text }, 'colorshine action');
  return {
    name: 'colorshine',
    do: (_, __, { log }) => inTurn(() => build(options), log),
    undo: (_, __, { log }) =>
      inTurn(async () => `${count(await undoBuild(await planBuild({ ...options, outlineOnly: true })))} deleted`, log),
  };
}

function inTurn(work: () => Promise<string>, log: Config['log']): Promise<void> {
  const mine = last.then(async () => {
    const told = await withPlainErrors(work);
    if (log?.verbosity !== 'silent') console.log(`colorshine: ${told}`);
  });
  last = mine.catch(() => undefined);
  return mine;
}

async function build(options: StyleDictionaryOptions): Promise<string> {
  const { outcomes } = await makeBuild(await planBuild(options), {});
  // What is wrong with an image fails all its outputs with one error.
  const problems = new Map<unknown, RecolorJob>();
  for (const outcome of outcomes) if (outcome.status === 'failed') problems.set(outcome.error, outcome.step.job);
  if (problems.size > 0) throw joinErrors(problems);
  const made = outcomes.filter(({ status }) => status === 'made').length;
  return `${count(made)} made, ${outcomes.length - made} up to date`;
}

function joinErrors(problems: ReadonlyMap<unknown, RecolorJob>): unknown {
  const [first] = problems.keys();
  if (!(first instanceof ColorshineError)) return first;
  const told = [...problems].map(([error, { input, output }]) => {
    const { message } = error as Error;
    return message.includes(input) ? message : `${output}: ${message}`;
  });
  return new ColorshineError(first.code, told.join('; '), { cause: first });
}

function count(outputs: number): string {
  return `${outputs} output${outputs === 1 ? '' : 's'}`;
}

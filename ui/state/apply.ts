import { ColorshineError, throwIfCanceled } from '../../src/core/errors.js';
import type { Recipe } from '../../src/core/types.js';
import { SKIP_REASONS, type SkipReason } from '../../src/protocol/messages.js';
import type { ApplyReport } from '../../src/protocol/replies.js';
import { reasonOf } from '../codec/errors.js';
import type { Binding, Host, JobOptions, NamedRecipe } from '../host.js';
import type { Engine } from '../worker/engine.js';

export interface ApplyProgress {
  readonly done: number;
  readonly total: number;
}

/** What runs, and how far it is. */
export interface JobProgress extends ApplyProgress {
  readonly verb: 'Recoloring' | 'Restoring';
}

/** What hosts report when an image cannot be had, as a reason to skip it. */
const REASON_OF_CODE: Readonly<Record<string, SkipReason>> = {
  IMAGE_MISSING: 'missing-image',
  IMAGE_UNREADABLE: 'unreadable',
  IMAGE_GIF: 'gif',
  IMAGE_TOO_LARGE: 'too-large',
  IMAGE_TOO_SMALL: 'too-small',
  IMAGE_UNSUPPORTED: 'unsupported',
};
/** A fault of one image: the others go on. Anything else ends the job. */
const FATAL_CODES = new Set(['CANCELED', 'CLOSED', 'JOB_UNKNOWN', 'NO_ROWS', 'BAD_MESSAGE']);

/** What a job does, known once everything is measured. */
export interface Doing {
  /** For every image. */
  readonly recipe: Recipe;
  /** What layers remember: the recipe as it is written, variables named. */
  readonly remembered: NamedRecipe;
}

interface ApplyOptions extends JobOptions {
  /** For the colors of layers. */
  readonly bind?: Binding | undefined;
  /** The job has begun by then: it is about what was selected at the start, however long this takes. */
  readonly prepare: () => Promise<Doing>;
  /** Settles once the plan is measured; it may be lost in between, with a worker. */
  readonly measured: () => Promise<void>;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ApplyProgress) => void;
}

/**
 * Recolors images one after the other, one in memory at a time, and the colors of layers, then has the host write them
 * all at once. Whatever it waits for before that can be canceled.
 *
 * @throws CANCELED, with nothing written; and what ends the job
 */
export async function applyRecipe(
  host: Host,
  engine: Engine,
  hashes: readonly string[],
  { bind, prepare, measured, signal, onProgress, ...asked }: ApplyOptions,
): Promise<ApplyReport> {
  const unlessCanceled = <T>(promise: Promise<T>): Promise<T> => orCanceled(promise, signal);
  const job = await host.beginJob(hashes, asked);
  try {
    await measured();
    const { recipe, remembered } = await unlessCanceled(prepare());
    let done = 0;
    for (const hash of job.hashes) {
      throwIfCanceled(signal);
      onProgress({ done, total: job.hashes.length });
      try {
        const file = await unlessCanceled(host.readImage(hash));
        await measured();
        const { bytes, format } = await engine.transform(file, recipe, signal);
        throwIfCanceled(signal);
        await unlessCanceled(job.put(hash, bytes, format));
      } catch (error) {
        const { code = '', message } = error as { code?: string; message?: string };
        if (FATAL_CODES.has(code)) throw error;
        await job.skip(hash, REASON_OF_CODE[code] ?? knownReason(error), message);
      }
      done++;
    }
    if (job.colors.length > 0) {
      const colors = Uint32Array.from(job.colors);
      await measured();
      const to = await engine.paint(recipe, colors, signal);
      await job.paint(to, await engine.paintExactly(recipe, colors), bind);
    }
    throwIfCanceled(signal);
    onProgress({ done, total: job.hashes.length });
    return await job.commit(remembered);
  } catch (error) {
    await job.cancel().catch(() => undefined);
    throw error;
  }
}

/** Cancel works while an image is still on the network, or a message on its way, too. @throws CANCELED */
export function orCanceled<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = (): void => reject(new ColorshineError('CANCELED', 'canceled'));
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', cancel));
  });
}

/** Whether an error of the core or of the other side says that somebody canceled. */
export function isCanceled(error: unknown): boolean {
  return (error as { code?: string } | undefined)?.code === 'CANCELED';
}

function knownReason(error: unknown): SkipReason {
  const reason = reasonOf(error);
  return SKIP_REASONS.includes(reason) ? reason : 'failed';
}
